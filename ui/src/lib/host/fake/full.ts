import { addDevices } from './full/devices';
import { addGate } from './full/gate';
import { addGroups } from './full/groups';
import { addMessages } from './full/messages';
import { addNetworks } from './full/networks';
import { addHome, addPeople } from './full/people';
import { DAY, ME, MINUTE } from './full/who';
import { fingerprintOf, keyOf, nodeOf } from './keys';
import { emptyWorld, SETTINGS, type World } from './world';

export { HOME, ME } from './full/who';

/** A life lived for a while: people, two private networks, a house of devices. */
export function fullWorld(now = Date.now()): World {
  const world = emptyWorld();
  world.account = {
    state: 'ready',
    peer: ME,
    node: nodeOf('Alice'),
    name: 'Alice',
    kind: 'human',
    key_store: 'keyring',
    fingerprint: fingerprintOf(ME),
  };
  world.settings = { ...SETTINGS };
  addNetworks(world, now);
  addPeople(world, now);
  addHome(world, now);
  addMessages(world, now);
  addGroups(world, now);
  addDevices(world, now);
  addGate(world, now);
  world.computers.set(keyOf('Bob'), [
    { node: nodeOf('Bob'), since: now - 90 * DAY, is_new: false, in_use: true },
    { node: nodeOf('Bob desk'), since: now - 4 * MINUTE, is_new: true, in_use: true },
  ]);
  return world;
}
