import { screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { fullWorld, HOME } from '$lib/host/fake/full';
import { keyOf } from '$lib/host/fake/keys';
import type { World } from '$lib/host/fake/world';
import { stage, startApp } from '$lib/testing/stage';
import ListFile from './ListFile.svelte';
import Members from './Members.svelte';
import Refused from './Refused.svelte';

type View = typeof Members;

/** A world whose home has a thousand sensors more, and a file with as many to come in. */
function crowd(): World {
  const world = fullWorld();
  const members = world.members.get(HOME) ?? [];
  const [model] = members;
  if (!model) throw new Error('somebody lives there');
  const sensors = Array.from({ length: 1000 }, (_each, index) => ({
    ...model,
    peer: keyOf(`sensor ${index}`),
    name: `Sensor ${index}`,
    role: 'device' as const,
  }));
  world.members.set(HOME, [...members, ...sensors]);
  world.listed = { ...world.listed, added: sensors };
  return world;
}

async function show(view: View, world?: World) {
  const { app, host } = await startApp(world);
  app.networks.choose(HOME);
  const network = app.networks.find(HOME);
  if (!network) throw new Error('there is a network called Home');
  stage(app, view, { network });
  return { app, host, user: userEvent.setup() };
}

test('says before and after a removal who is cut off, who is not yet, and until when', async () => {
  const { app, user } = await show(Members);
  const nora = keyOf('Nora');

  await user.click(await screen.findByTestId(`member-menu-${nora}`));
  await user.click(within(screen.getByTestId(`member-${nora}`)).getByTestId('member-remove'));
  const before = screen.getByTestId('confirm').textContent;
  await user.click(screen.getByTestId('confirm-act'));
  const after = (await screen.findByTestId('member-removed')).textContent;

  expect(before).toContain('Who hears nothing for 7 days accepts nobody any more.');
  expect(before).toContain('To take it back, add the same key again.');
  expect(after).toContain('Disconnected from 3 members.');
  expect(after).toMatch(
    /1 member that is offline will refuse Nora on its return, and by .+ at the/,
  );
  expect(after).toContain('Still away: Kitchen board.');
  expect(screen.queryByTestId(`member-${nora}`)).toBeNull();

  await user.click(screen.getByTestId('member-again'));
  expect(await screen.findByTestId(`member-${nora}`)).toBeTruthy();
  expect(screen.queryByTestId('member-removed')).toBeNull();
  expect(app.gate.removal(HOME)).toBeUndefined();
});

test('names no day where the network only warns', async () => {
  const { app, host, user } = await show(Members);
  const nora = keyOf('Nora');
  const home = host.world.networks.find((each) => each.network === HOME);
  if (home) home.policy = { stale_after_days: 7, cuts_off: false };
  await app.networks.load();

  await user.click(await screen.findByTestId(`member-menu-${nora}`));
  await user.click(within(screen.getByTestId(`member-${nora}`)).getByTestId('member-remove'));
  await user.click(screen.getByTestId('confirm-act'));

  expect((await screen.findByTestId('member-removed')).textContent).toContain(
    'This network only warns, so there is no day by which that is certain.',
  );
});

test('says what an admin gains before somebody is made one', async () => {
  const { app, user } = await show(Members);
  const nora = keyOf('Nora');

  await user.click(await screen.findByTestId(`member-menu-${nora}`));
  await user.click(within(screen.getByTestId(`member-${nora}`)).getByTestId('member-promote'));
  expect(screen.getByTestId('role-consequences').textContent).toContain('removing anybody');
  await user.click(screen.getByTestId('role-save'));

  await vi.waitFor(() =>
    expect(app.gate.members(HOME)?.find((each) => each.peer === nora)?.role).toBe('admin'),
  );
});

test('draws a long list part by part and finds who is further down', async () => {
  const { user } = await show(Members, crowd());

  const drawn = (await screen.findByTestId('members')).querySelectorAll('li');
  expect(screen.getByText('1,003 devices', { selector: 'h2' })).toBeTruthy();
  expect(drawn.length).toBeLessThan(130);
  expect(screen.queryByText('Sensor 997')).toBeNull();
  await user.click(screen.getByTestId('members-filter'));
  await user.paste('sensor 997');

  expect(await screen.findByText('Sensor 997')).toBeTruthy();
});

test('shows what a list of 1,000 would change, its sum first, before anything happens', async () => {
  const { host, user } = await show(ListFile, crowd());

  await user.click(screen.getByTestId('list-import'));
  const preview = await screen.findByTestId('list-preview');

  expect(screen.getByTestId('list-sum').textContent).toContain('1,000 would come in');
  expect(preview.textContent).toContain('was: Member');
  expect(preview.querySelectorAll('li').length).toBeLessThan(100);
  const imports = () => host.calls.filter((call) => call.name === 'network_import');
  expect(imports().map((call) => call.args)).toEqual([expect.objectContaining({ dry_run: true })]);
  await user.click(screen.getByTestId('list-apply'));
  await vi.waitFor(() => expect(screen.queryByTestId('list-preview')).toBeNull());
  expect(imports().at(-1)?.args).toMatchObject({ dry_run: false });
});

test('says in place why a list cannot be read', async () => {
  const { host, user } = await show(ListFile);
  host.world.failing.set('network_import', 'storage');

  await user.click(screen.getByTestId('list-import'));

  expect((await screen.findByTestId('list-failure')).textContent).toContain('The disk is full');
});

test('calls a former member by name, says why and how often, and lets an admin add a stranger', async () => {
  const { app, user } = await show(Refused);

  const rows = await screen.findByTestId('refused');
  await vi.waitFor(() => expect(rows.textContent).toContain('Eve'));
  expect(rows.textContent).toContain('Former member');
  expect(rows.textContent).toContain('2 times since');
  expect(rows.textContent).toContain('192.168.1.77 in your local network, over QUIC');
  await user.click(screen.getAllByTestId('refused-add')[0] ?? rows);

  expect(app.panels.open).toEqual({
    kind: 'member-add',
    peer: keyOf('Charlotte Okonkwo'),
    name: 'Charlotte Okonkwo',
  });
});

test('does not offer to add whoever was let in since', async () => {
  const world = fullWorld();
  const members = world.members.get(HOME) ?? [];
  const [someone] = members;
  if (!someone) throw new Error('a member');
  const charlotte = { ...someone, peer: keyOf('Charlotte Okonkwo'), name: 'Charlotte' };
  world.members.set(HOME, [...members, charlotte]);

  await show(Refused, world);

  const said = await screen.findByText(/they are a member now/);
  const row = said.closest<HTMLElement>('.refused');
  expect(row?.textContent).toContain('Charlotte');
  expect(row?.querySelector('button')).toBeNull();
});

test('counts what was refused for each network, until somebody looks there', async () => {
  const { app, host } = await startApp();
  const [refused] = host.world.refusals;
  if (!refused) throw new Error('somebody was refused');

  app.on({ type: 'refused', at: 1, refused: { ...refused, id: 'a', network: HOME } });
  app.on({ type: 'refused', at: 1, refused: { ...refused, id: 'b', network: 'public' } });
  app.gate.seen(HOME);

  expect([app.gate.unseen(HOME), app.gate.unseen('public')]).toEqual([0, 1]);
});

test('points from a notice about knocking to the page that tells of it', async () => {
  const { app, host } = await startApp();
  const [refused] = host.world.refusals;
  if (!refused) throw new Error('somebody was refused');
  app.on({ type: 'refused', at: 1, refused: { ...refused, id: 'a', network: HOME } });

  app.on({ type: 'notice', at: 1, code: 'knocking', text: 'Eve keeps trying.' });
  const toast = app.toasts.items.at(-1);
  toast?.act?.run();

  expect(toast?.text).toBe('Eve keeps trying.');
  expect([app.networks.key, app.route.view, app.route.item]).toEqual([HOME, 'network', 'refused']);
});
