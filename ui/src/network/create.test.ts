import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { stage, startApp } from '$lib/testing/stage';
import CreateNetworkDialog from './CreateNetworkDialog.svelte';

async function create() {
  const { app, host } = await startApp();
  const onclose = vi.fn();
  stage(app, CreateNetworkDialog, { onclose });
  const user = userEvent.setup();
  await user.type(screen.getByTestId('network-name'), 'Garden{Enter}');
  await screen.findByTestId('recovery-words');
  const words = [...screen.getByTestId('recovery-words').querySelectorAll('.word')].map(
    (word) => word.textContent,
  );
  return { app, host, user, words, onclose };
}

async function giveBack(user: ReturnType<typeof userEvent.setup>, words: readonly string[]) {
  for (const position of [0, 1, 2]) {
    const field = screen.getByTestId(`phrase-check-${position}`);
    await user.type(field, words[Number(field.dataset['index'])] ?? '');
  }
  await user.click(screen.getByTestId('phrase-check'));
}

test('creates in one step, asks for the recovery words back, and goes on to inviting', async () => {
  const { app, user, words, onclose } = await create();
  expect(words).toHaveLength(24);

  await user.click(screen.getByTestId('recovery-kept'));
  await giveBack(user, words);
  await user.click(await screen.findByTestId('network-created-invite'));

  expect(onclose).toHaveBeenCalled();
  expect(app.networks.current?.name).toBe('Garden');
  expect(app.route.item).toBe('members');
  expect(app.panels.open?.kind).toBe('member-add');
});

test('does not let the words go by accident', async () => {
  const { user, words, onclose } = await create();

  await user.click(screen.getByLabelText('Close'));
  expect(await screen.findByTestId('recovery-give-up')).toBeTruthy();
  expect(onclose).not.toHaveBeenCalled();
  await user.click(screen.getByLabelText('Close'));
  expect(screen.getByTestId('recovery-words').textContent).toContain(words[23]);
  await user.click(screen.getByLabelText('Close'));
  await user.click(screen.getByTestId('recovery-back'));
  await user.click(screen.getByLabelText('Close'));
  await user.click(screen.getByTestId('recovery-without'));

  expect(onclose).toHaveBeenCalledOnce();
});

test('does not close while the network is being made', async () => {
  const { app, host } = await startApp();
  const onclose = vi.fn();
  host.delayMs = 20;
  stage(app, CreateNetworkDialog, { onclose });
  const user = userEvent.setup();

  await user.type(screen.getByTestId('network-name'), 'Garden{Enter}');
  await user.click(screen.getByLabelText('Close'));

  expect(onclose).not.toHaveBeenCalled();
  expect(await screen.findByTestId('recovery-words')).toBeTruthy();
});

test('takes no wrong word', async () => {
  const { user } = await create();

  await user.click(screen.getByTestId('recovery-kept'));
  await giveBack(
    user,
    Array.from({ length: 24 }, () => 'wrong'),
  );

  expect(screen.getAllByRole('alert').length).toBeGreaterThan(0);
  expect(screen.queryByTestId('network-created-invite')).toBeNull();
});
