import { expect, test, vi } from 'vitest';
import { FakeHost } from '../host/fake';
import { crowdedWorld } from '../host/fake/crowded';
import { fullWorld } from '../host/fake/full';
import { keyOf } from '../host/fake/keys';
import { MOST } from './run';
import { Thread } from './thread.svelte';

function thread() {
  const host = new FakeHost(fullWorld());
  return { host, yuki: new Thread(host, 'public', keyOf('Yuki')) };
}

test('reads the newest page, then older ones, without a gap or a double', async () => {
  const { yuki, host } = thread();
  const all = host.world.messages.filter((each) => each.peer === yuki.peer);

  await yuki.load();
  expect(yuki.messages).toHaveLength(60);
  while (yuki.hasOlder) await yuki.loadOlder();

  expect(yuki.messages.map((each) => each.id)).toEqual(all.map((each) => each.id));
});

test('goes to a day however far it is, and reads no more than a page for it', async () => {
  const { yuki, host } = thread();
  const all = host.world.messages.filter((each) => each.peer === yuki.peer);
  const wanted = all[30];
  if (!wanted) throw new Error('there are many messages');
  await yuki.load();

  const call = vi.spyOn(host, 'call');

  expect((await yuki.reach(wanted.sent_at))?.id).toBe(wanted.id);
  expect(yuki.messages.length).toBeLessThanOrEqual(60);
  expect((await yuki.reach(wanted.sent_at + 1))?.id).toBe(all[31]?.id);
  expect(call).toHaveBeenCalledTimes(1);
  expect((await yuki.reach(0))?.id).toBe(all[0]?.id);
});

test('goes on in both directions from where it was, to both ends, without a gap or a double', async () => {
  const { yuki, host } = thread();
  const all = host.world.messages.filter((each) => each.peer === yuki.peer).map((each) => each.id);
  const middle = all[all.length >> 1] ?? '';
  await yuki.load(middle);
  expect(yuki.hasOlder && yuki.hasNewer).toBe(true);

  while (yuki.hasOlder) await yuki.loadOlder();
  expect(yuki.messages[0]?.id).toBe(all[0]);
  while (yuki.hasNewer) await yuki.loadNewer();

  const read = yuki.messages.map((each) => each.id);
  expect(read).toEqual(all.slice(-read.length));
  expect(read.length).toBeGreaterThan(60);
});

test('keeps no more than a few hundred messages, whichever way one goes', async () => {
  const host = new FakeHost(crowdedWorld());
  const bob = new Thread(host, 'public', keyOf('Bob'));
  await bob.load();

  for (let page = 0; page < 20; page += 1) await bob.loadOlder();
  expect(bob.messages.length).toBeLessThanOrEqual(MOST);
  expect(bob.hasNewer).toBe(true);
  for (let page = 0; page < 30 && bob.hasNewer; page += 1) await bob.loadNewer();

  expect(bob.messages.length).toBeLessThanOrEqual(MOST);
  expect(bob.messages.at(-1)?.id).toBe(
    host.world.messages.findLast((each) => each.peer === bob.peer && each.network === 'public')?.id,
  );
});

test('does not take in at the wrong place what comes while the end is far away', async () => {
  const { yuki, host } = thread();
  const all = host.world.messages.filter((each) => each.peer === yuki.peer);
  await yuki.load(all[40]?.id);
  const last = all.at(-1);
  if (!last) throw new Error('there are messages');
  const news = { ...last, id: 'news', order: last.order + 1 };
  host.world.messages.push(news);

  yuki.put(news);

  expect(yuki.find('news')).toBeUndefined();
  expect(yuki.newest?.id).toBe('news');
  await yuki.toNewest();
  expect(yuki.messages.at(-1)?.id).toBe('news');
});

test('drops what was read for a place that was left meanwhile', async () => {
  const { yuki, host } = thread();
  const all = host.world.messages.filter((each) => each.peer === yuki.peer);
  await yuki.load();

  await Promise.all([yuki.loadOlder(), yuki.reach(all[5]?.sent_at ?? 0)]);

  const places = yuki.messages.map((each) => all.findIndex((one) => one.id === each.id));
  expect(places).toEqual(places.map((_place, index) => (places[0] ?? 0) + index));
});

test('goes to the last message where there is none since', async () => {
  const { yuki } = thread();
  await yuki.load();

  expect((await yuki.reach(Date.now() + 60_000))?.id).toBe(yuki.messages.at(-1)?.id);
});

test('replaces a message whose state changed and keeps the order', async () => {
  const { yuki } = thread();
  await yuki.load();
  const before = yuki.messages.map((each) => each.id);
  const some = yuki.messages[20];
  if (!some) throw new Error('there are messages');

  yuki.put({ ...some, state: 'failed' });

  expect(yuki.messages.map((each) => each.id)).toEqual(before);
  expect(yuki.messages[20]?.state).toBe('failed');
});

test('puts a late message where the node has put it', async () => {
  const { yuki } = thread();
  await yuki.load();
  const [third, fourth] = [yuki.messages[3], yuki.messages[4]];
  if (!third || !fourth) throw new Error('there are messages');

  yuki.put({ ...third, id: 'late', order: third.order + 0.5 });

  expect(yuki.messages[4]?.id).toBe('late');
  expect(yuki.messages[5]?.id).toBe(fourth.id);
});

test('shows nothing of a message that the node did not take', async () => {
  const { yuki, host } = thread();
  await yuki.load();
  host.world.failing.set('message_send', 'full');

  await expect(yuki.send('hello')).rejects.toMatchObject({ code: 'full' });

  expect(yuki.messages.some((each) => each.text === 'hello')).toBe(false);
});
