import type { Contact, Device, Member, Message, MessageState } from '../../model';
import { fingerprintOf, keyOf, nodeOf, random } from './keys';
import { initialValues, LAMP, LOCK, SENSOR, THERMOSTAT } from './things';
import { emptyWorld, SETTINGS, type World } from './world';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const ME = keyOf('Alice');
export const HOME = keyOf('home network');
const TEAM = keyOf('team network 2');
const HUB = keyOf('Hallway hub');

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
  addNetworks(world);
  addPeople(world, now);
  addHome(world, now);
  addMessages(world, now);
  addDevices(world, now);
  addGate(world, now);
  return world;
}

function addNetworks(world: World): void {
  const address = (port: number) => [
    `/ip4/192.168.1.20/udp/${port}/quic-v1/p2p/${nodeOf('Alice')}`,
    `/ip4/192.168.1.20/tcp/${port}/p2p/${nodeOf('Alice')}`,
  ];
  world.networks = [
    {
      network: 'public',
      name: 'Public',
      kind: 'public',
      state: 'connected',
      role: null,
      peers: 23,
      addresses: address(41_100),
      reachability: 'unknown',
    },
    {
      network: HOME,
      name: 'Home',
      kind: 'private',
      state: 'connected',
      role: 'admin',
      peers: 4,
      addresses: address(41_201),
      reachability: 'local',
    },
    {
      network: TEAM,
      name: 'Workshop',
      kind: 'private',
      state: 'alone',
      role: 'member',
      peers: 0,
      addresses: address(41_302),
      reachability: 'unknown',
    },
  ];
  world.seeds = [
    {
      address: `/ip4/203.0.113.7/udp/4001/quic-v1/p2p/${nodeOf('seed')}`,
      node: nodeOf('seed'),
      added_at: 0,
      connected: true,
    },
  ];
}

function person(name: string, network: string, now: number, more: Partial<Contact>): Contact {
  const peer = keyOf(name);
  return {
    peer,
    name,
    network,
    state: 'accepted',
    presence: 'offline',
    last_seen: null,
    verified: false,
    since: now - 20 * DAY,
    grants: [],
    fingerprint: fingerprintOf(peer),
    kind: 'human',
    ...more,
  };
}

function addPeople(world: World, now: number): void {
  const add = (name: string, more: Partial<Contact> = {}) =>
    world.contacts.push(person(name, 'public', now, more));
  add('Bob', { presence: 'online', verified: true, last_seen: now });
  add('Charlotte Okonkwo', { presence: 'reachable', last_seen: now - 40 * MINUTE });
  add('Dmitri', { last_seen: now - 3 * DAY });
  add('שרה לוי', { presence: 'online', last_seen: now });
  add('Maximiliane Wolkenstein-Trostburg von und zu Hohenfels', { last_seen: now - 9 * DAY });
  add('Yuki', { presence: 'reachable', last_seen: now - 5 * HOUR, verified: true });
  add('Frank', { state: 'incoming', since: now - 12 * MINUTE, note: 'We met at the repair café.' });
  add('Greta', { state: 'incoming', since: now - 2 * DAY });
  add('Hannah', { state: 'requested', since: now - 5 * HOUR });
  add('Mallory', { state: 'blocked', since: now - 30 * DAY });
}

function addHome(world: World, now: number): void {
  const member = (
    name: string,
    role: Member['role'],
    online: boolean,
    more: Partial<Member> = {},
  ): Member => ({
    peer: keyOf(name),
    name,
    role,
    added_at: now - 12 * DAY,
    added_by: ME,
    online,
    last_seen: online ? now : now - 26 * HOUR,
    nodes: [nodeOf(name)],
    ...more,
  });
  const members = [
    member('Alice', 'admin', true, { added_at: now - 40 * DAY }),
    member('Bob', 'member', true),
    member('Hallway hub', 'hub', true),
    member('Kitchen board', 'device', true),
    member('Old tablet', 'device', false),
    member('Nora', 'member', false, { added_at: now - 2 * DAY }),
  ];
  world.members.set(HOME, members);
  for (const each of members) {
    world.contacts.push(
      person(each.name, HOME, now, {
        presence: each.online ? 'online' : 'offline',
        last_seen: each.last_seen,
        since: each.added_at,
        kind: each.role === 'device' || each.role === 'hub' ? each.role : 'human',
        role: each.role,
        verified: each.name === 'Bob',
        grants: each.name === 'Bob' ? [{ device: HUB, level: 'operate' }] : [],
      }),
    );
  }
  world.members.set(TEAM, [
    member('Erik', 'admin', false),
    member('Alice', 'member', true, { added_by: keyOf('Erik') }),
  ]);
  world.contacts.push(person('Erik', TEAM, now, { role: 'admin', last_seen: now - 4 * DAY }));
}

let serial = 0;

