import { fireEvent, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { expect, test, vi } from 'vitest';
import { stage, startApp } from '$lib/testing/stage';
import SliderControl from './SliderControl.svelte';
import { Throttle } from './throttle';

async function slider() {
  const { app, host } = await startApp();
  const url = host.world.devices.find((each) => each.title === 'Reading lamp')?.thing ?? '';
  const thing = app.devices.thing(url);
  await thing.load();
  const field = thing.description?.properties.find((each) => each.name === 'level');
  if (!field) throw new Error('the lamp has a level');
  stage(app, SliderControl, { thing, field, canAct: true });
  const input = screen.getByLabelText<HTMLInputElement>('Brightness');
  const writes = () => host.calls.filter((call) => call.name === 'device_write');
  return { app, host, thing, url, input, writes };
}

test('never writes because of an update', async () => {
  const { thing, url, input, writes } = await slider();
  const at = Date.now() + 1_000;

  thing.onProperty({ type: 'property', thing: url, property: 'level', reported: 17, at });
  await tick();

  expect(input.value).toBe('17');
  expect(writes()).toEqual([]);
});

test('writes once on release', async () => {
  const { input, writes } = await slider();

  await fireEvent.input(input, { target: { value: '40' } });
  await fireEvent.change(input, { target: { value: '40' } });

  expect(writes().map((call) => call.args)).toMatchObject([{ property: 'level', value: 40 }]);
});

test('says what is asked for while it is not confirmed', async () => {
  const { thing } = await slider();

  await thing.write('level', 80);
  await tick();

  expect(screen.getByTestId('pending-level').textContent).toContain('Asked for 80 %');
});

test('lets at most five values a second through while dragged, and the last one', () => {
  vi.useFakeTimers();
  const sent: number[] = [];
  const throttle = new Throttle<number>(200, (value) => sent.push(value));

  for (let value = 0; value < 100; value += 1) {
    throttle.push(value);
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(500);

  expect(sent.length).toBeLessThanOrEqual(6);
  expect(sent.at(-1)).toBe(99);
  vi.useRealTimers();
});
