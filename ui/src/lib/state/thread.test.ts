import { expect, test } from 'vitest';
import { FakeHost } from '../host/fake';
import { fullWorld } from '../host/fake/full';
import { keyOf } from '../host/fake/keys';
import { Thread } from './thread.svelte';

function thread() {
  const host = new FakeHost(fullWorld());
  return { host, yuki: new Thread(host, 'public', keyOf('Yuki')) };
}

test('reads the newest page, then older ones, without a gap or a double', async () => {
  const { yuki, host } = thread();
  const all = host.world.messages.filter((each) => each.peer === yuki.peer);

  await yuki.load();
  expect(yuki.messages).toHaveLength(50);
  while (yuki.hasOlder) await yuki.loadOlder();

  expect(yuki.messages.map((each) => each.id)).toEqual(all.map((each) => each.id));
});

test('reads back to a day however far it is, and no further than needed', async () => {
  const { yuki, host } = thread();
  const all = host.world.messages.filter((each) => each.peer === yuki.peer);
  const wanted = all[30];
  if (!wanted) throw new Error('there are many messages');
  await yuki.load();

  const [found, same] = await Promise.all([yuki.reach(wanted.sent_at), yuki.reach(wanted.sent_at)]);

  expect(found?.id).toBe(wanted.id);
  expect(same?.id).toBe(wanted.id);
  expect(new Set(yuki.messages.map((each) => each.id)).size).toBe(yuki.messages.length);
  expect((await yuki.reach(0))?.id).toBe(all[0]?.id);
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

test('puts a late message where its time says', async () => {
  const { yuki } = thread();
  await yuki.load();
  const [third, fourth] = [yuki.messages[3], yuki.messages[4]];
  if (!third || !fourth) throw new Error('there are messages');

  yuki.put({ ...third, id: 'late', sent_at: third.sent_at + 1 });

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
