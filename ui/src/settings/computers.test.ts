import { screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { SCENES } from '$lib/host/fake/scenes';
import { stage, startApp } from '$lib/testing/stage';
import RemovedBanner from '../shell/RemovedBanner.svelte';
import Computers from './Computers.svelte';

const PATIENCE = { timeout: 10_000 };

async function shown(scene = 'computers') {
  const { app, host } = await startApp(SCENES[scene]?.());
  stage(app, Computers, {});
  return { app, host, user: userEvent.setup() };
}

test('lists the computers, this one first, the removed ones without an act', async () => {
  await shown();

  const rows = await screen.findAllByTestId('computer', {}, PATIENCE);
  expect(rows).toHaveLength(4);
  expect(rows[0]?.textContent).toContain('This computer');
  expect(screen.getAllByTestId('computer-remove')).toHaveLength(2);
});

test('removes a computer only after saying what it means', async () => {
  const { host, user } = await shown();

  const [first] = await screen.findAllByTestId('computer-remove', {}, PATIENCE);
  if (first) await user.click(first);
  const dialog = screen.getByTestId('confirm');
  expect(dialog.textContent).toContain('What it has already stays on it');
  expect(host.calls.some((call) => call.name === 'node_revoke')).toBe(false);
  await user.click(within(dialog).getByTestId('confirm-act'));

  await waitFor(() => expect(screen.getAllByTestId('computer-remove')).toHaveLength(1), PATIENCE);
});

test('hands everything over only when the person says that the digits match', async () => {
  const { host, user } = await shown();

  await user.click(screen.getByTestId('computer-link'));
  const link = await screen.findByTestId('node-link', {}, PATIENCE);
  expect(link).toHaveProperty('value', expect.stringContaining('streembit:node/'));
  host.world.linking = { ...host.world.linking, stage: 'compare', code: '482 913' };
  expect((await screen.findByTestId('link-code', {}, PATIENCE)).textContent).toContain('482 913');
  await user.click(screen.getByTestId('link-match'));
  expect(await screen.findByTestId('linking-progress', {}, PATIENCE)).toBeDefined();
  host.world.linking = { ...host.world.linking, stage: 'done' };

  expect(await screen.findByText('The other computer is linked', {}, PATIENCE)).toBeDefined();
});

test('hands nothing over when the digits differ', async () => {
  const { host, user } = await shown();

  await user.click(screen.getByTestId('computer-link'));
  await screen.findByTestId('node-link', {}, PATIENCE);
  host.world.linking = { ...host.world.linking, stage: 'compare', code: '482 913' };
  await user.click(await screen.findByTestId('link-differ', {}, PATIENCE));

  expect(await screen.findByTestId('linking-closed', {}, PATIENCE)).toBeDefined();
  expect(host.calls.some((call) => call.name === 'node_link_confirm')).toBe(false);
  expect(host.calls.some((call) => call.name === 'node_link_cancel')).toBe(true);
});

test('ends a link that nobody needs any more', async () => {
  const { host, user } = await shown();

  await user.click(screen.getByTestId('computer-link'));
  await screen.findByTestId('node-link', {}, PATIENCE);
  await user.click(screen.getByText('Cancel'));

  expect(host.world.linking.stage).toBe('closed');
});

test('a computer that was removed says so', async () => {
  const { app } = await startApp(SCENES['removed']?.());
  stage(app, RemovedBanner, {});

  expect(await screen.findByText(/was removed from your account/, {}, PATIENCE)).toBeDefined();
});
