import { beforeEach, expect, test } from 'vitest';
import { FakeHost } from '../host/fake';
import { emptyWorld } from '../host/fake/world';
import { Zoom } from './zoom.svelte';

beforeEach(() => localStorage.clear());

const drawn = () => document.documentElement.style.zoom;

test('goes up and down in steps, and stops at the ends', async () => {
  const zoom = new Zoom(new FakeHost(emptyWorld()));

  for (let press = 0; press < 9; press += 1) await zoom.step(1);
  expect(zoom.percent).toBe('200');
  expect(drawn()).toBe('2');

  await zoom.reset();
  await zoom.step(-1);
  expect(zoom.percent).toBe('90');
});

test('is remembered, and forgets what is no size', async () => {
  const host = new FakeHost(emptyWorld());
  await new Zoom(host).set('150');
  document.documentElement.style.zoom = '';

  await new Zoom(host).restore();
  expect(drawn()).toBe('1.5');

  localStorage.setItem('zoom', '9000');
  expect(new Zoom(host).percent).toBe('100');
});
