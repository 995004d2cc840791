import type { Network } from '../../model';
import { Failure } from '../host';
import type { Emit, Handlers } from './commands';
import { keyOf } from './keys';
import type { World } from './world';

const DAY = 86_400_000;

/** Freshness, recovery and invites of private networks. */
export function gateCommands(world: World, emit: Emit): Handlers {
  const find = (network: string): Network => {
    const found = world.networks.find((each) => each.network === network);
    if (!found) throw new Failure('not_found', 'there is no such network');
    return found;
  };
  const change = (network: string, more: Partial<Network>): Network => {
    const changed = Object.assign(find(network), more);
    emit({ type: 'network', at: Date.now(), id: network, network: changed });
    return changed;
  };
  const invites = (network: string) => {
    const list = world.invites.get(network) ?? [];
    world.invites.set(network, list);
    return list;
  };
  return {
    network_confirm: ({ network }) => {
      const days = find(network).policy?.stale_after_days ?? 7;
      const [confirmed_at, stale_at] = [Date.now(), Date.now() + days * DAY];
      const state = find(network).peers > 0 ? 'connected' : 'alone';
      return change(network, { confirmed_at, stale_at, state });
    },
    network_set_policy: ({ network, stale_after_days, cuts_off }) => {
      const stale_at = (find(network).confirmed_at ?? Date.now()) + stale_after_days * DAY;
      return change(network, { policy: { stale_after_days, cuts_off }, stale_at });
    },
    network_recover: ({ network }) => {
      const me = world.members.get(network)?.find((each) => each.peer === world.account.peer);
      if (me) me.role = 'admin';
      return change(network, { role: 'admin' });
    },
    network_tidy: ({ network }) =>
      change(network, {
        history: { operations: 1, limit: find(network).history?.limit ?? 16_384 },
      }),
    network_invite: ({ network, name, role, expires_in_s }) => {
      const lasts = (expires_in_s ?? 7 * 86_400) * 1000;
      const id = `i-${invites(network).length}`;
      const expires_at = Date.now() + lasts;
      invites(network).unshift({
        id,
        name: name ?? null,
        role: role ?? 'member',
        created_at: Date.now(),
        expires_at,
        state: 'open',
        used_by: null,
        used_at: null,
      });
      return { link: `streembit:network/${keyOf(id, 320)}/once`, expires_at };
    },
    network_invites: ({ network }) => invites(network),
    network_invite_revoke: ({ network, id }) => {
      const invite = invites(network).find((each) => each.id === id);
      if (invite) invite.state = 'revoked';
      return null;
    },
    network_bundle: ({ path }) => ({ path, bytes: 48_213 }),
  };
}
