import { expect, test } from 'vitest';
import type { Network, Refusal } from '$lib/model';
import { canBeAdded, groupRefusals, placeOf } from './refusals';

function refusal(id: string, at: number, more: Partial<Refusal> = {}): Refusal {
  return {
    id,
    at,
    network: 'n',
    address: '/ip4/1.2.3.4/tcp/1',
    direction: 'inbound',
    reason: 'not_listed',
    ...more,
  };
}

test('puts repeated attempts of one peer together, newest first', () => {
  const groups = groupRefusals([
    refusal('1', 10, { peer: 'eve' }),
    refusal('2', 30, { peer: 'eve', address: '/ip4/9.9.9.9/udp/7/quic-v1' }),
    refusal('3', 20, { peer: 'mal' }),
  ]);

  expect(
    groups.map(({ newest, count, since, otherPlaces }) => [newest.id, count, since, otherPlaces]),
  ).toEqual([
    ['2', 2, 10, 1],
    ['3', 1, 20, 0],
  ]);
});

test('takes whoever proved nothing for the same when they come from the same machine', () => {
  const groups = groupRefusals([
    refusal('1', 1, { reason: 'timeout', address: '/ip4/1.2.3.4/tcp/40001' }),
    refusal('2', 2, { reason: 'timeout', address: '/ip4/1.2.3.4/tcp/40002' }),
    refusal('3', 3, { reason: 'bad_frame', address: '/ip4/1.2.3.4/tcp/40003' }),
  ]);

  expect(groups.map((group) => [group.newest.reason, group.count])).toEqual([
    ['bad_frame', 1],
    ['timeout', 2],
  ]);
});

test('reads where somebody is out of an address, and gives back what it cannot read', () => {
  expect(placeOf('/ip4/192.168.1.77/udp/51123/quic-v1')).toEqual({
    host: '192.168.1.77',
    over: 'QUIC',
    kind: 'local',
  });
  expect(placeOf('/ip6/2001:db8::1/tcp/9/ws').over).toBe('WebSocket');
  expect(placeOf('/ip4/127.0.0.1/tcp/9').kind).toBe('here');
  expect(placeOf('/ip4/172.40.0.1/tcp/9').kind).toBe('far');
  expect(placeOf('somewhere')).toEqual({ host: 'somewhere', over: '', kind: 'far' });
});

test('offers to add only who came in, is known by key, and is there for nobody’s reason', () => {
  const home = { kind: 'private', role: 'admin' } as Network;
  const eve = { peer: 'eve' };

  expect(canBeAdded(refusal('1', 1, eve), home)).toBe(true);
  expect(canBeAdded(refusal('1', 1), home)).toBe(false);
  expect(canBeAdded(refusal('1', 1, { ...eve, direction: 'outbound' }), home)).toBe(false);
  expect(canBeAdded(refusal('1', 1, { ...eve, reason: 'removed' }), home)).toBe(false);
  expect(canBeAdded(refusal('1', 1, eve), { ...home, role: 'member' })).toBe(false);
  expect(canBeAdded(refusal('1', 1, eve), { ...home, kind: 'public' })).toBe(false);
});
