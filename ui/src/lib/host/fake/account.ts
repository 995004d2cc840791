import { Failure } from '../host';
import type { Emit, Handlers } from './commands';
import { fingerprintOf, keyOf, nodeOf } from './keys';
import type { World } from './world';

export const WORDS =
  'abandon ability able about above absent absorb abstract absurd abuse access accident account accuse achieve acid acoustic acquire across act action actor actress actual';

/** Nothing is being linked. */
const NO_LINK = { stage: 'none', code: null, closes_at: null, sent: 0, total: null } as const;

export function accountCommands(world: World, emit: Emit): Handlers {
  const become = (name: string) => {
    const peer = keyOf(name);
    world.account = {
      state: 'ready',
      peer,
      node: nodeOf(name),
      name,
      kind: 'human',
      key_store: 'keyring',
      fingerprint: fingerprintOf(peer),
    };
    world.networks = [
      {
        network: 'public',
        name: 'Public',
        kind: 'public',
        state: 'alone',
        role: null,
        peers: 0,
        addresses: [],
        reachability: 'unknown',
      },
    ];
    emit({ type: 'account', at: Date.now(), account: world.account });
  };
  return {
    account_status: () => world.account,
    account_create: ({ name }) => {
      if (world.account.state !== 'none')
        throw new Failure('exists', 'there is an account already');
      become(name);
      return { peer: keyOf(name), node: nodeOf(name), name, phrase: WORDS };
    },
    account_restore: ({ name }) => {
      become(name ?? 'Alice');
      return world.account;
    },
    account_unlock: ({ passphrase }) => {
      if (passphrase !== 'correct horse') {
        throw new Failure('denied', 'that is not the passphrase; nothing was changed');
      }
      world.account = { ...world.account, state: 'ready' };
      return world.account;
    },
    account_phrase: () => ({ phrase: WORDS }),
    account_passphrase: () => world.account,
    account_rename: ({ name }) => (world.account = { ...world.account, name }),
    account_backup: ({ path }) => ({ path, bytes: 48_211 }),
    account_delete: () => {
      world.account = { ...world.account, state: 'none', name: null, peer: null };
      world.settings = { ...world.settings, first_run_done: false, phrase_kept: false };
      return null;
    },
    nodes_list: () => [
      {
        node: nodeOf('Alice'),
        this: true,
        since: Date.now() - 40 * 86_400_000,
        expires_at: Date.now() + 3e10,
        last_seen: null,
        connected: true,
        revoked_at: null,
      },
    ],
    node_link: () => ({
      link: 'streembit:node/o2FsZm5vZGU',
      qr: null,
      closes_at: Date.now() + 600_000,
    }),
    node_link_status: () => NO_LINK,
    node_link_confirm: () => NO_LINK,
    node_link_cancel: () => NO_LINK,
    node_revoke: () => [],
    contact_nodes: () => [],
    account_link: () => {
      become('Alice');
      return world.account;
    },
    account_link_status: () => ({ active: false, code: null, received: 0, total: null }),
    settings_get: () => world.settings,
    settings_set: (change) => {
      world.settings = { ...world.settings, ...change };
      return world.settings;
    },
    seeds_list: () => world.seeds,
    seed_add: ({ link, address }) => {
      const seed = {
        address: address ?? `/ip4/203.0.113.8/tcp/4001/p2p/${nodeOf(link ?? '')}`,
        node: nodeOf(link ?? address ?? ''),
        added_at: Date.now(),
        connected: false,
      };
      world.seeds.push(seed);
      return seed;
    },
    seed_remove: ({ address }) => {
      world.seeds = world.seeds.filter((seed) => seed.address !== address);
      return null;
    },
    diagnostics: () =>
      'streembit 0.1.0\nlinux x86_64\nnetworks: 3\nconnections: 27\ndatabase: 1.2 MB, schema 1',
  };
}
