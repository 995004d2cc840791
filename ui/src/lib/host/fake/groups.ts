import { Failure } from '../host';
import type { Group, GroupMember, Note } from '../../model';
import type { Emit, Handlers } from './commands';
import { keyOf } from './keys';
import type { World } from './world';

let serial = 0;

export function groupCommands(world: World, emit: Emit): Handlers {
  const find = (key: string): Group => {
    const found = world.groups.find((each) => each.group === key);
    if (!found) throw new Failure('not_found', 'no such group');
    return found;
  };
  const member = (group: Group, peer: string): GroupMember => ({
    peer,
    name:
      world.contacts.find((each) => each.peer === peer && each.network === group.network)?.name ??
      peer.slice(0, 8),
    admin: false,
    since: Date.now(),
  });
  const told = (group: Group, note: Note, text = ''): Group => {
    serial += 1;
    const message = {
      id: `0400${String(serial).padStart(8, '0')}`,
      network: group.network,
      peer: group.group,
      from: world.account.peer ?? '',
      text,
      sent_at: Date.now(),
      order: 30_000_000 + serial,
      state: 'read' as const,
      reactions: [],
      note,
    };
    world.messages.push(message);
    emit({ type: 'group', at: Date.now(), group: { ...group } });
    emit({ type: 'message', at: Date.now(), message });
    return { ...group };
  };
  const without = (group: Group, peer: string) => {
    group.members = group.members.filter((each) => each.peer !== peer);
  };

  return {
    groups_list: ({ network }) =>
      world.groups.filter((each) => !network || each.network === network),
    group_create: ({ network, title, peers }) => {
      const group: Group = {
        group: `group:${keyOf(title)}`,
        network,
        title,
        member: true,
        admin: true,
        members: [],
      };
      const me = { ...member(group, world.account.peer ?? ''), admin: true };
      group.members = [me, ...peers.map((peer) => member(group, peer))];
      world.groups.push(group);
      return told(group, { what: 'created' }, title);
    },
    group_rename: ({ group, title }) => {
      const found = find(group);
      found.title = title;
      return told(found, { what: 'renamed' }, title);
    },
    group_add: ({ group, peers }) => {
      const found = find(group);
      for (const peer of peers) {
        found.members = [...found.members, member(found, peer)];
        told(found, { what: 'added', peer });
      }
      return { ...found };
    },
    group_remove: ({ group, peer }) => {
      const found = find(group);
      without(found, peer);
      return told(found, { what: 'removed', peer });
    },
    group_leave: ({ group }) => {
      const found = find(group);
      without(found, world.account.peer ?? '');
      found.member = false;
      found.admin = false;
      return told(found, { what: 'left' });
    },
    group_admin: ({ group, peer, admin }) => {
      const found = find(group);
      found.members = found.members.map((each) => (each.peer === peer ? { ...each, admin } : each));
      return told(found, { what: admin ? 'admin' : 'no_admin', peer });
    },
  };
}
