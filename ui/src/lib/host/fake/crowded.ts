import { fullWorld } from './full';
import { order, say } from './full/messages';
import { DAY, HOME, MINUTE } from './full/who';
import { fingerprintOf, keyOf, nodeOf, random } from './keys';
import type { World } from './world';

const PEOPLE = 200;
const THINGS = 54;
const MESSAGES = 6000;
const LONG = 'Kunigunde Oberhuber-Krautwurst, treasurer of the allotment society';
const ROOMS = ['Attic', 'Cellar', 'Garden', 'Workshop', 'The room behind the long corridor'];

/** Very many of everything, and names that are long or run from right to left. */
export function crowdedWorld(now = Date.now()): World {
  const world = fullWorld(now);
  addCrowd(world);
  addThings(world);
  addTalk(world, now);
  addConnections(world, now);
  addMembers(world, now);
  return world;
}

function nameOf(index: number): string {
  if (index % 17 === 0) return `${LONG} ${index}`;
  if (index % 11 === 0) return `נועה בן־דוד ${index}`;
  return `Person ${index}`;
}

function addCrowd(world: World): void {
  const [bob] = world.contacts;
  if (!bob) return;
  const presences = ['online', 'reachable', 'offline'] as const;
  for (let index = 0; index < PEOPLE; index += 1) {
    const name = nameOf(index);
    const peer = keyOf(name);
    const presence = presences[index % presences.length] ?? 'offline';
    world.contacts.push({
      ...bob,
      peer,
      name,
      presence,
      verified: index % 5 === 0,
      fingerprint: fingerprintOf(peer),
    });
  }
}

function addThings(world: World): void {
  const models = world.devices.slice();
  for (let index = 0; index < THINGS; index += 1) {
    const model = models[index % models.length];
    if (!model) return;
    const thing = `${model.thing}-${index}`;
    const title = index % 9 === 0 ? `${model.title} beside the window that sticks` : model.title;
    const room = ROOMS[index % ROOMS.length] ?? '';
    world.devices.push({ ...model, thing, title: `${title} ${index}`, room });
    world.descriptions.set(thing, world.descriptions.get(model.thing) ?? {});
    world.properties.set(thing, new Map(world.properties.get(model.thing)));
  }
}

function addTalk(world: World, now: number): void {
  const roll = random(23);
  const words = ['yes', 'no', 'later', 'on my way', 'the lamp is on', 'look at this', 'call me'];
  for (let index = 0; index < MESSAGES; index += 1) {
    const text = Array.from(
      { length: 1 + Math.floor(roll() * 6) },
      () => words[Math.floor(roll() * words.length)],
    ).join(', ');
    const at = now - 300 * DAY + index * 70 * MINUTE;
    say(world, 'public', 'Bob', roll() > 0.5, text, at, 'read');
  }
  world.contacts
    .filter((each) => each.network === 'public')
    .forEach(({ name }, index) =>
      say(world, 'public', name, false, 'Good morning', now - index * 50 * MINUTE - DAY, 'read'),
    );
  order(world);
}

function addConnections(world: World, now: number): void {
  const peers = Array.from({ length: 60 }, (_each, index) => ({
    peer: keyOf(nameOf(index)),
    node: nodeOf(nameOf(index)),
    name: index % 3 === 0 ? null : nameOf(index),
    address: `/ip4/203.0.113.${index}/udp/4001/quic-v1`,
    transport: 'quic' as const,
    relayed: false,
    rtt_ms: index % 7 === 0 ? null : 8 + ((index * 37) % 240),
    since: now - index * 13 * MINUTE,
  }));
  for (const network of ['public', HOME]) world.peers.set(network, peers);
}

function addMembers(world: World, now: number): void {
  const [, model] = world.members.get(HOME) ?? [];
  if (!model) return;
  const crowd = (count: number, prefix: string, role: 'member' | 'device') =>
    Array.from({ length: count }, (_each, index) => {
      const name = role === 'member' ? nameOf(index) : `${prefix} ${index}`;
      const seen = { online: index % 3 === 0, last_seen: index % 4 === 0 ? null : now - index };
      return { ...model, ...seen, peer: keyOf(`${prefix} ${index}`), name, role };
    });
  const all = [...crowd(PEOPLE, 'Member', 'member'), ...crowd(1000, 'Sensor', 'device')];
  world.members.set(HOME, [...(world.members.get(HOME) ?? []), ...all]);
  const listed = all.map(({ peer, name, role }) => ({ peer, name, role }));
  world.listed = { added: listed, removed: world.listed.removed, changed: world.listed.changed };
  const [refusal] = world.refusals;
  const invite = world.invites.get(HOME)?.[0];
  for (let index = 0; index < 400; index += 1) {
    if (refusal)
      world.refusals.push({
        ...refusal,
        id: `many-${index}`,
        peer: keyOf(`Knocking ${index % 90}`),
        at: now - index * MINUTE,
      });
    if (invite && index < 120)
      world.invites.get(HOME)?.push({ ...invite, id: `many-${index}`, name: nameOf(index) });
  }
}
