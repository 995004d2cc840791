import { expect, test } from 'vitest';
import type { Refusal } from '$lib/model';
import { groupRefusals } from './refusals';

function refusal(id: string, at: number, peer?: string): Refusal {
  const base = {
    id,
    at,
    network: 'n',
    address: '/ip4/1.2.3.4/tcp/1',
    direction: 'inbound',
  } as const;
  return { ...base, reason: 'not_listed', ...(peer ? { peer } : {}) };
}

test('puts repeated attempts of one peer together, newest first', () => {
  const groups = groupRefusals([
    refusal('1', 10, 'eve'),
    refusal('2', 30, 'eve'),
    refusal('3', 20, 'mal'),
  ]);

  expect(groups.map((group) => [group.newest.id, group.count])).toEqual([
    ['2', 2],
    ['3', 1],
  ]);
});
