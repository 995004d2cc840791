import { isSameDay } from '$lib/i18n/time';
import type { ContactComputer, Message } from '$lib/model';

const GAP_MS = 5 * 60_000;

/** A row of the log, told from every other by its id: what is drawn is measured by it. */
export type Row = BeginRow | DayRow | UnreadRow | ComputerRow | MessageRow;

/** The beginning of the conversation. */
export interface BeginRow {
  readonly kind: 'begin';
  readonly id: string;
}

/** A day begins. */
export interface DayRow {
  readonly kind: 'day';
  readonly id: string;
  readonly at: number;
}

/** What follows has not been read. */
export interface UnreadRow {
  readonly kind: 'unread';
  readonly id: string;
}

/** The other side came to use another computer. */
export interface ComputerRow {
  readonly kind: 'computer';
  readonly id: string;
  readonly at: number;
}

/** A message, and how it stands among its neighbours. */
export interface MessageRow {
  readonly kind: 'message';
  readonly id: string;
  readonly message: Message;
  /** Whether another sender, day or pause comes before. */
  readonly isFirst: boolean;
  /** Whether another sender, day or pause comes after. */
  readonly isLast: boolean;
}

export const BEGIN = 'begin';
export const UNREAD = 'unread';

/** What the log shows beside the messages. */
export interface Marks {
  /** Whether the messages begin with the conversation. */
  readonly isFromBegin: boolean;
  /** The message before which the line for the unread stands. */
  readonly unreadFrom: string | null;
  /** Whether the messages end with the conversation. */
  readonly isToEnd?: boolean;
  /** The computers of the other side, oldest first. */
  readonly computers?: readonly ContactComputer[];
}

/** The rows of a run of messages, oldest first. */
export function rowsOf(messages: readonly Message[], marks: Marks): Row[] {
  const rows: Row[] = marks.isFromBegin ? [{ kind: 'begin', id: BEGIN }] : [];
  const days = new Set<string>();
  const news = newComputers(messages, marks);
  let isBreak = true;
  messages.forEach((message, index) => {
    const [before, after] = [messages[index - 1], messages[index + 1]];
    if (before === undefined || !isSameDay(before.sent_at, message.sent_at))
      rows.push(dayOf(message, days));
    const came = news.filter((each) => each.before === message.id);
    if (came.length > 0) {
      rows.push(...came.map((each) => each.row));
      isBreak = true;
    }
    const isUnreadNext = after?.id === marks.unreadFrom;
    if (message.id === marks.unreadFrom) {
      rows.push({ kind: 'unread', id: UNREAD });
      isBreak = true;
    }
    const isFirst = isBreak;
    isBreak = after === undefined || isUnreadNext || !belongsTo(message, after);
    rows.push({ kind: 'message', id: message.id, message, isFirst, isLast: isBreak });
  });
  if (marks.isToEnd ?? true)
    rows.push(...news.filter((each) => each.before === undefined).map((each) => each.row));
  return rows;
}

/** Where each new computer stands: before the first message that is later. */
function newComputers(
  messages: readonly Message[],
  marks: Marks,
): { before: string | undefined; row: ComputerRow }[] {
  const from = marks.isFromBegin ? -Infinity : (messages[0]?.sent_at ?? Infinity);
  return (marks.computers ?? [])
    .filter((each) => each.is_new && each.since >= from)
    .map(({ node, since }) => ({
      before: messages.find((message) => message.sent_at > since)?.id,
      row: { kind: 'computer', id: `computer ${node}`, at: since },
    }));
}

// Clocks are not always right: the same day may come twice.
function dayOf(message: Message, days: Set<string>): DayRow {
  const day = `day ${new Date(message.sent_at).toDateString()}`;
  const id = days.has(day) ? `${day} ${message.id}` : day;
  days.add(day);
  return { kind: 'day', id, at: message.sent_at };
}

function belongsTo(before: Message, message: Message): boolean {
  return (
    before.from === message.from &&
    !before.note &&
    !message.note &&
    message.sent_at - before.sent_at < GAP_MS &&
    isSameDay(before.sent_at, message.sent_at)
  );
}
