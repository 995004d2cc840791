import type { Refusal } from '$lib/model';

/** Refusals of the same peer, for the same reason, seen together. */
export interface RefusalGroup {
  readonly newest: Refusal;
  readonly count: number;
}

/** Puts repeated attempts of one peer together, newest first. */
export function groupRefusals(refusals: readonly Refusal[]): RefusalGroup[] {
  const groups = new Map<string, { newest: Refusal; count: number }>();
  for (const refusal of refusals) {
    const who = refusal.peer ?? refusal.node ?? refusal.address;
    const key = `${who}/${refusal.reason}/${refusal.direction}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { newest: refusal, count: 1 });
    else {
      known.count += 1;
      if (refusal.at > known.newest.at) known.newest = refusal;
    }
  }
  return [...groups.values()].sort((a, b) => b.newest.at - a.newest.at);
}
