import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { stage, startApp } from '$lib/testing/stage';
import PasteDialog from './PasteDialog.svelte';

test('shows what a link would do and acts only when told to', async () => {
  const { app, host } = await startApp();
  stage(app, PasteDialog, { link: 'streembit:seed/abc', onclose: () => undefined });

  await screen.findByText(/Your node asks this one first/);
  expect(host.calls.filter((call) => call.name === 'seed_add')).toHaveLength(0);
  await userEvent.setup().click(screen.getByTestId('link-accept'));

  expect(host.calls.filter((call) => call.name === 'seed_add')).toHaveLength(1);
});

test('says why a text is no link', async () => {
  const { app } = await startApp();
  stage(app, PasteDialog, { link: 'https://example.org', onclose: () => undefined });

  expect((await screen.findByRole('alert')).textContent).toContain('not a streembit: link');
});
