import { Failure } from '../host';
import type { Member, Network } from '../../model';
import type { Emit, Handlers } from './commands';
import { keyOf, nodeOf } from './keys';
import { WORDS } from './account';
import type { World } from './world';

const DAY = 86_400_000;

function blank(network: string, name: string): Network {
  return {
    network,
    name,
    kind: 'private',
    state: 'alone',
    role: 'admin',
    peers: 0,
    addresses: [],
    reachability: 'unknown',
    confirmed_at: Date.now(),
    stale_at: Date.now() + 7 * DAY,
    policy: { stale_after_days: 7, cuts_off: true },
  };
}

export function networkCommands(world: World, emit: Emit): Handlers {
  const members = (network: string): Member[] => {
    const list = world.members.get(network) ?? [];
    world.members.set(network, list);
    return list;
  };
  const me = () => world.account.peer ?? '';
  return {
    networks_list: () => world.networks,
    network_create: ({ name }) => {
      if (world.networks.some((each) => each.name === name)) {
        throw new Failure('exists', `there is a network called ${name} already`);
      }
      const network = keyOf(`network ${name}`);
      const made = blank(network, name);
      world.networks.push(made);
      members(network).push({
        peer: me(),
        name: world.account.name ?? '',
        role: 'admin',
        added_at: Date.now(),
        added_by: me(),
        online: true,
        last_seen: Date.now(),
        nodes: [nodeOf('Alice')],
      });
      emit({ type: 'network', at: Date.now(), id: network, network: made });
      return { network, name, recovery: WORDS };
    },
    network_link: () => ({ link: `streembit:network/${keyOf('link', 180)}` }),
    network_join: () => {
      const network = keyOf('garden');
      const made: Network = {
        network,
        name: 'Garden',
        kind: 'private',
        state: 'alone',
        role: null,
        peers: 0,
        addresses: [],
        reachability: 'unknown',
        waiting_for: 'Ann',
      };
      if (!world.networks.some((each) => each.network === network)) world.networks.push(made);
      return { network, name: 'Garden', state: 'waiting', waiting_for: 'Ann' };
    },
    network_leave: ({ network }) => {
      const others = (world.members.get(network) ?? []).filter((each) => each.peer !== me());
      const mine = members(network).find((each) => each.peer === me());
      const isLast = mine?.role === 'admin' && !others.some((each) => each.role === 'admin');
      if (isLast && others.length > 0)
        throw new Failure('conflict', 'make somebody else an admin first');
      world.networks = world.networks.filter((each) => each.network !== network);
      return null;
    },
    network_export: ({ network }) => ({
      added: members(network).map(({ peer, name, role }) => ({ peer, name, role })),
      removed: [],
      changed: [],
    }),
    network_import: () => world.listed,
    network_peers: ({ network }) => world.peers.get(network) ?? [],
    mailboxes_list: ({ network }) => ({
      keepers: [
        ...members(network)
          .filter((each) => each.role === 'hub')
          .map(({ peer, name, online }) => ({ peer, name, online, state: 'agreed' as const })),
        ...world.mailboxes.keepers,
      ],
      agreements: world.mailboxes.agreements,
    }),
    mailbox_ask: ({ peer, wanted }) => {
      const { keepers } = world.mailboxes;
      const known = keepers.find((each) => each.peer === peer);
      const others = keepers.filter((each) => each.peer !== peer);
      const state = known?.state === 'offered' ? 'agreed' : 'asked';
      world.mailboxes.keepers = wanted
        ? [...others, { peer, name: null, online: true, state }]
        : others;
      return { ...world.mailboxes };
    },
    mailbox_offer: ({ peer, willing }) => {
      const { agreements } = world.mailboxes;
      const known = agreements.find((each) => each.peer === peer);
      const others = agreements.filter((each) => each.peer !== peer);
      const state = known?.state === 'asked' ? 'agreed' : 'offered';
      world.mailboxes.agreements = willing ? [...others, { peer, name: null, state }] : others;
      return { ...world.mailboxes };
    },
    network_log: ({ network, before, limit }) => {
      const all = world.log.get(network) ?? [];
      const from = before ? all.findIndex((each) => each.id === before) + 1 : 0;
      return all.slice(from, from + (limit ?? 50));
    },
    members_list: ({ network }) => members(network),
    member_add: ({ network, peer, name, role }) => {
      if (members(network).some((each) => each.peer === peer))
        throw new Failure('exists', 'that key is a member already');
      const member: Member = {
        peer,
        name,
        role: role ?? 'member',
        added_at: Date.now(),
        added_by: me(),
        online: false,
        last_seen: null,
        nodes: [],
      };
      members(network).push(member);
      emit({ type: 'member', at: Date.now(), network, peer, member });
      return { member, link: `streembit:network/${keyOf('link', 180)}` };
    },
    member_remove: ({ network, peer }) => {
      world.members.set(
        network,
        members(network).filter((each) => each.peer !== peer),
      );
      emit({ type: 'member', at: Date.now(), network, peer, member: null });
      const names = members(network).map((each) => each.name);
      const certain = world.networks.find((each) => each.network === network)?.policy?.cuts_off;
      return {
        disconnected: 3,
        pending: 1,
        certain_by: certain === false ? null : Date.now() + 7 * DAY,
        disconnected_names: names.slice(0, 3),
        pending_names: names.slice(3, 4),
      };
    },
    member_set_role: ({ network, peer, role }) => {
      const member = members(network).find((each) => each.peer === peer);
      if (!member) throw new Failure('not_found', 'there is no such member');
      member.role = role;
      return member;
    },
    gate_log: () => world.refusals,
  };
}
