import { fireEvent, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { fullDate } from '$lib/i18n/calendar';
import { keyOf } from '$lib/host/fake/keys';
import { stage, startApp } from '$lib/testing/stage';
import Conversation from './Conversation.svelte';
import JumpToDate from './JumpToDate.svelte';

// A machine that does much else at once still gets there.
const PATIENCE = { timeout: 10_000 };

/** Opens the calendar; jsdom tells nobody of a popover. */
function open() {
  const box = screen.getByTestId('jump');
  box.dispatchEvent(Object.assign(new Event('beforetoggle'), { newState: 'open' }));
  return box;
}

test('goes to a day by key: arrows move, Enter chooses, the future is not offered', async () => {
  const { app } = await startApp();
  const onjump = vi.fn();
  stage(app, JumpToDate, { onjump });
  const box = open();
  const user = userEvent.setup();
  const today = new Date().setHours(0, 0, 0, 0);
  const there = new Date(today);
  there.setDate(there.getDate() - 8);

  (await within(box).findByLabelText(fullDate(today))).focus();
  await user.keyboard('{ArrowRight}{ArrowUp}{ArrowLeft}{Enter}');

  expect(onjump).toHaveBeenCalledExactlyOnceWith(there.getTime());
});

test('shows the message that a search has found', async () => {
  const { app, host } = await startApp();
  const peer = keyOf('Bob');
  const found = host.world.messages.find((each) => each.text.includes('good coffee'));
  if (!found) throw new Error('they spoke of coffee');
  app.chats.thread('public', peer).want(found);

  stage(app, Conversation, { network: 'public', peer });

  await vi.waitFor(
    () => expect(document.activeElement).toHaveProperty('dataset.id', found.id),
    PATIENCE,
  );
});

test('puts the focus on the day that was asked for', async () => {
  const { app, host } = await startApp();
  const peer = keyOf('Bob');
  stage(app, Conversation, { network: 'public', peer });
  const first = host.world.messages.find((each) => each.peer === peer);
  await screen.findAllByTestId('message', {}, PATIENCE);

  await fireEvent.click(await within(open()).findByText('To the beginning', {}, PATIENCE));

  await vi.waitFor(() => {
    const day = document.activeElement?.closest('[data-row]');
    const message = day?.nextElementSibling?.querySelector('[data-testid=message]');
    expect(message).toHaveProperty('dataset.id', first?.id);
  }, PATIENCE);
});
