/** Asks again and again, each time after the answer, until it is told to stop; returns how to. */
export function polled(everyMs: number, ask: () => Promise<void>): () => void {
  let isOn = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  async function turn() {
    await ask().catch(() => undefined);
    if (isOn) timer = setTimeout(() => void turn(), everyMs);
  }
  void turn();
  return () => {
    isOn = false;
    clearTimeout(timer);
  };
}
