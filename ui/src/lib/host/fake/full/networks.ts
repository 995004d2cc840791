import { nodeOf } from '../keys';
import type { World } from '../world';
import { DAY, HOME, HOUR, HUB, TEAM } from './who';

/** The public network, one's own, and one that somebody else keeps. */
export function addNetworks(world: World, now: number): void {
  const address = (port: number) => [
    `/ip4/192.168.1.20/udp/${port}/quic-v1/p2p/${nodeOf('Alice')}`,
    `/ip4/192.168.1.20/tcp/${port}/p2p/${nodeOf('Alice')}`,
  ];
  world.networks = [
    {
      network: 'public',
      name: 'Public',
      kind: 'public',
      state: 'connected',
      role: null,
      peers: 23,
      addresses: address(41_100),
      reachability: 'unknown',
    },
    {
      network: HOME,
      name: 'Home',
      kind: 'private',
      state: 'connected',
      role: 'admin',
      peers: 4,
      addresses: address(41_201),
      reachability: 'local',
      confirmed_at: now - 3 * HOUR,
      confirmed_by: HUB,
      stale_at: now + 7 * DAY - 3 * HOUR,
      policy: { stale_after_days: 7, cuts_off: true },
    },
    {
      network: TEAM,
      name: 'Workshop',
      kind: 'private',
      state: 'alone',
      role: 'member',
      peers: 0,
      addresses: address(41_302),
      reachability: 'unknown',
      confirmed_at: now - 5 * DAY,
      stale_at: now + 2 * DAY,
      policy: { stale_after_days: 7, cuts_off: true },
    },
  ];
  world.seeds = [
    {
      address: `/ip4/203.0.113.7/udp/4001/quic-v1/p2p/${nodeOf('seed')}`,
      node: nodeOf('seed'),
      added_at: 0,
      connected: true,
    },
  ];
}
