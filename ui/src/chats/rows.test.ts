import { expect, test } from 'vitest';
import type { Message } from '$lib/model';
import { Heights } from './heights';
import { rowsOf } from './rows';

const MINUTE = 60_000;
const NOON = new Date(2026, 4, 4, 12).getTime();
const NO_MARKS = { isFromBegin: false, unreadFrom: null };

function message(order: number, from: string, at: number, text = 'hello'): Message {
  const more = { network: 'public', peer: 'bob', state: 'read', reactions: [] } as const;
  return { ...more, reactions: [], id: `m${String(order)}`, order, from, text, sent_at: at };
}

function shape(messages: readonly Message[], marks = NO_MARKS as Parameters<typeof rowsOf>[1]) {
  return rowsOf(messages, marks).map((row) => {
    if (row.kind !== 'message') return row.kind;
    return `${row.isFirst ? '[' : ''}${row.id}${row.isLast ? ']' : ''}`;
  });
}

test('puts a line between days and keeps together what one person says in one go', () => {
  const messages = [
    message(1, 'bob', NOON),
    message(2, 'bob', NOON + MINUTE),
    message(3, 'me', NOON + 2 * MINUTE),
    message(4, 'me', NOON + 20 * MINUTE),
    message(5, 'me', NOON + 24 * 60 * MINUTE),
  ];

  expect(shape(messages)).toEqual(['day', '[m1', 'm2]', '[m3]', '[m4]', 'day', '[m5]']);
});

test('marks where the conversation begins and where the unread begin', () => {
  const messages = [message(1, 'bob', NOON), message(2, 'bob', NOON + MINUTE)];

  const rows = shape(messages, { isFromBegin: true, unreadFrom: 'm2' });

  expect(rows).toEqual(['begin', 'day', '[m1]', 'unread', '[m2]']);
});

test('gives every row an id of its own even when clocks go back to a day', () => {
  const day = 24 * 60 * MINUTE;
  const messages = [0, day, 0, day].map((ahead, index) => message(index, 'bob', NOON + ahead));

  const ids = rowsOf(messages, NO_MARKS).map((row) => row.id);

  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toHaveLength(8);
});

test('goes by what was measured, and expects more of a long text until then', () => {
  const heights = new Heights();
  const rows = rowsOf([message(1, 'bob', NOON), message(2, 'bob', NOON, 'word '.repeat(200))], {
    ...NO_MARKS,
  });
  const [, short, long] = rows;
  if (!short || !long) throw new Error('there are rows');

  expect(heights.of(long)).toBeGreaterThan(heights.of(short) * 3);
  heights.note(long.id, 77);
  heights.note(long.id, 0);
  heights.note(short.id, 33);

  expect(heights.sum(rows, 1, 3)).toBe(110);
});

test('says where the other side came to use another computer', () => {
  const messages = [message(1, 'bob', 1000), message(2, 'bob', 3000)];
  const computers = [
    { node: 'first', since: 500, is_new: false, in_use: true },
    { node: 'second', since: 2000, is_new: true, in_use: true },
    { node: 'third', since: 4000, is_new: true, in_use: true },
  ];
  const kinds = (more: Partial<Parameters<typeof rowsOf>[1]>) =>
    rowsOf(messages, { isFromBegin: false, unreadFrom: null, computers, ...more })
      .filter((row) => row.kind !== 'day')
      .map((row) => row.id);

  expect(kinds({})).toEqual(['m1', 'computer second', 'm2', 'computer third']);
  expect(kinds({ isToEnd: false })).toEqual(['m1', 'computer second', 'm2']);
});
