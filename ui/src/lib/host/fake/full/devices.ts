import type { Device } from '../../../model';
import { keyOf } from '../keys';
import { initialValues, LAMP, LOCK, SENSOR, THERMOSTAT } from '../things';
import type { World } from '../world';
import { DAY, HOME, HOUR, ME, MINUTE } from './who';

/** A house of things, some of them slow or away. */
export function addDevices(world: World, now: number): void {
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
  const pending = ceiling?.get('on');
  const light = world.devices.find((each) => each.thing === slow);
  if (pending && light) light.values = { ...light.values, on: pending };
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
