import type { Network } from '$lib/model';

const DAY = 86_400_000;
// From when on the age is shown more insistently: three days before it bites, or half of less.
const EARLY = 3 * DAY;

/** How sure it is that the list of members is the newest. */
export type Freshness = 'fresh' | 'soon' | 'stale' | 'unknown';

/** How fresh a network's list of members is at `now`. */
export function freshnessOf(network: Network, now: number): Freshness {
  const confirmed = network.confirmed_at ?? null;
  const stale = network.stale_at ?? null;
  if (network.kind !== 'private') return 'unknown';
  if (network.state === 'stale') return 'stale';
  if (confirmed === null || stale === null) return 'unknown';
  if (now > stale) return 'stale';
  const early = Math.min(EARLY, (stale - confirmed) / 2);
  return now > stale - early ? 'soon' : 'fresh';
}

/** Whether this account can confirm the members. */
export function canConfirm(network: Network): boolean {
  return network.role === 'admin' || network.role === 'hub';
}

/** Whether this account waits to be let into a network. */
export function isWaiting(network: Network): boolean {
  return network.kind === 'private' && network.role === null;
}

/** The limits that are offered, in days, with the one that is set. */
export function limitsWith(current: number): number[] {
  return [...new Set([1, 2, 3, 7, 14, 30, 90, 365, current])].sort((a, b) => a - b);
}
