import { screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { keyOf } from '$lib/host/fake/keys';
import { stage, startApp } from '$lib/testing/stage';
import Mailboxes from './Mailboxes.svelte';

const PATIENCE = { timeout: 10_000 };

async function shown(hub: boolean) {
  const { app, host } = await startApp();
  const network = host.world.networks.find((each) => each.kind === 'private');
  if (!network) throw new Error('there is no private network');
  const rest = { added_at: 1, added_by: keyOf('Ann'), online: true, last_seen: null, nodes: [] };
  host.world.members.set(network.network, [
    { peer: keyOf('Hall'), name: 'Hall', role: hub ? 'hub' : 'member', ...rest },
  ]);
  stage(app, Mailboxes, { network });
}

test('names the hubs that keep what is written to somebody who is away', async () => {
  await shown(true);

  const keeper = await screen.findByTestId('mailbox-keeper', {}, PATIENCE);
  expect(keeper.textContent).toContain('Hall');
});

test('says what is missing where nobody keeps anything', async () => {
  await shown(false);

  expect(await screen.findByText(/No hub is a member/, {}, PATIENCE)).toBeDefined();
});
