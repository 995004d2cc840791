import { expect, test, vi } from 'vitest';
import { FakeHost } from '../host/fake';
import { fullWorld } from '../host/fake/full';
import { Thing } from './thing.svelte';

async function lamp() {
  const world = fullWorld();
  const host = new FakeHost(world);
  const url = world.devices.find((each) => each.title === 'Reading lamp')?.thing ?? '';
  const thing = new Thing(host, url);
  host.subscribe((event) => {
    if (event.type === 'property') thing.onProperty(event);
  });
  await thing.load();
  return { thing, host, url };
}

test('keeps what is reported apart from what was asked for', async () => {
  vi.useFakeTimers();
  const { thing } = await lamp();

  await thing.write('on', false);

  expect(thing.property('on')).toMatchObject({ reported: true, target: false });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(thing.property('on')?.reported).toBe(false);
  expect(thing.property('on')?.target).toBeUndefined();
  vi.useRealTimers();
});

test('is not put back by an answer to an earlier question', async () => {
  const { thing, url } = await lamp();
  const at = Date.now() + 60_000;
  thing.onProperty({ type: 'property', thing: url, property: 'level', reported: 10, at });

  thing.onProperty({ type: 'property', thing: url, property: 'level', reported: 62, at: at - 1 });

  expect(thing.property('level')?.reported).toBe(10);
});

test('tells why a write was refused and changes nothing', async () => {
  const { thing, host } = await lamp();
  host.world.failing.set('device_write', 'denied');

  await thing.write('on', false);

  expect(thing.refusal('on')?.code).toBe('denied');
  expect(thing.property('on')).toMatchObject({ reported: true });
});

test('stops following when nobody looks any more', async () => {
  const { thing, host } = await lamp();
  const first = thing.watch();
  const second = thing.watch();

  first();
  expect(host.calls.filter((call) => call.name === 'device_unobserve')).toHaveLength(0);
  second();

  expect(host.calls.filter((call) => call.name === 'device_unobserve')).toHaveLength(1);
});
