import { screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { HOME } from '$lib/host/fake/full';
import { keyOf } from '$lib/host/fake/keys';
import { stage, startApp } from '$lib/testing/stage';
import Invites from './Invites.svelte';
import { DAY_S, inOrder } from './invites';
import MemberAddDialog from './MemberAddDialog.svelte';

async function addDialog(props: { peer?: string } = {}) {
  const { app, host } = await startApp();
  app.networks.choose(HOME);
  await app.gate.loadMembers(HOME);
  const onclose = vi.fn();
  stage(app, MemberAddDialog, { ...props, onclose });
  const last = (name: string) => host.calls.filter((call) => call.name === name).at(-1)?.args;
  return { app, host, onclose, last, user: userEvent.setup() };
}

async function list() {
  const { app, host } = await startApp();
  app.networks.choose(HOME);
  const network = app.networks.find(HOME);
  if (!network) throw new Error('there is a network called Home');
  stage(app, Invites, { network });
  await screen.findByTestId('invites');
  return { app, host, user: userEvent.setup() };
}

test('makes a one-time invite and says what it does', async () => {
  const { user, last } = await addDialog();

  await user.type(screen.getByTestId('invite-name'), 'Omar');
  await user.selectOptions(screen.getByTestId('invite-lasts'), '1 day');
  await user.click(screen.getByTestId('member-role-device'));
  await user.click(screen.getByTestId('member-add'));
  const made = await screen.findByTestId('invite-made');

  expect(last('network_invite')).toEqual({
    network: HOME,
    name: 'Omar',
    role: 'device',
    expires_in_s: DAY_S,
  });
  expect(screen.getByTestId('network-invite-link')).toHaveProperty(
    'value',
    expect.stringContaining('streembit:network/'),
  );
  expect(within(made).getByTestId('qr')).toBeTruthy();
  expect(made.textContent).toContain('It works once');
  expect(made.textContent).toContain('It works until');
  expect(made.textContent).toContain('it has to be running');
});

test('says in place why no invite could be made', async () => {
  const { host, user } = await addDialog();
  host.world.failing.set('network_invite', 'storage');

  await user.click(screen.getByTestId('member-add'));

  expect((await screen.findByRole('alert')).textContent).toContain('The disk is full');
  expect(screen.getByTestId('member-add-dialog')).toBeTruthy();
});

test('adds somebody of the allowlist by name', async () => {
  const { user, last } = await addDialog();

  await user.click(screen.getByTestId('member-way-contact'));
  expect(screen.queryByTestId(`member-contact-${keyOf('Nora')}`)).toBeNull();
  await user.type(screen.getByTestId('member-contact-filter'), 'charl');
  await user.click(screen.getByTestId(`member-contact-${keyOf('Charlotte Okonkwo')}`));
  await user.click(screen.getByTestId('member-add'));

  expect(await screen.findByTestId('member-link-text')).toBeTruthy();
  expect(last('member_add')).toMatchObject({
    peer: keyOf('Charlotte Okonkwo'),
    name: 'Charlotte Okonkwo',
    role: 'member',
  });
});

test('adds by key, and says whose a key is that is in already', async () => {
  const { user, last } = await addDialog();

  await user.click(screen.getByTestId('member-way-key'));
  await user.type(screen.getByTestId('member-key'), keyOf('Nora'));
  expect(screen.getByRole('alert').textContent).toContain('Nora has this key');
  expect(screen.getByTestId('member-add')).toHaveProperty('disabled', true);
  await user.clear(screen.getByTestId('member-key'));
  await user.type(screen.getByTestId('member-key'), keyOf('Somebody'));
  await user.type(screen.getByTestId('member-name'), 'Somebody');
  await user.click(screen.getByTestId('member-add'));

  expect(await screen.findByTestId('member-link-text')).toBeTruthy();
  expect(last('member_add')).toMatchObject({ peer: keyOf('Somebody'), name: 'Somebody' });
});

test('fills in the key of somebody who was refused', async () => {
  const { user, last } = await addDialog({ peer: keyOf('Charlotte Okonkwo') });

  await user.click(screen.getByTestId('member-add'));

  expect(await screen.findByTestId('member-link-text')).toBeTruthy();
  expect(last('member_add')).toMatchObject({ name: 'Charlotte Okonkwo' });
});

test('lists what became of each invite, and takes one back after saying what that means', async () => {
  const { host, user } = await list();

  expect(screen.getByTestId('invite-i2').textContent).toContain('let in Nora');
  expect(screen.getByTestId('invite-i1').textContent).toContain('Ended');
  expect(screen.queryByTestId('invite-i0')?.querySelector('button')).toBeNull();
  await user.click(within(screen.getByTestId('invite-i4')).getByTestId('invite-revoke'));
  expect(screen.getByTestId('confirm').textContent).toContain('from now on is refused');
  await user.click(screen.getByTestId('confirm-act'));

  await vi.waitFor(() =>
    expect(screen.getByTestId('invite-i4').textContent).toContain('Taken back'),
  );
  expect(host.calls.map((call) => call.name)).toContain('network_invite_revoke');
});

test('reads the invites anew when somebody comes in', async () => {
  const { app, host } = await list();
  const invite = host.world.invites.get(HOME)?.[0];
  if (!invite) throw new Error('there is an invite');
  Object.assign(invite, { state: 'used', used_by: keyOf('Omar'), used_at: 1 });

  app.on({ type: 'member', at: 1, network: HOME, peer: keyOf('Omar'), member: null });

  await vi.waitFor(() => expect(screen.getByTestId('invite-i4').textContent).toContain('Used'));
});

test('puts what can still be used first', async () => {
  const { host } = await startApp();

  const states = inOrder(host.world.invites.get(HOME) ?? []).map((each) => each.state);

  expect(states).toEqual(['open', 'open', 'used', 'expired', 'revoked']);
});
