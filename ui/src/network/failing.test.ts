import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fullWorld, HOME } from '$lib/host/fake/full';
import { stage, startApp } from '$lib/testing/stage';
import Peers from './Peers.svelte';

test('says in place what could not be read, and reads it again when told to', async () => {
  const world = fullWorld();
  world.failing.set('network_peers', 'storage');
  const { app, host } = await startApp(world);
  const network = app.networks.find(HOME);
  if (!network) throw new Error('there is a network called Home');
  stage(app, Peers, { network });
  expect((await screen.findByRole('alert')).textContent).toContain('The disk is full');

  host.world.failing.clear();
  await userEvent.setup().click(screen.getByText('Try again'));

  expect(await screen.findByTestId('peers')).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
});
