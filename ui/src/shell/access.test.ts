import axe from 'axe-core';
import { cleanup, screen } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { HOME } from '$lib/host/fake/full';
import { keyOf } from '$lib/host/fake/keys';
import type { Panel } from '$lib/state/panels.svelte';
import { stage, startApp } from '$lib/testing/stage';
import Panels from './Panels.svelte';

// What needs a layout is looked at where there is one: by `npm run pictures` and the window tests.
const OPTIONS: axe.RunOptions = {
  resultTypes: ['violations'],
  rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
};

const PANELS: readonly Panel[] = [
  { kind: 'palette' },
  { kind: 'shortcuts' },
  { kind: 'search' },
  { kind: 'write' },
  { kind: 'invite' },
  { kind: 'paste' },
  { kind: 'paste', link: 'streembit:invite/abc' },
  { kind: 'paste', link: 'streembit:nothing/abc' },
  { kind: 'phrase' },
  { kind: 'claim' },
  { kind: 'group-new' },
  { kind: 'network-create' },
  { kind: 'member-add', peer: keyOf('Eve'), name: 'Eve' },
  { kind: 'closing' },
];

afterEach(cleanup);

test.each(PANELS)('has a name for every control of the dialog $kind', async (panel) => {
  const { app } = await startApp();
  app.networks.choose(HOME);
  app.panels.show(panel);
  stage(app, Panels, {});
  const dialog = await screen.findByRole('dialog', {}, { timeout: 10_000 });

  const { violations } = await axe.run(dialog, OPTIONS);

  const found = violations.map(
    (each) => `${each.id}: ${each.nodes.map(({ html }) => html).join()}`,
  );
  expect(found).toEqual([]);
});
