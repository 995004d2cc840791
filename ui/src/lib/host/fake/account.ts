import { Failure } from '../host';
import type { Emit, Handlers } from './commands';
import { computerCommands } from './computers';
import { fingerprintOf, keyOf, nodeOf } from './keys';
import type { World } from './world';

export const WORDS =
  'abandon ability able about above absent absorb abstract absurd abuse access accident account accuse achieve acid acoustic acquire across act action actor actress actual';

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
    ...computerCommands(world, become),
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
    account_unlink: () => {
      world.account = { ...world.account, state: 'none', name: null, peer: null };
      return null;
    },
    account_delete: () => {
      world.account = { ...world.account, state: 'none', name: null, peer: null };
      world.settings = { ...world.settings, first_run_done: false, phrase_kept: false };
      return null;
    },
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
