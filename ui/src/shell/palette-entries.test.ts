import { expect, test } from 'vitest';
import { startApp } from '$lib/testing/stage';
import { entriesOf, matching } from './palette-entries';

test('finds people, devices, networks, settings and acts by their words', async () => {
  const { app } = await startApp();
  const entries = entriesOf(app);
  const first = (typed: string) => matching(entries, typed)[0]?.title;

  expect(first('charl')).toBe('Charlotte Okonkwo');
  expect(first('reading')).toBe('Reading lamp');
  expect(first('worksh')).toBe('Workshop');
  expect(first('privacy')).toBe('Privacy');
  expect(first('create net')).toBe('Create a private network');
});

test('goes to a device in its own network', async () => {
  const { app } = await startApp();

  matching(entriesOf(app), 'reading lamp')[0]?.run();

  expect(app.networks.current?.name).toBe('Home');
  expect(app.route.view).toBe('devices');
});
