import { expect, test } from 'vitest';
import type { Message } from '$lib/model';
import { groupByDay } from './grouping';
import { splitLinks } from './links';

const NOON = new Date(2026, 5, 15, 12).getTime();

function message(id: string, from: string, at: number): Message {
  return {
    id,
    network: 'public',
    peer: 'b',
    from,
    text: id,
    sent_at: at,
    state: 'read',
    reactions: [],
  };
}

test('groups by day, then by sender, then by closeness', () => {
  const days = groupByDay([
    message('1', 'a', NOON - 86_400_000),
    message('2', 'a', NOON),
    message('3', 'a', NOON + 60_000),
    message('4', 'b', NOON + 90_000),
    message('5', 'b', NOON + 3_600_000),
  ]);

  const ids = days.map((day) => day.groups.map((group) => group.messages.map((each) => each.id)));
  expect(ids).toEqual([[['1']], [['2', '3'], ['4'], ['5']]]);
});

test('finds links in the text and leaves the rest as it is', () => {
  expect(splitLinks('see streembit:invite/ab-c_1, now')).toEqual([
    { kind: 'text', text: 'see ' },
    { kind: 'link', text: 'streembit:invite/ab-c_1' },
    { kind: 'text', text: ', now' },
  ]);
  expect(splitLinks('javascript:alert(1) https://x.y')).toHaveLength(1);
});
