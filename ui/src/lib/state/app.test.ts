import { expect, test, vi } from 'vitest';
import { fullWorld, HOME } from '../host/fake/full';
import { keyOf } from '../host/fake/keys';
import { startApp } from '../testing/stage';
import { tintOf } from './networks.svelte';

test('reads everything anew when it was too slow for the events', async () => {
  const { app, host } = await startApp();
  host.calls.length = 0;

  host.emit({ type: 'lagged', at: 1, missed: 40 });
  await vi.waitFor(() => expect(host.calls.map((call) => call.name)).toContain('gate_log'));

  expect(host.calls.map((call) => call.name)).toEqual(
    expect.arrayContaining([
      'networks_list',
      'contacts_list',
      'conversations_list',
      'devices_list',
    ]),
  );
  expect(app.loadFailure).toBeNull();
});

test('reads everything once more when it misses something while it reads', async () => {
  const { app, host } = await startApp();
  host.delayMs = 5;
  host.calls.length = 0;

  const first = app.loadAll();
  host.emit({ type: 'lagged', at: 1, missed: 40 });
  await first;

  expect(host.calls.filter((call) => call.name === 'devices_list')).toHaveLength(2);
});

test('opens a link from outside for inspection and does nothing else', async () => {
  const { app, host } = await startApp();
  host.calls.length = 0;

  host.emit({ type: 'link', at: 1, link: 'streembit:seed/abc' });

  expect(app.panels.open).toEqual({ kind: 'paste', link: 'streembit:seed/abc' });
  expect(host.calls).toEqual([]);
});

test('keeps networks apart: contacts, unread and the chosen one', async () => {
  const { app } = await startApp();

  expect(app.chats.unreadIn('public')).toBe(3);
  expect(app.chats.unreadIn(HOME)).toBe(1);
  app.networks.choose(HOME);

  expect(app.contacts.of(HOME).every((each) => each.network === HOME)).toBe(true);
  expect(app.networks.isPrivate).toBe(true);
});

test('takes a request off the list and says so when it is refused for good', async () => {
  const { app } = await startApp();
  const peer = keyOf('Hannah');
  const text = 'Hannah does not take your contact request.';

  app.on({ type: 'contact', at: 1, network: 'public', peer, contact: null });
  app.on({ type: 'notice', at: 1, code: 'contact_refused', text });

  expect(app.contacts.find('public', peer)).toBeUndefined();
  expect(app.toasts.items.map((each) => each.text)).toEqual([text]);
});

test('falls back to the public network when the chosen one is gone', async () => {
  const { app } = await startApp();
  app.networks.choose(HOME);

  app.on({ type: 'network', at: 1, id: HOME, network: null });

  expect(app.networks.key).toBe('public');
});

test('shows where someone is as soon as it is known', async () => {
  const { app } = await startApp();
  const peer = keyOf('Dmitri');

  app.on({ type: 'presence', at: 1, network: 'public', peer, presence: 'online', last_seen: 5 });

  expect(app.contacts.find('public', peer)).toMatchObject({ presence: 'online', last_seen: 5 });
});

test('says what could not be read', async () => {
  const world = fullWorld();
  world.failing.set('contacts_list', 'storage');

  const { app } = await startApp(world);

  expect(app.loadFailure).toMatchObject({ code: 'storage' });
});

test('tints private networks and leaves the public one grey', () => {
  expect(tintOf('public').chroma).toBeLessThan(0.02);
  expect(tintOf(HOME).chroma).toBeGreaterThan(0.05);
});
