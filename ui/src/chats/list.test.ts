import { fireEvent, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { tick } from 'svelte';
import { expect, test, vi } from 'vitest';
import { keyOf } from '$lib/host/fake/keys';
import { stage, startApp } from '$lib/testing/stage';
import ChatList from './ChatList.svelte';

// A machine that does much else at once still gets there.
const PATIENCE = { timeout: 5_000 };

async function list() {
  const { app, host } = await startApp();
  stage(app, ChatList, { chosen: null });
  const row = (name: string) => screen.getByTestId(`chat-${keyOf(name)}`);
  const menu = async (name: string) => {
    await fireEvent.contextMenu(row(name));
    return within(screen.getByTestId('chat-menu'));
  };
  return { app, host, row, menu, user: userEvent.setup() };
}

test('shows pinned conversations first and archived ones apart', async () => {
  const { menu, row } = await list();
  const names = () => screen.getAllByTestId(/^chat-.{20}/).map((each) => each.dataset['testid']);

  expect(names()[0]).toBe(`chat-${keyOf('Bob')}`);
  expect(names()).not.toContain(`chat-${keyOf('Dmitri')}`);
  await fireEvent.click(screen.getByTestId('chats-archived'));
  expect(row('Dmitri')).toBeDefined();

  await fireEvent.click((await menu('Dmitri')).getByTestId('chat-unarchive'));
  await vi.waitFor(() => expect(screen.queryByTestId('chats-archived')).toBeNull());
});

test('archives with a way back', async () => {
  const { app, menu } = await list();

  await fireEvent.click((await menu('Yuki')).getByTestId('chat-archive'));

  await vi.waitFor(() => expect(screen.queryByTestId(`chat-${keyOf('Yuki')}`)).toBeNull());
  app.toasts.items[0]?.act?.run();
  await screen.findByTestId(`chat-${keyOf('Yuki')}`);
});

test('mutes and marks as unread from the menu, and says so in the row', async () => {
  const { app, menu, row } = await list();
  const before = app.chats.unreadIn('public');

  await fireEvent.click((await menu('שרה לוי')).getByTestId('chat-mute'));
  await vi.waitFor(() => expect(row('שרה לוי').textContent).toContain('Muted'));
  expect(app.chats.unreadIn('public')).toBe(before - 2);

  await fireEvent.click((await menu('Bob')).getByTestId('chat-unread'));
  await vi.waitFor(() =>
    expect(within(row('Bob')).getByLabelText('Marked as unread')).toBeDefined(),
  );
  expect(app.chats.unreadIn('public')).toBe(before - 1);
});

test('shows that somebody writes until it is over or a message comes', async () => {
  const { host, row } = await list();
  const peer = keyOf('Bob');
  const writes = (until: number) =>
    host.emit({ type: 'typing', at: Date.now(), network: 'public', peer, until });

  writes(Date.now() + 6_000);
  await vi.waitFor(() => expect(row('Bob').textContent).toContain('is writing'), PATIENCE);
  writes(Date.now());
  await vi.waitFor(() => expect(row('Bob').textContent).not.toContain('is writing'), PATIENCE);

  writes(Date.now() + 6_000);
  await vi.waitFor(() => expect(row('Bob').textContent).toContain('is writing'), PATIENCE);
  const message = host.world.messages.findLast(
    (each) => each.peer === peer && each.network === 'public',
  );
  if (!message) throw new Error('they have spoken');
  const said = (more: Partial<typeof message>) =>
    host.emit({ type: 'message', at: Date.now(), message: { ...message, from: peer, ...more } });
  said({ state: 'read' });
  await tick();
  expect(row('Bob').textContent).toContain('is writing');
  said({ id: 'next', order: message.order + 1 });
  await vi.waitFor(() => expect(row('Bob').textContent).not.toContain('is writing'), PATIENCE);
});

test('keeps drafts in the node', async () => {
  const { app, host, row } = await list();

  app.chats.setDraft('public', keyOf('Bob'), 'half a thought');

  await vi.waitFor(() => expect(row('Bob').textContent).toContain('Draft: half a thought'));
  await vi.waitFor(
    () => {
      const kept = host.calls.filter((call) => call.name === 'conversation_set');
      expect(kept.at(-1)?.args).toMatchObject({ draft: 'half a thought' });
    },
    { timeout: 2_000 },
  );
});
