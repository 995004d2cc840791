import { screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { fullWorld } from '$lib/host/fake/full';
import { stage, startApp } from '$lib/testing/stage';
import Panels from './Panels.svelte';

test('looks at a link from outside as soon as the keys can be read, and not before', async () => {
  const world = fullWorld();
  world.account = { ...world.account, state: 'locked', key_store: 'file' };
  const { app, host } = await startApp(world);
  stage(app, Panels, {});

  host.emit({ type: 'link', at: 1, link: 'streembit:seed/abc' });
  expect(screen.queryByTestId('paste')).toBeNull();
  expect(host.calls.map((call) => call.name)).not.toContain('link_inspect');
  await app.account.unlock('correct horse');

  expect(await screen.findByTestId('link-facts')).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
});
