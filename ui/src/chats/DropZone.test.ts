import { screen, waitFor } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { stage, startApp } from '$lib/testing/stage';
import DropZone from './DropZone.svelte';

async function over() {
  const { app, host } = await startApp();
  stage(app, DropZone, { network: 'public', peer: 'p', name: 'Bob' });
  return { app, host };
}

const sent = (host: Awaited<ReturnType<typeof over>>['host']) =>
  host.calls.filter((call) => call.name === 'file_send').map((call) => call.args);

test('says to whom files go, and sends each that is dropped', async () => {
  const { host } = await over();

  host.drop({ kind: 'over' });
  expect((await screen.findByTestId('drop-zone')).textContent).toContain('Bob in Public');
  host.drop({ kind: 'drop', paths: ['/a.txt', '/b.txt'] });

  await waitFor(() =>
    expect(sent(host)).toEqual([
      { network: 'public', peer: 'p', path: '/a.txt' },
      { network: 'public', peer: 'p', path: '/b.txt' },
    ]),
  );
  expect(screen.queryByTestId('drop-zone')).toBeNull();
});

test('sends nothing behind a dialog, and never very many at once', async () => {
  const { app, host } = await over();

  host.drop({ kind: 'drop', paths: Array.from({ length: 21 }, (_, index) => `/${String(index)}`) });
  app.panels.show({ kind: 'shortcuts' });
  host.drop({ kind: 'drop', paths: ['/a.txt'] });

  await Promise.resolve();
  expect(sent(host)).toEqual([]);
});
