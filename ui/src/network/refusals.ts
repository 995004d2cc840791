import type { Network, Refusal } from '$lib/model';

/** Refusals of the same peer, for the same reason, seen together. */
export interface RefusalGroup {
  readonly key: string;
  readonly newest: Refusal;
  readonly count: number;
  /** When the first of them was. */
  readonly since: number;
  /** From how many other places than the newest. */
  readonly otherPlaces: number;
}

/** Puts repeated attempts of one peer together, newest first. */
export function groupRefusals(refusals: readonly Refusal[]): RefusalGroup[] {
  const groups = new Map<string, Refusal[]>();
  for (const refusal of refusals) {
    const key = `${whoOf(refusal)}/${refusal.reason}/${refusal.direction}`;
    groups.set(key, [...(groups.get(key) ?? []), refusal]);
  }
  return [...groups.entries()]
    .flatMap(([key, all]) => groupOf(key, all))
    .sort((a, b) => b.newest.at - a.newest.at);
}

function groupOf(key: string, all: readonly Refusal[]): RefusalGroup[] {
  const sorted = [...all].sort((a, b) => b.at - a.at);
  const [newest] = sorted;
  if (newest === undefined) return [];
  const places = new Set(sorted.map((each) => placeOf(each.address).host));
  const since = sorted.at(-1)?.at ?? newest.at;
  return [{ key, newest, count: sorted.length, since, otherPlaces: places.size - 1 }];
}

// Whoever proved nothing has a new port each time, and is told apart by the machine alone.
function whoOf({ peer, node, address }: Refusal): string {
  return peer ?? node ?? placeOf(address).host;
}

/** Where an address leads, for people. */
export interface Place {
  readonly host: string;
  readonly over: string;
  readonly kind: 'here' | 'local' | 'far';
}

const PARTS = /^\/(?:ip[46]|dns[46]?)\/([^/]+)(?:\/(tcp|udp)\/\d+)?(.*)$/;
const LOCAL = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|fe80:|f[cd])/i;

/** Reads a machine and a transport out of a multiaddress; what it cannot read it gives back. */
export function placeOf(address: string): Place {
  const found = PARTS.exec(address);
  const host = found?.[1];
  if (host === undefined) return { host: address, over: '', kind: 'far' };
  const rest = found?.[3] ?? '';
  const over = rest.includes('/quic') ? 'QUIC' : rest.includes('/ws') ? 'WebSocket' : 'TCP';
  const isHere = host.startsWith('127.') || host === '::1';
  return { host, over, kind: isHere ? 'here' : LOCAL.test(host) ? 'local' : 'far' };
}

/** Whether an admin can let in whoever was refused: known by key, and not there for a reason. */
export function canBeAdded(refusal: Refusal, network: Network): boolean {
  const isAdmin = network.kind === 'private' && network.role === 'admin';
  const cameIn = refusal.direction === 'inbound' && refusal.reason === 'not_listed';
  return isAdmin && cameIn && Boolean(refusal.peer);
}
