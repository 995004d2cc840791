import { expect, test } from 'vitest';
import type { Network } from '$lib/model';
import { canConfirm, freshnessOf, isWaiting, limitsWith } from './freshness';

const DAY = 86_400_000;

function network(more: Partial<Network>): Network {
  return {
    network: 'n',
    name: 'Home',
    kind: 'private',
    state: 'connected',
    role: 'member',
    peers: 1,
    addresses: [],
    reachability: 'unknown',
    ...more,
  };
}

function confirmed(days: number, limit = 7): Network {
  return network({ confirmed_at: -days * DAY, stale_at: (limit - days) * DAY });
}

test('grows insistent three days before it bites', () => {
  const states = [0, 3.9, 4.1, 6.9, 7.1].map((days) => freshnessOf(confirmed(days), 0));

  expect(states).toEqual(['fresh', 'fresh', 'soon', 'soon', 'stale']);
});

test('does not insist all the time where the limit is short', () => {
  const states = [0, 0.4, 0.6, 1.1].map((days) => freshnessOf(confirmed(days, 1), 0));

  expect(states).toEqual(['fresh', 'fresh', 'soon', 'stale']);
});

test('believes the node when it says that the members are stale, and claims nothing it lacks', () => {
  expect(freshnessOf({ ...confirmed(0), state: 'stale' }, 0)).toBe('stale');
  expect(freshnessOf(network({}), 0)).toBe('unknown');
  expect(freshnessOf({ ...confirmed(9), kind: 'public' }, 0)).toBe('unknown');
});

test('lets admins and hubs confirm, and nobody else', () => {
  const roles = ['admin', 'hub', 'member', 'device', null] as const;

  expect(roles.map((role) => canConfirm(network({ role })))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(isWaiting(network({ role: null }))).toBe(true);
  expect(isWaiting(network({ role: null, kind: 'public' }))).toBe(false);
});

test('offers the limit that is set among the usual ones', () => {
  expect(limitsWith(7)).toEqual([1, 2, 3, 7, 14, 30, 90, 365]);
  expect(limitsWith(10)).toEqual([1, 2, 3, 7, 10, 14, 30, 90, 365]);
});