function say(
  world: World,
  network: string,
  name: string,
  mine: boolean,
  text: string,
  at: number,
  state: MessageState = 'read',
  more: Partial<Message> = {},
): Message {
  const peer = keyOf(name);
  serial += 1;
  const id = `0199${String(serial).padStart(8, '0')}`;
  const message: Message = {
    id,
    network,
    peer,
    from: mine ? ME : peer,
    text,
    sent_at: at,
    state,
    ...more,
  };
  world.messages.push(message);
  return message;
}

function addMessages(world: World, now: number): void {
  const today = new Date(now).setHours(9, 12, 0, 0);
  const yesterday = today - DAY;
  say(
    world,
    'public',
    'Maximiliane Wolkenstein-Trostburg von und zu Hohenfels',
    false,
    'The letters are in the blue box, second shelf.',
    now - 9 * DAY,
  );
  say(world, 'public', 'Dmitri', true, 'Did the part arrive?', now - 3 * DAY, 'queued');
  say(world, 'public', 'Bob', false, 'Are you coming on Saturday?', yesterday);
  say(
    world,
    'public',
    'Bob',
    true,
    'Yes. I bring the soldering iron, and the good coffee.',
    yesterday + 3 * MINUTE,
  );
  say(world, 'public', 'Bob', false, 'The good coffee matters more.', yesterday + 4 * MINUTE);
  const question = say(
    world,
    'public',
    'Bob',
    false,
    'One question about the hub: does it keep messages for the tablet while it is off, or only for phones and laptops? Nora asked, and I was not sure what to tell her.',
    today,
  );
  say(
    world,
    'public',
    'Bob',
    true,
    'Not yet. The tablet gets them from you when both are on.',
    today + 6 * MINUTE,
    'read',
    { reply_to: question.id },
  );
  say(world, 'public', 'Bob', false, 'ok', today + 7 * MINUTE);
  say(world, 'public', 'Bob', false, 'then I leave it on over night', today + 7.2 * MINUTE);
  say(
    world,
    'public',
    'Bob',
    true,
    'Good. I sent you the address:\nstreembit:seed/AbCdEfGh1234567890',
    today + 9 * MINUTE,
    'read',
  );
  say(world, 'public', 'Bob', true, 'See you then', today + 10 * MINUTE, 'delivered');
  say(world, 'public', 'Charlotte Okonkwo', false, 'Thank you!', now - 50 * MINUTE);
  say(
    world,
    'public',
    'Charlotte Okonkwo',
    true,
    'Sending the drawings tonight.',
    now - 41 * MINUTE,
    'sent',
  );
  say(
    world,
    'public',
    'שרה לוי',
    false,
    'שלום, מה שלומך? נתראה ביום שבת',
    now - 6 * MINUTE,
    'delivered',
  );
  say(world, 'public', 'Yuki', true, 'This one was refused', now - 2 * DAY, 'failed', {
    failure: 'too_large',
  });
  world.unread.set(`public/${keyOf('שרה לוי')}`, 2);
  say(world, HOME, 'Bob', false, 'The heating is on eco now.', now - 25 * MINUTE, 'delivered');
  say(world, HOME, 'Nora', true, 'The key is under the stone', now - 26 * HOUR, 'queued');
  world.unread.set(`${HOME}/${keyOf('Bob')}`, 1);
  const roll = random(11);
  for (let index = 0; index < 180; index += 1) {
    const words = [
      'yes',
      'no',
      'maybe later',
      'the lamp is on',
      'call me',
      'on my way',
      'look at this',
    ];
    const text = words[Math.floor(roll() * words.length)] ?? '';
    say(
      world,
      'public',
      'Yuki',
      roll() > 0.5,
      `${text} (${index})`,
      now - 12 * DAY + index * 71 * MINUTE,
      'read',
    );
  }
  world.messages.sort((a, b) => a.sent_at - b.sent_at);
}

