import { screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import Board from '../../devices/Board.svelte';
import { FakeHost } from '../host/fake';
import { fullWorld, HOME } from '../host/fake/full';
import type { Device } from '../model';
import { stage, startApp } from '../testing/stage';
import { Devices } from './devices.svelte';

/** A host whose list of devices is on its way until it is told to arrive. */
function slowHost() {
  const host = new FakeHost(fullWorld());
  const old = structuredClone(host.world.devices);
  let arrive: () => void = () => undefined;
  const arrived = new Promise<void>((done) => (arrive = done));
  const call = host.call.bind(host);
  host.call = async (name, ...args) => {
    if (name !== 'devices_list') return call(name, ...args);
    await arrived;
    return old as never;
  };
  return { devices: new Devices(host), old, arrive };
}

function called(device: Device, title: string): Device {
  return { ...device, thing: `${device.thing}/${title}`, title };
}

test('keeps what was claimed or told while an older list was on its way', async () => {
  const { devices, old, arrive } = slowHost();
  const first = old.find((each) => each.network === HOME);
  if (!first) throw new Error('there are devices at home');
  const reading = devices.load();

  const claimed = await devices.claim('streembit:claim/abc', HOME);
  const told = called(first, 'Told');
  devices.onDevice({
    type: 'device',
    at: 1,
    network: HOME,
    peer: first.device,
    device: told,
  });
  arrive();
  await reading;

  expect(devices.of(HOME).map((each) => each.thing)).toEqual(
    expect.arrayContaining([claimed[0]?.thing, told.thing, first.thing]),
  );
});

test('keeps what was removed while an older list was on its way out of it', async () => {
  const { devices, old, arrive } = slowHost();
  const gone = old.find((each) => each.network === HOME)?.device ?? '';
  await devices.claim('streembit:claim/abc', HOME);
  const reading = devices.load();
  const claimed = devices.of(HOME)[0]?.device ?? '';

  devices.onDevice({ type: 'device', at: 1, network: HOME, peer: claimed, device: null });
  arrive();
  await reading;

  expect(devices.of(HOME).some((each) => each.device === claimed)).toBe(false);
  expect(devices.of(HOME).some((each) => each.device === gone)).toBe(true);
});

test('keeps the things of a device in one network when it is gone from another', async () => {
  const { app } = await startApp();
  const host = app.devices.of(HOME)[0]?.device ?? '';

  app.on({ type: 'device', at: 1, network: 'public', peer: host, device: null });

  expect(app.devices.of(HOME).some((each) => each.device === host)).toBe(true);
});

test('shows what was claimed even where the list could not be read', async () => {
  const world = fullWorld();
  world.failing.set('devices_list', 'storage');
  const { app } = await startApp(world);
  app.networks.choose(HOME);
  stage(app, Board, { room: null });
  expect(screen.queryByTestId('board')).toBeNull();

  await app.devices.claim('streembit:claim/abc', HOME);

  expect(await screen.findByTestId('board')).toBeTruthy();
});
