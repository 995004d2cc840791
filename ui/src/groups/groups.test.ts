import { screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { GARDEN } from '$lib/host/fake/full/groups';
import { HOME } from '$lib/host/fake/full/who';
import { keyOf } from '$lib/host/fake/keys';
import { stage, startApp } from '$lib/testing/stage';
import StateMark from '../chats/StateMark.svelte';
import Panels from '../shell/Panels.svelte';
import GroupDialog from './GroupDialog.svelte';
import GroupNote from './GroupNote.svelte';

const NORA = keyOf('Nora');

async function garden() {
  const started = await startApp();
  started.app.networks.choose(HOME);
  const group = started.app.groups.find(GARDEN);
  if (!group) throw new Error('no group');
  return { ...started, group };
}

test('begins a group of those who were chosen, and shows its conversation', async () => {
  const { app } = await garden();
  app.panels.show({ kind: 'group-new' });
  stage(app, Panels, {});
  const create = await screen.findByTestId('group-create');

  expect(create.hasAttribute('disabled')).toBe(true);
  await userEvent.type(screen.getByTestId('group-title'), 'Allotment');
  expect(screen.queryByTestId(`pick-${keyOf('Kitchen board')}`)).toBeNull();
  await userEvent.click(screen.getByTestId(`pick-${NORA}`));
  await userEvent.click(create);

  await vi.waitFor(() => expect(app.route.item).toMatch(/^group:/));
  const made = app.groups.find(app.route.item ?? '');
  expect(made?.title).toBe('Allotment');
  expect(made?.members.map((each) => each.peer)).toEqual([app.account.peer, NORA]);
});

test('asks before somebody is removed, and says what that means', async () => {
  const { app, group } = await garden();
  stage(app, GroupDialog, { group, onclose: () => undefined });

  await userEvent.click(screen.getByTestId(`group-remove-${NORA}`));
  const asked = await screen.findByTestId('confirm');
  within(asked).getByText('Nora can read nothing that is written from now on.');
  await userEvent.click(screen.getByTestId('confirm-act'));

  await vi.waitFor(() =>
    expect(app.groups.find(GARDEN)?.members.some((each) => each.peer === NORA)).toBe(false),
  );
});

test('tells in words what was changed, and how many have a message', async () => {
  const { app, host } = await garden();
  const all = host.world.messages.filter((each) => each.peer === GARDEN);
  const added = all.find((each) => each.note?.peer === NORA);
  const read = all.find((each) => each.reach?.delivered === 2);
  if (!added || !read) throw new Error('nothing was written');

  stage(app, GroupNote, { message: added });
  stage(app, StateMark, { message: read, name: 'Garden', hasWord: true });

  screen.getByText('You added Nora');
  screen.getByText('Read by 1 of 2');
});
