import { keyOf, nodeOf } from '../keys';
import type { NetworkInvite, NetworkOperation } from '../../../model';
import type { World } from '../world';
import { DAY, HOME, HOUR, HUB, ME, MINUTE } from './who';

/** Who is connected, who was refused, who is invited, and what the admins did. */
export function addGate(world: World, now: number): void {
  addRefusals(world, now);
  addPeers(world, now);
  addInvites(world, now);
  addLog(world, now);
  world.listed = {
    added: [{ peer: keyOf('Omar'), name: 'Omar', role: 'member' }],
    removed: [{ peer: keyOf('Old tablet'), name: 'Old tablet', role: 'device' }],
    changed: [{ peer: keyOf('Nora'), name: 'Nora', role: 'admin' }],
  };
}

function operation(id: string, kind: NetworkOperation['operation'], at: number): NetworkOperation {
  return {
    id,
    at,
    author: ME,
    author_name: 'Alice',
    node: null,
    operation: kind,
    peer: null,
    name: null,
    role: null,
    heads: [],
  };
}

function addInvites(world: World, now: number): void {
  const invite = (
    id: string,
    name: string | null,
    made: number,
    more: Partial<NetworkInvite>,
  ): NetworkInvite => ({
    id,
    name,
    role: 'member',
    created_at: now - made,
    expires_at: now - made + 7 * DAY,
    state: 'open',
    used_by: null,
    used_at: null,
    ...more,
  });
  world.invites.set(HOME, [
    invite('i4', 'Omar', 3 * HOUR, {}),
    invite('i3', null, DAY, { role: 'device' }),
    invite('i2', 'Nora', 3 * DAY, {
      state: 'used',
      used_by: keyOf('Nora'),
      used_at: now - 2 * DAY,
    }),
    invite('i1', 'Frank', 20 * DAY, { state: 'expired' }),
    invite('i0', null, 21 * DAY, { state: 'revoked' }),
  ]);
}

function addRefusals(world: World, now: number): void {
  world.refusals = [
    {
      id: 'r3',
      at: now - 4 * MINUTE,
      network: HOME,
      peer: keyOf('Eve'),
      node: nodeOf('Eve'),
      address: '/ip4/192.168.1.77/udp/51123/quic-v1',
      direction: 'inbound',
      reason: 'removed',
    },
    {
      id: 'r5',
      at: now - 6 * MINUTE,
      network: HOME,
      peer: keyOf('Charlotte Okonkwo'),
      node: nodeOf('Charlotte Okonkwo'),
      address: '/ip4/203.0.113.40/udp/51123/quic-v1',
      direction: 'inbound',
      reason: 'not_listed',
    },
    {
      id: 'r6',
      at: now - 50 * MINUTE,
      network: HOME,
      peer: keyOf('Nobody knows'),
      node: nodeOf('Nobody knows'),
      address: '/ip6/2001:db8::77/tcp/51123',
      direction: 'inbound',
      reason: 'not_listed',
    },
    {
      id: 'r2',
      at: now - 9 * MINUTE,
      network: HOME,
      peer: keyOf('Eve'),
      node: nodeOf('Eve'),
      address: '/ip4/198.51.100.9/tcp/51120',
      direction: 'inbound',
      reason: 'removed',
    },
    {
      id: 'r1',
      at: now - 3 * HOUR,
      network: HOME,
      node: nodeOf('x'),
      address: '/ip4/198.51.100.4/tcp/40222',
      direction: 'inbound',
      reason: 'timeout',
    },
    {
      id: 'r0',
      at: now - 2 * DAY,
      network: 'public',
      peer: keyOf('Mallory'),
      node: nodeOf('Mallory'),
      address: '/ip4/203.0.113.9/tcp/4001',
      direction: 'inbound',
      reason: 'blocked',
    },
  ];
}

function addPeers(world: World, now: number): void {
  const peer = (name: string, transport: 'quic' | 'tcp', rtt: number, index: number) => ({
    peer: keyOf(name),
    node: nodeOf(name),
    name,
    address: `/ip4/192.168.1.${30 + index}/${transport === 'quic' ? 'udp' : 'tcp'}/4100${index}${transport === 'quic' ? '/quic-v1' : ''}`,
    transport,
    relayed: false,
    rtt_ms: rtt,
    since: now - (index + 1) * 37 * MINUTE,
  });
  world.peers.set(HOME, [
    peer('Bob', 'quic', 3, 1),
    peer('Hallway hub', 'quic', 1, 2),
    peer('Kitchen board', 'tcp', 2, 3),
  ]);
  world.peers.set('public', [
    peer('Bob', 'quic', 24, 1),
    { ...peer('seed', 'tcp', 61, 4), name: null },
  ]);
}

function addLog(world: World, now: number): void {
  world.log.set(HOME, [
    {
      ...operation('o9', 'checkpoint', now - 3 * HOUR),
      author: HUB,
      author_name: 'Hallway hub',
    },
    {
      ...operation('o8', 'policy', now - 20 * HOUR),
      policy: { stale_after_days: 7, cuts_off: true },
    },
    {
      ...operation('o7', 'revoke_node', now - 26 * HOUR),
      peer: keyOf('Bob'),
      name: 'Bob',
      node: nodeOf('Bob'),
    },
    { ...operation('o6', 'leave', now - 30 * HOUR), peer: keyOf('Ivo'), name: 'Ivo' },
    {
      ...operation('o5', 'appoint', now - 32 * HOUR),
      peer: ME,
      name: 'Alice',
      role: 'admin',
    },
    {
      id: 'o4',
      at: now - 2 * DAY,
      author: ME,
      author_name: 'Alice',
      node: null,
      operation: 'add',
      peer: keyOf('Nora'),
      name: 'Nora',
      role: 'member',
      heads: ['o3'],
    },
    {
      id: 'o3',
      at: now - 6 * DAY,
      author: ME,
      author_name: 'Alice',
      node: null,
      operation: 'remove',
      peer: keyOf('Eve'),
      name: null,
      role: null,
      heads: ['o2'],
    },
    {
      id: 'o2',
      at: now - 12 * DAY,
      author: ME,
      author_name: 'Alice',
      node: null,
      operation: 'add',
      peer: keyOf('Hallway hub'),
      name: 'Hallway hub',
      role: 'hub',
      heads: ['o1'],
    },
    {
      id: 'o1',
      at: now - 13 * DAY,
      author: ME,
      author_name: 'Alice',
      node: null,
      operation: 'add',
      peer: keyOf('Eve'),
      name: 'Eve',
      role: 'member',
      heads: ['o0'],
    },
    {
      id: 'o0',
      at: now - 40 * DAY,
      author: ME,
      author_name: 'Alice',
      node: null,
      operation: 'genesis',
      peer: ME,
      name: 'Alice',
      role: 'admin',
      heads: [],
    },
  ]);
}
