import type { Contact, Member } from '$lib/model';

/** Everybody who is allowed somewhere and no member here, once each, by name. */
export function candidates(
  contacts: readonly Contact[],
  members: readonly Member[],
  network: string,
  me: string,
): Contact[] {
  const taken = new Set([me, ...members.map((member) => member.peer)]);
  const found: Contact[] = [];
  for (const contact of contacts) {
    const isUsable = contact.state === 'accepted' && !contact.gone_since;
    if (contact.network === network || !isUsable || taken.has(contact.peer)) continue;
    taken.add(contact.peer);
    found.push(contact);
  }
  return found.sort((a, b) => a.name.localeCompare(b.name));
}
