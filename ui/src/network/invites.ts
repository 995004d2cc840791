import type { NetworkInvite } from '$lib/model';

const HOUR_S = 3600;
export const DAY_S = 24 * HOUR_S;

/** How long an invite may be good for, in seconds. */
export const LASTING = [HOUR_S, DAY_S, 7 * DAY_S, 30 * DAY_S] as const;

/** What a list shows: those that can still be used before those that cannot. */
export function inOrder(invites: readonly NetworkInvite[]): NetworkInvite[] {
  const rank = (invite: NetworkInvite) => (invite.state === 'open' ? 0 : 1);
  return [...invites].sort((a, b) => rank(a) - rank(b) || b.created_at - a.created_at);
}
