import { keyOf, nodeOf } from '../keys';
import type { World } from '../world';
import { DAY, HOME, HOUR, ME, MINUTE } from './who';

/** Who is connected, who was refused, and what the admin did. */
export function addGate(world: World, now: number): void {
  world.refusals = [
    {
      id: 'r3',
      at: now - 4 * MINUTE,
      network: HOME,
      peer: keyOf('Eve'),
      node: nodeOf('Eve'),
      address: '/ip4/192.168.1.77/udp/51123/quic-v1',
      direction: 'inbound',
      reason: 'not_listed',
    },
    {
      id: 'r2',
      at: now - 9 * MINUTE,
      network: HOME,
      peer: keyOf('Eve'),
      node: nodeOf('Eve'),
      address: '/ip4/192.168.1.77/tcp/51120',
      direction: 'inbound',
      reason: 'not_listed',
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
  world.log.set(HOME, [
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
