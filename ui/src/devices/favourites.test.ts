import { screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { HOME } from '$lib/host/fake/full';
import { stage, startApp } from '$lib/testing/stage';
import Board from './Board.svelte';

async function board() {
  const { app, host } = await startApp();
  app.networks.choose(HOME);
  stage(app, Board, { room: null });
  return { app, host, user: userEvent.setup() };
}

test('shows what was starred first, and once', async () => {
  const { user } = await board();

  await user.click(screen.getByTestId('star-Reading lamp'));

  const first = await screen.findByTestId('favourites');
  expect(within(first).getByTestId('card-Reading lamp')).toBeTruthy();
  expect(screen.getAllByTestId('card-Reading lamp')).toHaveLength(1);
  expect(screen.getByTestId('board').firstElementChild).toBe(first);
});

test('keeps favourites with the profile, in their order, without things that are gone', async () => {
  const { app, host, user } = await board();
  await app.settings.change({ favourites: ['streembit://gone/lamp'] });

  await user.click(screen.getByTestId('star-Heating'));
  await vi.waitFor(() => expect(app.settings.favourites).toHaveLength(1));
  await user.click(screen.getByTestId('star-Balcony'));
  await vi.waitFor(() => expect(app.settings.favourites).toHaveLength(2));
  await user.click(screen.getByTestId('star-Heating'));

  await vi.waitFor(() =>
    expect(host.world.settings.favourites).toEqual([
      host.world.devices.find((each) => each.title === 'Balcony')?.thing,
    ]),
  );
});
