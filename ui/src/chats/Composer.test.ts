import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { keyOf } from '$lib/host/fake/keys';
import { stage, startApp } from '$lib/testing/stage';
import { Acting } from './acting.svelte';
import Composer from './Composer.svelte';

async function compose() {
  const { app, host } = await startApp();
  const thread = app.chats.thread('public', keyOf('Bob'));
  const acting = new Acting(app, thread);
  const view = stage(app, Composer, {
    thread,
    name: 'Bob',
    acting,
  });
  return {
    app,
    host,
    thread,
    acting,
    view,
    field: screen.getByLabelText('Message to Bob in Public'),
  };
}

test('sends with Enter and breaks the line with Shift and Enter', async () => {
  const { host, field } = await compose();
  const user = userEvent.setup();

  await user.type(field, 'one{Shift>}{Enter}{/Shift}two{Enter}');

  const sent = host.calls.filter((call) => call.name === 'message_send');
  expect(sent.map((call) => call.args)).toMatchObject([{ text: 'one\ntwo' }]);
  await vi.waitFor(() => expect(field).toHaveProperty('value', ''));
});

test('keeps the draft for the conversation it belongs to', async () => {
  const { app, field, thread } = await compose();

  await userEvent.setup().type(field, 'half a thou');

  expect(app.chats.draft('public', thread.peer)).toBe('half a thou');
  expect(app.chats.draft('public', keyOf('Yuki'))).toBe('');
});

test('keeps what was written when the node did not take it', async () => {
  const { app, host, field } = await compose();
  host.world.failing.set('message_send', 'storage');

  await userEvent.setup().type(field, 'precious{Enter}');

  await vi.waitFor(() => expect(app.toasts.items).toHaveLength(1));
  expect(field).toHaveProperty('value', 'precious');
});

test('edits the last message with Arrow up, and gives the draft back afterwards', async () => {
  const { app, host, thread, field } = await compose();
  await thread.load();
  const user = userEvent.setup();
  const last = thread.messages.findLast((each) => each.from === app.account.peer);

  await user.type(field, '{ArrowUp}');
  await vi.waitFor(() => expect(field).toHaveProperty('value', last?.text));
  await user.type(field, ', at noon{Enter}');

  await vi.waitFor(() => expect(field).toHaveProperty('value', ''));
  const edits = host.calls.filter((call) => call.name === 'message_edit');
  expect(edits.map((call) => call.args)).toMatchObject([
    { id: last?.id, text: `${last?.text ?? ''}, at noon` },
  ]);
  expect(thread.find(last?.id ?? '')?.edited_at).toBeDefined();
});

test('leaves a message as it was with Escape', async () => {
  const { host, thread, acting, field } = await compose();
  await thread.load();
  const user = userEvent.setup();

  await user.type(field, '{ArrowUp}');
  await vi.waitFor(() => expect(acting.editing).not.toBeNull());
  await user.type(field, 'nonsense{Escape}');

  await vi.waitFor(() => expect(field).toHaveProperty('value', ''));
  expect(host.calls.some((call) => call.name === 'message_edit')).toBe(false);
});
