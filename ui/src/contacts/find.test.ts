import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { keyOf } from '$lib/host/fake/keys';
import { stage, startApp } from '$lib/testing/stage';
import FindDialog from './FindDialog.svelte';

async function find(name: string, failing?: string) {
  const { app, host } = await startApp();
  if (failing) host.world.failing.set('contact_find', failing);
  const onclose = vi.fn();
  stage(app, FindDialog, { onclose });
  const user = userEvent.setup();
  await user.type(screen.getByTestId('find-name'), `${name}{Enter}`);
  return { app, host, onclose, user };
}

test('warns that several go by one name, shows their fingerprints, and asks the one chosen', async () => {
  const { host, onclose, user } = await find('Sam');
  const peer = keyOf('found Sam 2');

  const dialog = await screen.findByTestId('found');
  expect(dialog.querySelectorAll('li')).toHaveLength(2);
  expect(screen.getByText('2 go by this name. Compare the fingerprint with the one you mean.'));
  await user.click(screen.getByTestId(`find-ask-${peer}`));

  await vi.waitFor(() => expect(onclose).toHaveBeenCalled());
  expect(host.calls.find((call) => call.name === 'contact_add')?.args).toEqual({ peer });
});

test('says that nobody was found, and why that may be', async () => {
  await find('Nobody');

  expect((await screen.findByTestId('find-none')).textContent).toContain('They may be away');
});

test('says in place why it could not look', async () => {
  await find('Sam', 'timeout');

  expect(await screen.findByRole('alert')).toBeTruthy();
});
