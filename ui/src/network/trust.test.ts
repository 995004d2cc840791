import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { HOME } from '$lib/host/fake/full';
import { TEAM } from '$lib/host/fake/full/who';
import { keyOf } from '$lib/host/fake/keys';
import { SCENES } from '$lib/host/fake/scenes';
import type { World } from '$lib/host/fake/world';
import type { App } from '$lib/state/app.svelte';
import { stage, startApp } from '$lib/testing/stage';
import PasteDialog from '../shell/PasteDialog.svelte';
import FreshBanner from './FreshBanner.svelte';
import LeaveDialog from './LeaveDialog.svelte';
import Overview from './Overview.svelte';
import { sectionsOf } from './sections';
import Timeline from './Timeline.svelte';

function found(app: App, id: string) {
  const network = app.networks.find(id);
  if (!network) throw new Error('there is such a network');
  return network;
}

async function show(view: typeof Overview, id: string, world?: World) {
  const { app, host } = await startApp(world);
  app.networks.choose(id);
  stage(app, view, { network: found(app, id) });
  return { app, host, user: userEvent.setup() };
}

test('says when the members were confirmed, and lets an admin do it now', async () => {
  const { host, user } = await show(Overview, HOME);

  expect(screen.getByTestId('freshness').dataset['state']).toBe('fresh');
  expect(screen.getByTestId('freshness').textContent).toMatch(
    /Hallway hub confirmed the members\s+\d hours ago/,
  );
  await user.click(screen.getByTestId('confirm-now'));

  await vi.waitFor(() =>
    expect(host.calls.at(-1)).toMatchObject({ name: 'network_confirm', args: { network: HOME } }),
  );
});

test('tells a member whom to ask when nobody confirms the members', async () => {
  await show(Overview, TEAM, SCENES['stale']?.());

  const freshness = screen.getByTestId('freshness');
  await vi.waitFor(() => expect(freshness.textContent).toContain('open their app: Erik.'));
  expect(freshness.dataset['state']).toBe('stale');
  expect(freshness.textContent).toContain('Messages and devices wait');
  expect(screen.queryByTestId('confirm-now')).toBeNull();
});

test('does not say that anybody is cut off where the network only warns', async () => {
  await show(Overview, HOME, SCENES['warned']?.());

  expect(screen.getByTestId('freshness').textContent).toContain('Everything goes on');
  expect(screen.getByTestId('reachability').textContent).toContain('Connected to 4 peers.');
});

test('says above every other view that the members get old, and does not twice', async () => {
  const { app } = await startApp(SCENES['soon']?.());
  app.route.go('chats');
  stage(app, FreshBanner, { network: found(app, HOME) });

  expect(screen.getByTestId('fresh-banner').textContent).toContain('last confirmed');
  app.route.go('network', 'overview');

  await vi.waitFor(() => expect(screen.queryByTestId('fresh-banner')).toBeNull());
});

test('chooses how old the members may get, with what it gains and what it costs', async () => {
  const { host, user } = await show(Overview, HOME);

  await user.click(screen.getByTestId('policy-change'));
  expect(screen.getByTestId('policy-save')).toHaveProperty('disabled', true);
  await user.selectOptions(screen.getByTestId('policy-days'), '14 days');
  expect(screen.getByTestId('policy-consequences').textContent).toContain('after 14 days');
  await user.click(screen.getByTestId('policy-how-warns'));
  expect(screen.getByTestId('policy-consequences').textContent).toContain(
    'no day by which a removal is certain',
  );
  await user.click(screen.getByTestId('policy-save'));

  await vi.waitFor(() => expect(screen.queryByTestId('policy')).toBeNull());
  expect(host.calls.find((call) => call.name === 'network_set_policy')?.args).toEqual({
    network: HOME,
    stale_after_days: 14,
    cuts_off: false,
  });
});

