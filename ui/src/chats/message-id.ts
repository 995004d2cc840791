/** When a message was made: its id is a UUID of version 7, which begins with the time. */
export function timeOf(id: string): number {
  const time = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
  return Number.isFinite(time) ? time : 0;
}
