import { expect, test } from 'vitest';
import type { Contact, Member } from '$lib/model';
import { candidates } from './candidates';
import { byKind, isKey, isOnlyAdmin, matching, typedKey } from './members';

function member(peer: string, role: Member['role'], name = peer): Member {
  const rest = { added_at: 1, added_by: 'me', online: false, last_seen: null, nodes: [] };
  return { peer, name, role, ...rest };
}

const HOUSE = [
  member('zoe', 'member'),
  member('lamp', 'device'),
  member('me', 'member', 'Zz'),
  member('hub', 'hub', 'Zz hub'),
  member('ann', 'admin', 'Ärmel'),
];

test('puts people and devices apart, oneself and who looks after the network first', () => {
  const groups = byKind(HOUSE, 'me');

  expect(groups.map((group) => [group.kind, ...group.members.map((each) => each.peer)])).toEqual([
    ['people', 'me', 'ann', 'zoe'],
    ['devices', 'hub', 'lamp'],
  ]);
  expect(byKind([member('me', 'admin')], 'me')).toHaveLength(1);
});

test('finds members by a part of the name or the beginning of the key', () => {
  expect(matching(HOUSE, ' ärm ').map((each) => each.peer)).toEqual(['ann']);
  expect(matching(HOUSE, 'la').map((each) => each.peer)).toEqual(['lamp']);
  expect(matching(HOUSE, '')).toBe(HOUSE);
});

test('knows who may not go without handing over', () => {
  const alone = [member('me', 'admin')];
  const only = [member('me', 'admin'), member('zoe', 'member')];
  const two = [...only, member('ann', 'admin')];

  expect([alone, only, two].map((each) => isOnlyAdmin(each, 'me'))).toEqual([false, true, false]);
  expect(isOnlyAdmin(only, 'zoe')).toBe(false);
});

test('reads a key as people write it', () => {
  const typed = typedKey(`  ${'ABCD '.repeat(13)}`);

  expect(typed).toBe('abcd'.repeat(13));
  expect([typed, typed.slice(1), `${typed.slice(1)}1`].map(isKey)).toEqual([true, false, false]);
});

test('offers everybody who is allowed elsewhere, once, and no member', () => {
  const contact = (peer: string, network: string, more: Partial<Contact> = {}) =>
    ({ peer, network, name: peer, state: 'accepted', ...more }) as Contact;
  const contacts = [
    contact('zoe', 'public'),
    contact('kim', 'public'),
    contact('kim', 'work'),
    contact('me', 'work'),
    contact('ann', 'home'),
    contact('mal', 'public', { state: 'blocked' }),
    contact('ivo', 'public', { gone_since: 1 }),
    contact('abe', 'work'),
  ];

  const found = candidates(contacts, [member('zoe', 'member')], 'home', 'me');

  expect(found.map((each) => each.peer)).toEqual(['abe', 'kim']);
});
