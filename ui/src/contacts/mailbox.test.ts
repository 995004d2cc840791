import { fireEvent, screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import type { AgreementState, KeeperState } from '$lib/api';
import { stage, startApp } from '$lib/testing/stage';
import ContactMailbox from './ContactMailbox.svelte';

const PATIENCE = { timeout: 10_000 };

async function shown(theirs?: KeeperState, mine?: AgreementState) {
  const { app, host } = await startApp();
  const contact = host.world.contacts.find((each) => each.state === 'accepted');
  if (!contact) throw new Error('there is no contact');
  const { peer, name } = contact;
  host.world.mailboxes = {
    keepers: theirs ? [{ peer, name, online: true, state: theirs }] : [],
    agreements: mine ? [{ peer, name, state: mine }] : [],
  };
  stage(app, ContactMailbox, { contact });
  return { host, peer };
}

async function pressed(testid: string) {
  const toggle = await screen.findByTestId(testid, {}, PATIENCE);
  return toggle.getAttribute('aria-checked');
}

test('nobody keeps anything unasked', async () => {
  await shown();

  expect(await pressed('mailbox-theirs')).toBe('false');
  expect(await pressed('mailbox-mine')).toBe('false');
});

test('a contact is asked, and until it agrees that is said', async () => {
  const { host, peer } = await shown();

  await fireEvent.click(await screen.findByTestId('mailbox-theirs', {}, PATIENCE));

  expect(await screen.findByText(/has to agree/, {}, PATIENCE)).toBeDefined();
  expect(host.world.mailboxes.keepers).toMatchObject([{ peer, state: 'asked' }]);
});

test('what somebody asks for is said, and one press agrees', async () => {
  const { host } = await shown(undefined, 'asked');
  expect(await screen.findByText(/asks you/, {}, PATIENCE)).toBeDefined();

  await fireEvent.click(await screen.findByTestId('mailbox-mine', {}, PATIENCE));

  expect(host.world.mailboxes.agreements).toMatchObject([{ state: 'agreed' }]);
});

test('an offer is nothing until it is taken', async () => {
  await shown('offered');

  expect(await pressed('mailbox-theirs')).toBe('false');
  expect(await screen.findByText(/offers/, {}, PATIENCE)).toBeDefined();
});
