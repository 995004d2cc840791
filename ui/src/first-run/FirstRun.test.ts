import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { emptyWorld } from '$lib/host/fake/world';
import { stage, startApp } from '$lib/testing/stage';
import FirstRun from './FirstRun.svelte';

async function first(failing: Record<string, string> = {}) {
  const world = emptyWorld();
  for (const [name, code] of Object.entries(failing)) world.failing.set(name, code);
  const { app, host } = await startApp(world);
  stage(app, FirstRun, {});
  return { app, host, user: userEvent.setup() };
}

test('walks from a name over the words to an invite', async () => {
  const { host, user } = await first();

  await user.type(screen.getByLabelText('Your name'), 'Alice');
  await user.click(screen.getByTestId('first-run-next'));
  const words = (await screen.findByTestId('phrase-words')).querySelectorAll('li');
  expect(words).toHaveLength(24);
  await user.click(screen.getByTestId('phrase-kept'));
  for (const position of [0, 1, 2]) {
    const field = screen.getByTestId(`phrase-check-${position}`);
    const index = Number(field.dataset['index']);
    await user.type(field, words[index]?.querySelector('.word')?.textContent ?? '');
  }
  await user.click(screen.getByTestId('phrase-check'));

  expect(await screen.findByTestId('invite-link')).toHaveProperty(
    'value',
    expect.stringContaining('streembit:invite/'),
  );
  expect(host.world.settings.phrase_kept).toBe(true);
});

test('lets the words wait and remembers that they do', async () => {
  const { host, user } = await first();

  await user.type(screen.getByLabelText('Your name'), 'Alice{Enter}');
  await user.click(await screen.findByTestId('phrase-later'));
  await user.click(await screen.findByTestId('first-run-finish'));

  expect(host.world.settings).toMatchObject({ phrase_kept: false, first_run_done: true });
});

test('refuses a wrong word', async () => {
  const { user } = await first();

  await user.type(screen.getByLabelText('Your name'), 'Alice{Enter}');
  await user.click(await screen.findByTestId('phrase-kept'));
  for (const position of [0, 1, 2])
    await user.type(screen.getByTestId(`phrase-check-${position}`), 'wrong');
  await user.click(screen.getByTestId('phrase-check'));

  expect(screen.getAllByRole('alert')).toHaveLength(3);
});

test('meets a missing keyring in words, with a passphrase file as the choice', async () => {
  const { host, user } = await first({ account_create: 'keyring' });

  await user.type(screen.getByLabelText('Your name'), 'Alice{Enter}');
  await user.click(await screen.findByTestId('keyring-file'));
  host.world.failing.clear();
  await user.type(screen.getByTestId('passphrase'), 'long enough');
  await user.type(screen.getByTestId('passphrase-repeat'), 'long enough');
  await user.click(screen.getByTestId('first-run-next'));

  const made = host.calls.filter((call) => call.name === 'account_create').at(-1);
  expect(made?.args).toMatchObject({ name: 'Alice', key_store: 'file', passphrase: 'long enough' });
});

test('links this computer by the link of another one, and shows the digits to compare', async () => {
  const { host, user } = await first();
  host.world.slow.add('account_link');
  host.world.joining = { active: true, code: '482 913', received: 0, total: null };

  await user.click(screen.getByTestId('first-run-link'));
  await user.type(screen.getByTestId('join-link'), 'streembit:invite/x');
  expect(screen.getByTestId('join-act')).toHaveProperty('disabled', true);
  await user.clear(screen.getByTestId('join-link'));
  await user.type(screen.getByTestId('join-link'), 'streembit:node/x{Enter}');
  await user.click(screen.getByTestId('join-act'));

  expect((await screen.findByTestId('link-code')).textContent).toContain('482 913');
  host.world.joining = { active: true, code: '482 913', received: 3, total: 9 };
  expect(await screen.findByText('Getting everything', {}, { timeout: 5000 })).toBeDefined();
});

test('says that linking failed, and asks for a new link', async () => {
  const { user } = await first({ account_link: 'timeout' });

  await user.click(screen.getByTestId('first-run-link'));
  await user.type(screen.getByTestId('join-link'), 'streembit:node/x');
  await user.click(screen.getByTestId('join-act'));

  expect(await screen.findByTestId('join-failed')).toBeDefined();
  expect(screen.getByTestId('join-link')).toHaveProperty('value', '');
});

test('a link to another computer that was opened waits for a yes', async () => {
  const { app, host } = await first();

  app.on({ type: 'link', at: Date.now(), link: 'streembit:node/x' });

  expect(await screen.findByTestId('join-link')).toHaveProperty('value', 'streembit:node/x');
  expect(host.calls.some((call) => call.name === 'account_link')).toBe(false);
});
