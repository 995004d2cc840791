import type { Contact, Member } from '../../../model';
import { fingerprintOf, keyOf, nodeOf } from '../keys';
import type { World } from '../world';
import { DAY, HOME, HOUR, HUB, ME, MINUTE, TEAM } from './who';

function person(name: string, network: string, now: number, more: Partial<Contact>): Contact {
  const peer = keyOf(name);
  return {
    peer,
    name,
    network,
    state: 'accepted',
    presence: 'offline',
    last_seen: null,
    verified: false,
    since: now - 20 * DAY,
    grants: [],
    fingerprint: fingerprintOf(peer),
    kind: 'human',
    ...more,
  };
}

/** Contacts of every kind. */
export function addPeople(world: World, now: number): void {
  const add = (name: string, more: Partial<Contact> = {}) =>
    world.contacts.push(person(name, 'public', now, more));
  add('Bob', { presence: 'online', verified: true, last_seen: now });
  add('Charlotte Okonkwo', { presence: 'reachable', last_seen: now - 40 * MINUTE });
  add('Dmitri', { last_seen: now - 3 * DAY });
  add('שרה לוי', { presence: 'online', last_seen: now });
  add('Maximiliane Wolkenstein-Trostburg von und zu Hohenfels', { last_seen: now - 9 * DAY });
  add('Yuki', { presence: 'reachable', last_seen: now - 5 * HOUR, verified: true });
  add('Frank', { state: 'incoming', since: now - 12 * MINUTE });
  add('Greta', { state: 'incoming', since: now - 2 * DAY });
  add('Hannah', { state: 'requested', since: now - 5 * HOUR });
  add('Ivo', { gone_since: now - 4 * DAY, last_seen: now - 6 * DAY });
  add('Mallory', { state: 'blocked', since: now - 30 * DAY });
}

/** The members of the private networks. */
export function addHome(world: World, now: number): void {
  const member = (
    name: string,
    role: Member['role'],
    online: boolean,
    more: Partial<Member> = {},
  ): Member => ({
    peer: keyOf(name),
    name,
    role,
    added_at: now - 12 * DAY,
    added_by: ME,
    online,
    last_seen: online ? now : now - 26 * HOUR,
    nodes: [nodeOf(name)],
    ...more,
  });
  const members = [
    member('Alice', 'admin', true, { added_at: now - 40 * DAY }),
    member('Bob', 'member', true),
    member('Hallway hub', 'hub', true),
    member('Kitchen board', 'device', true),
    member('Old tablet', 'device', false),
    member('Nora', 'member', false, { added_at: now - 2 * DAY }),
  ];
  world.members.set(HOME, members);
  for (const each of members) {
    world.contacts.push(
      person(each.name, HOME, now, {
        presence: each.online ? 'online' : 'offline',
        last_seen: each.last_seen,
        since: each.added_at,
        kind: each.role === 'device' || each.role === 'hub' ? each.role : 'human',
        role: each.role,
        verified: each.name === 'Bob',
        grants: each.name === 'Bob' ? [{ device: HUB, level: 'operate' }] : [],
      }),
    );
  }
  world.members.set(TEAM, [
    member('Erik', 'admin', false),
    member('Alice', 'member', true, { added_by: keyOf('Erik') }),
  ]);
  world.contacts.push(person('Erik', TEAM, now, { role: 'admin', last_seen: now - 4 * DAY }));
}
