import { isSameDay } from '$lib/i18n/time';
import type { Message } from '$lib/model';

const GAP_MS = 5 * 60_000;

/** Messages of one sender that follow each other closely. */
export interface Group {
  readonly key: string;
  readonly from: string;
  readonly messages: readonly Message[];
}

/** The groups of one day. */
export interface Day {
  readonly at: number;
  readonly groups: readonly Group[];
}

/** Groups messages, oldest first, by day and then by sender. */
export function groupByDay(messages: readonly Message[]): Day[] {
  const days: { at: number; groups: { key: string; from: string; messages: Message[] }[] }[] = [];
  let before: Message | undefined;
  for (const message of messages) {
    const isNewDay = before === undefined || !isSameDay(before.sent_at, message.sent_at);
    if (isNewDay) days.push({ at: message.sent_at, groups: [] });
    const groups = days.at(-1)?.groups ?? [];
    const follows = !isNewDay && before !== undefined && belongsTo(before, message);
    if (follows) groups.at(-1)?.messages.push(message);
    else groups.push({ key: message.id, from: message.from, messages: [message] });
    before = message;
  }
  return days;
}

function belongsTo(before: Message, message: Message): boolean {
  return before.from === message.from && message.sent_at - before.sent_at < GAP_MS;
}
