import { Failure } from '../host';
import type { Member, Network } from '../../model';
import type { Emit, Handlers } from './commands';
import { keyOf, nodeOf } from './keys';
import { WORDS } from './account';
import type { World } from './world';

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
      const made: Network = {
        network,
        name,
        kind: 'private',
        state: 'alone',
        role: 'admin',
        peers: 0,
        addresses: [],
        reachability: 'unknown',
      };
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
    network_join: () => ({
      network: keyOf('garden'),
      name: 'Garden',
      state: 'waiting',
      waiting_for: 'no member has answered yet',
    }),
    network_leave: ({ network }) => {
      world.networks = world.networks.filter((each) => each.network !== network);
      return null;
    },
    network_export: ({ network }) => ({
      added: members(network).map(({ peer, name, role }) => ({ peer, name, role })),
      removed: [],
      changed: [],
    }),
    network_import: () => ({
      added: [{ peer: keyOf('Omar'), name: 'Omar', role: 'member' }],
      removed: [{ peer: keyOf('Old tablet'), name: 'Old tablet', role: 'device' }],
      changed: [{ peer: keyOf('Nora'), name: 'Nora', role: 'admin' }],
    }),
    network_peers: ({ network }) => world.peers.get(network) ?? [],
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
      return {
        disconnected: 3,
        disconnected_names: ['Bob', 'Carol'],
        pending: 1,
        pending_names: ['Hall sensor'],
        certain_by: Date.now() + 7 * 86_400_000,
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
