import { fireEvent, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { keyOf } from '$lib/host/fake/keys';
import { stage, startApp } from '$lib/testing/stage';
import Conversation from './Conversation.svelte';
import { isEmoji } from './emoji';
import { timeOf } from './message-id';

const PATIENCE = { timeout: 10_000 };

async function converse() {
  const { app, host } = await startApp();
  const peer = keyOf('Bob');
  stage(app, Conversation, { network: 'public', peer });
  await screen.findAllByTestId('message', {}, PATIENCE);
  const bubble = (id: string) => {
    const found = screen.getAllByTestId('message').find((each) => each.dataset['id'] === id);
    if (!found) throw new Error(`message ${id} is not shown`);
    return found;
  };
  const find = (text: string) => {
    const found = host.world.messages.find((each) => each.text.includes(text));
    if (!found) throw new Error(`nobody said ${text}`);
    return found;
  };
  return { app, host, bubble, find, user: userEvent.setup() };
}

test('reacts by key with an emoji of the choice, and takes it back with a click', async () => {
  const { host, bubble, find, user } = await converse();
  const message = find('good coffee matters');

  bubble(message.id).focus();
  await user.keyboard('+');
  const picker = await screen.findByTestId('emoji-picker');
  await user.click(within(picker).getByText('🔥'));

  const chip = await within(bubble(message.id)).findByText('🔥');
  expect(message.reactions.map((each) => each.emoji)).toEqual(['🔥']);
  await user.click(chip);
  await vi.waitFor(() => expect(message.reactions).toEqual([]));
  expect(host.calls.filter((call) => call.name === 'message_react')).toHaveLength(2);
});

test('takes any emoji that is typed, and nothing else', async () => {
  const { bubble, find, user } = await converse();
  const message = find('See you then');
  bubble(message.id).focus();
  await user.keyboard('+');
  const field = await screen.findByTestId('emoji-field');

  await user.type(field, 'ok{Enter}');
  expect(screen.getByText('That is not one emoji.')).toBeDefined();
  await user.clear(field);
  await user.type(field, '🦔{Enter}');

  await vi.waitFor(() => expect(message.reactions.map((each) => each.emoji)).toEqual(['🦔']));
});

test('deletes one’s own for both after it was asked, and another’s only here', async () => {
  const { app, host, bubble, find, user } = await converse();
  const own = find('See you then');
  const theirs = find('leave it on over night');

  bubble(own.id).focus();
  await user.keyboard('{Delete}');
  await user.click(await screen.findByTestId('confirm-act'));
  await within(bubble(own.id)).findByText('You deleted this message');
  bubble(theirs.id).focus();
  await user.keyboard('{Delete}');
  await user.click(await screen.findByTestId('confirm-act'));
  await within(bubble(theirs.id)).findByText('You deleted this message here');

  const deletions = host.calls.filter((call) => call.name === 'message_delete');
  expect(deletions.map((call) => call.args)).toMatchObject([
    { id: own.id, here: false },
    { id: theirs.id, here: true },
  ]);
  expect(app.toasts.items).toEqual([]);
});

test('goes from an answer to what it answers', async () => {
  const { bubble, find } = await converse();
  const answer = find('Not yet. The tablet');

  await fireEvent.click(within(bubble(answer.id)).getByTestId('quote'));

  await vi.waitFor(
    () => expect(document.activeElement).toHaveProperty('dataset.id', answer.reply_to),
    PATIENCE,
  );
});

test('says of a deleted message only that it is gone', async () => {
  const { bubble, find, user } = await converse();
  const stone = find('good coffee matters');
  const gone = document.querySelector<HTMLElement>(
    `[data-row="${stone.id}"] ~ [data-row] [data-id]`,
  );
  expect(gone?.textContent).toContain('deleted this message');

  gone?.focus();
  await user.keyboard('+');

  expect(screen.queryByTestId('emoji-picker')).toBeNull();
  expect(bubble(stone.id)).toBeDefined();
});

test('knows one emoji from anything else', () => {
  for (const emoji of ['👍', '❤️', '👨‍👩‍👧‍👦', '🏳️‍🌈', '🇭🇺', '1️⃣']) expect(isEmoji(emoji)).toBe(true);
  for (const text of ['', 'a', '👍👍', '1', ' ']) expect(isEmoji(text)).toBe(false);
});

test('reads the time of a message from its id', () => {
  expect(timeOf('018bcfe5-6800-7000-8000-000000000000')).toBe(1_700_000_000_000);
  expect(timeOf('nonsense')).toBe(0);
});
