import { crowdedWorld } from './crowded';
import { fullWorld } from './full';
import { offeredWorld } from './offered';
import type { NodeLinkStatus } from '../../model';
import { emptyWorld, installation, SETTINGS, type World } from './world';
import { fingerprintOf, keyOf, nodeOf } from './keys';

/** The states in which the window can be looked at while developing: `?scene=full`. */
export const SCENES: Readonly<Record<string, () => World>> = {
  first: emptyWorld,
  keyring: () => ({ ...emptyWorld(), failing: new Map([['account_create', 'keyring']]) }),
  locked: () => ({
    ...fullWorld(),
    account: { ...fullWorld().account, state: 'locked', key_store: 'file' },
  }),
  offline: () => offlineWorld(),
  stuck: () => ({
    ...fullWorld(),
    account: {
      ...fullWorld().account,
      state: 'locked',
      problem: {
        code: 'keyring',
        message:
          'the keyring is locked: unlock it with your login password, or start gnome-keyring, and try again',
      },
    },
  }),
  empty: emptyHouse,
  files: offeredWorld,
  full: fullWorld,
  failing: () => ({
    ...fullWorld(),
    failing: new Map([
      ['conversations_list', 'storage'],
      ['messages_list', 'storage'],
      ['device_describe', 'unreachable'],
      ['network_peers', 'internal'],
      ['nodes_list', 'storage'],
      ['contact_invite', 'unreachable'],
      ['members_list', 'storage'],
      ['network_invites', 'storage'],
      ['contact_find', 'timeout'],
      ['network_invite', 'storage'],
      ['network_recover', 'denied'],
      ['network_set_policy', 'storage'],
      ['network_import', 'storage'],
      ['device_claim', 'timeout'],
    ]),
  }),
  computers: () => computersWorld({}),
  linking: () => computersWorld({ linking: { stage: 'compare', code: '482 913' } }),
  sending: () =>
    computersWorld({ linking: { stage: 'sending', sent: 2_400_000, total: 5_100_000 } }),
  joining: () => ({
    ...emptyWorld(),
    joining: { active: true, code: '482 913', received: 0, total: null },
    slow: new Set(['account_link']),
  }),
  removed: () => computersWorld({ removed: true }),
  many: crowdedWorld,
  stale: () => staleWorld(-DAY, true),
  warned: () => staleWorld(-DAY, false),
  soon: () => staleWorld(DAY, true),
};

const DAY = 86_400_000;

/** A person with several computers, in the midst of linking one or removed from them. */
function computersWorld(how: { linking?: Partial<NodeLinkStatus>; removed?: boolean }): World {
  const world = fullWorld();
  const now = Date.now();
  const mine = { this: true, connected: true, revoked_at: how.removed ? now - DAY / 12 : null };
  return {
    ...world,
    linking: { ...world.linking, ...how.linking, closes_at: now + 540_000 },
    installations: [
      installation('Alice', mine),
      installation('Desk', { connected: true, last_seen: now, since: now - 9 * DAY }),
      installation('Old laptop', { last_seen: now - 3 * DAY, since: now - 200 * DAY }),
      installation('Lost phone', { since: now - 30 * DAY, revoked_at: now - 12 * DAY }),
    ],
  };
}

/** A life in which nobody confirms the members of the networks. */
function staleWorld(left: number, cuts_off: boolean): World {
  const world = fullWorld();
  const old = {
    confirmed_at: Date.now() + left - 7 * DAY,
    stale_at: Date.now() + left,
    policy: { stale_after_days: 7, cuts_off },
    ...(left < 0 ? { state: 'stale' as const } : {}),
  };
  world.networks = world.networks.map((each) =>
    each.kind === 'private' ? { ...each, ...old } : each,
  );
  return world;
}

/** An account that was just made, with nobody and nothing yet. */
function emptyHouse(): World {
  const peer = keyOf('Alice');
  return {
    ...emptyWorld(),
    account: {
      state: 'ready',
      peer,
      node: nodeOf('Alice'),
      name: 'Alice',
      kind: 'human',
      key_store: 'keyring',
      fingerprint: fingerprintOf(peer),
    },
    settings: { ...SETTINGS, phrase_kept: false },
    networks: [
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
    ],
  };
}

/** A life in which the cable was pulled. */
function offlineWorld(): World {
  const world = fullWorld();
  const gone = { presence: 'offline' as const };
  return {
    ...world,
    networks: world.networks.map((each) => ({ ...each, state: 'alone', peers: 0, addresses: [] })),
    contacts: world.contacts.map((each) => ({ ...each, ...gone })),
    devices: world.devices.map((each) => ({ ...each, state: 'offline' })),
    peers: new Map(),
    seeds: world.seeds.map((each) => ({ ...each, connected: false })),
  };
}