function addDevices(world: World, now: number): void {
  const board = keyOf('Kitchen board');
  const add = (
    host: string,
    name: string,
    td: Record<string, unknown>,
    values: Record<string, unknown>,
    more: Partial<Device> = {},
    age = 0,
  ) => {
    const thing = `streembit://${host}/${name}`;
    const title = more.title ?? String(td['title']);
    world.devices.push({
      device: host,
      thing,
      title,
      network: HOME,
      state: 'online',
      reason: null,
      last_seen: now,
      level: 'owner',
      types: td['@type'] as string[],
      values: Object.fromEntries(initialValues(values, now - age)),
      ...more,
    });
    world.descriptions.set(thing, { ...td, title });
    world.properties.set(thing, initialValues(values, now - age));
    return thing;
  };
  add(
    board,
    'lamp',
    LAMP,
    { on: true, level: 62, colour: '#ffd28a', temperature: 31.4 },
    { room: 'Living room' },
  );
  const slow = add(
    board,
    'ceiling',
    LAMP,
    { on: false, level: 20, colour: '#ffffff', temperature: 24 },
    { title: 'Ceiling light', room: 'Kitchen' },
  );
  const ceiling = world.properties.get(slow);
  ceiling?.set('on', {
    reported: false,
    target: true,
    pending_since: now - 8_000,
    at: now - MINUTE,
  });
  world.slow.add(slow);
  add(
    board,
    'heating',
    THERMOSTAT,
    { temperature: 20.6, target: 21, mode: 'eco', heating: true },
    { room: 'Living room' },
  );
  add(
    board,
    'lock',
    LOCK,
    { state: 'locked', autoLock: true, label: 'Welcome', delay: 30, sound: 'chime' },
    { room: 'Hall', level: 'view' },
  );
  add(
    keyOf('Old tablet'),
    'sensor',
    SENSOR,
    { temperature: 11.2, humidity: 74, battery: 9 },
    {
      room: 'Balcony',
      state: 'offline',
      last_seen: now - 26 * HOUR,
      reason: 'It went away without saying why.',
    },
    26 * HOUR,
  );
  add(
    board,
    'sensor',
    SENSOR,
    { temperature: 22.1, humidity: 48, battery: 88 },
    { title: 'Kitchen air', room: 'Kitchen' },
  );
  world.grants.set(board, [
    {
      peer: ME,
      name: 'Alice',
      level: 'owner',
      expires_at: null,
      issued_by: ME,
      issued_at: now - 12 * DAY,
      affordances: [],
    },
    {
      peer: keyOf('Bob'),
      name: 'Bob',
      level: 'operate',
      expires_at: now + 14 * DAY,
      issued_by: ME,
      issued_at: now - 5 * DAY,
      affordances: [],
    },
  ]);
}

function addGate(world: World, now: number): void {
  world.refusals = [
    {
      id: 'r3',
      at: now - 4 * MINUTE,
      network: HOME,
      peer: keyOf('Eve'),
      node: nodeOf('Eve'),
      address: '/ip4/192.168.1.77/udp/51123/quic-v1',
      direction: 'inbound',
      reason: 'not_listed',
    },
    {
      id: 'r2',
      at: now - 9 * MINUTE,
      network: HOME,
      peer: keyOf('Eve'),
      node: nodeOf('Eve'),
      address: '/ip4/192.168.1.77/tcp/51120',
      direction: 'inbound',
      reason: 'not_listed',
    },
    {
      id: 'r1',
      at: now - 3 * HOUR,
      network: HOME,
      node: nodeOf('x'),
      address: '/ip4/198.51.100.4/tcp/40222',
      direction: 'inbound',
      reason: 'timeout',
    },
    {
      id: 'r0',
      at: now - 2 * DAY,
      network: 'public',
      peer: keyOf('Mallory'),
      node: nodeOf('Mallory'),
      address: '/ip4/203.0.113.9/tcp/4001',
      direction: 'inbound',
      reason: 'blocked',
    },
  ];
  const peer = (name: string, transport: 'quic' | 'tcp', rtt: number, index: number) => ({
    peer: keyOf(name),
    node: nodeOf(name),
    name,
    address: `/ip4/192.168.1.${30 + index}/${transport === 'quic' ? 'udp' : 'tcp'}/4100${index}${transport === 'quic' ? '/quic-v1' : ''}`,
    transport,
    relayed: false,
    rtt_ms: rtt,
    since: now - (index + 1) * 37 * MINUTE,
  });
  world.peers.set(HOME, [
    peer('Bob', 'quic', 3, 1),
    peer('Hallway hub', 'quic', 1, 2),
    peer('Kitchen board', 'tcp', 2, 3),
  ]);
  world.peers.set('public', [
    peer('Bob', 'quic', 24, 1),
    { ...peer('seed', 'tcp', 61, 4), name: null },
  ]);
  world.log.set(HOME, [
    {
      id: 'o4',
      at: now - 2 * DAY,
      author: ME,
      author_name: 'Alice',
      node: null,
      operation: 'add',
      peer: keyOf('Nora'),
      name: 'Nora',
      role: 'member',
      heads: ['o3'],
    },
    {
      id: 'o3',
      at: now - 6 * DAY,
      author: ME,
      author_name: 'Alice',
      node: null,
      operation: 'remove',
      peer: keyOf('Eve'),
      name: null,
      role: null,
      heads: ['o2'],
    },
    {
      id: 'o2',
      at: now - 12 * DAY,
      author: ME,
      author_name: 'Alice',
      node: null,
      operation: 'add',
      peer: keyOf('Hallway hub'),
      name: 'Hallway hub',
      role: 'hub',
      heads: ['o1'],
    },
    {
      id: 'o1',
      at: now - 13 * DAY,
      author: ME,
      author_name: 'Alice',
      node: null,
      operation: 'add',
      peer: keyOf('Eve'),
      name: 'Eve',
      role: 'member',
      heads: ['o0'],
    },
    {
      id: 'o0',
      at: now - 40 * DAY,
      author: ME,
      author_name: 'Alice',
      node: null,
      operation: 'genesis',
      peer: ME,
      name: 'Alice',
      role: 'admin',
      heads: [],
    },
  ]);
}