test('becomes an admin by 24 words, written anyhow, and says when they are the wrong ones', async () => {
  const { app, host, user } = await show(Overview, TEAM);
  host.world.failing.set('network_recover', 'denied');
  const words = Array.from({ length: 24 }, (_each, index) => `Word${index}`);

  await user.click(screen.getByTestId('network-recover'));
  await user.type(screen.getByTestId('recover-words'), `${words.slice(1).join('\n')} `);
  expect(screen.getByTestId('recover-act')).toHaveProperty('disabled', true);
  await user.type(screen.getByTestId('recover-words'), words[0] ?? '');
  await user.click(screen.getByTestId('recover-act'));
  expect((await screen.findByTestId('recover-failure')).textContent).toContain('not the recovery');
  host.world.failing.clear();
  await user.click(screen.getByTestId('recover-act'));

  await vi.waitFor(() => expect(app.networks.find(TEAM)?.role).toBe('admin'));
  expect(host.calls.filter((call) => call.name === 'network_recover').at(-1)?.args).toEqual({
    network: TEAM,
    phrase: [...words.slice(1), words[0]].join(' ').toLowerCase(),
  });
  expect([app.route.view, app.route.item]).toEqual(['network', 'members']);
});

test('hands the network over before its only admin leaves', async () => {
  const { app, host } = await startApp();
  app.networks.choose(HOME);
  const onclose = vi.fn();
  stage(app, LeaveDialog, { network: found(app, HOME), onclose });
  const user = userEvent.setup();

  await screen.findByTestId('leave-hand-over');
  await user.selectOptions(screen.getByTestId('leave-heir'), 'Nora');
  await user.type(screen.getByTestId('confirm-name'), 'Home');
  await user.click(screen.getByText('Hand over to Nora and leave'));

  await vi.waitFor(() => expect(onclose).toHaveBeenCalled());
  const acts = host.calls.filter(({ name }) => ['member_set_role', 'network_leave'].includes(name));
  expect(acts.map((call) => call.args)).toEqual([
    { network: HOME, peer: keyOf('Nora'), role: 'admin' },
    { network: HOME },
  ]);
  expect(app.networks.find(HOME)).toBeUndefined();
});

test('offers to hand over when the node knows that no admin would be left', async () => {
  const { app, host } = await startApp();
  app.networks.choose(TEAM);
  host.world.failing.set('network_leave', 'conflict');
  stage(app, LeaveDialog, { network: found(app, TEAM), onclose: () => undefined });
  const user = userEvent.setup();
  expect(screen.queryByTestId('leave-hand-over')).toBeNull();

  await user.type(screen.getByTestId('confirm-name'), 'Workshop');
  await user.click(screen.getByTestId('confirm-act'));

  expect(await screen.findByTestId('leave-hand-over')).toBeTruthy();
  await user.click(screen.getByTestId('leave-members'));
  expect([app.route.view, app.route.item]).toEqual(['network', 'members']);
});

test('says for whom it waits after an invite was accepted, and stops when told to', async () => {
  const { app } = await startApp();
  stage(app, PasteDialog, { link: 'streembit:network/abc/once', onclose: () => undefined });
  const user = userEvent.setup();
  const facts = await screen.findByTestId('link-facts');
  expect(facts.textContent).toContain('A one-time invite');
  expect(facts.textContent).toContain('in 6 days');
  await user.click(screen.getByTestId('link-accept'));
  await vi.waitFor(() => expect(app.networks.current?.name).toBe('Garden'));
  expect([app.route.view, app.route.item]).toEqual(['network', 'overview']);
  expect(sectionsOf(app.networks.current)).toEqual(['overview', 'peers', 'refused']);

  stage(app, Overview, { network: found(app, keyOf('garden')) });
  expect(screen.getByTestId('waiting').textContent).toContain(
    'Waiting for Ann’s app to let you in',
  );
  await user.click(screen.getByTestId('waiting-cancel'));

  await vi.waitFor(() => expect(app.networks.find(keyOf('garden'))).toBeUndefined());
});

test('tells every kind of change in plain words', async () => {
  await show(Timeline as typeof Overview, HOME);

  const lines = [...(await screen.findByTestId('timeline')).querySelectorAll('li')].map((line) =>
    line.querySelector('.said')?.textContent.trim(),
  );

  expect(lines).toEqual([
    'Hallway hub summed up all changes so far',
    'Alice decided that after 7 days without confirmation members are cut off',
    'Alice took one of Bob’s machines off the network',
    'Ivo left',
    'Alice became an admin by the recovery words',
    'Alice added Nora',
    'Alice removed Eve',
    'Alice added Hallway hub as Hub',
    'Alice added Eve',
    'Alice founded Home',
  ]);
});
