import { screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import Board from '../devices/Board.svelte';
import { emptyWorld } from '$lib/host/fake/world';
import { SCENES } from '$lib/host/fake/scenes';
import { stage, startApp } from '$lib/testing/stage';
import NetworkView from '../views/NetworkView.svelte';
import MeetStep from './MeetStep.svelte';

beforeEach(() => localStorage.clear());

const house = () => (SCENES['empty'] ?? emptyWorld)();

test('opens the app in the practice network', async () => {
  const { app } = await startApp(house());
  const onfinish = vi.fn();
  stage(app, MeetStep, { onfinish });

  await userEvent.setup().click(screen.getByTestId('practice-start'));

  await waitFor(() => expect(onfinish).toHaveBeenCalledOnce());
  expect(app.networks.current?.name).toBe('Practice');
  expect(app.devices.of(app.networks.key).map((each) => each.title)).toEqual(['Practice lamp']);
});

test('stays where it is and says why when the practice network does not start', async () => {
  const world = house();
  world.failing.set('demo_start', 'storage');
  const { app } = await startApp(world);
  const onfinish = vi.fn();
  stage(app, MeetStep, { onfinish });

  await userEvent.setup().click(screen.getByTestId('practice-start'));

  await waitFor(() => expect(app.toasts.items).toHaveLength(1));
  expect(onfinish).not.toHaveBeenCalled();
  expect(screen.getByTestId('practice-start')).toHaveProperty('disabled', false);
});

test('an empty place for devices offers a practice lamp', async () => {
  const { app } = await startApp(house());
  stage(app, Board, { room: null });

  await userEvent.setup().click(screen.getByTestId('practice-lamp'));

  expect(await screen.findByText('Practice lamp')).toBeTruthy();
});

test('removes the practice network after saying what goes with it', async () => {
  const { app } = await startApp(house());
  await app.practise();
  app.route.go('network', 'overview');
  stage(app, NetworkView, {});
  const user = userEvent.setup();

  await user.click(await screen.findByTestId('practice-remove'));
  expect(screen.getByTestId('confirm').textContent).toContain('conversation with Robin');
  await user.click(screen.getByTestId('confirm-act'));

  await waitFor(() => expect(app.practice.network).toBeNull());
  expect(app.networks.list.map((each) => each.kind)).toEqual(['public']);
  expect(app.devices.of(app.networks.key)).toEqual([]);
});
