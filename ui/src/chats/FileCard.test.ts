import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fullWorld } from '$lib/host/fake/full';
import type { File as Offered } from '$lib/model';
import { stage, startApp } from '$lib/testing/stage';
import FileCard from './FileCard.svelte';

async function show(fields: Partial<Offered>) {
  const file: Offered = {
    id: 'f1',
    network: 'public',
    peer: 'p',
    own: false,
    name: 'holiday.mp4',
    bytes: 4_000_000,
    done: 0,
    rate: 0,
    state: 'offered',
    offered_at: 1_800_000_000_000,
    ...fields,
  };
  const world = fullWorld();
  world.files = [file];
  const { app, host } = await startApp(world);
  stage(app, FileCard, { file, name: 'Bob' });
  return host;
}

test('asks before anything comes, and takes either answer', async () => {
  const host = await show({});

  await userEvent.click(screen.getByTestId('file-decline'));
  await userEvent.click(screen.getByTestId('file-accept'));

  const asked = host.calls.map(({ name }) => name);
  expect(asked).toContain('file_decline');
  expect(asked).toContain('file_accept');
  expect(screen.queryByRole('progressbar')).toBeNull();
});

test('what moves shows how far it is and how fast, and can be stopped', async () => {
  const host = await show({ state: 'running', done: 1_000_000, rate: 500_000 });

  const bar = screen.getByRole('progressbar', { name: /holiday\.mp4/ });
  expect(bar.getAttribute('value')).toBe('25');
  expect(screen.getByTestId('file').textContent).toContain('6 seconds left');
  await userEvent.click(screen.getByTestId('file-cancel'));
  expect(host.calls.map(({ name }) => name)).toContain('file_cancel');
});

test('what failed says why, in words, and offers nothing more', async () => {
  await show({ state: 'failed', failure: 'changed' });

  expect(screen.getByTestId('file').textContent).toContain('changed after it was offered');
  expect(screen.queryByRole('button')).toBeNull();
});

test('a name is text, whatever is in it', async () => {
  await show({ name: '<img src=x onerror=alert(1)>.svg', state: 'done', path: '/home/a/x.svg' });

  expect(screen.getByText('<img src=x onerror=alert(1)>.svg')).toBeTruthy();
  expect(document.querySelector('img')).toBeNull();
});

test('shows a picture and the beginning of a text in place, once they are here', async () => {
  await show({ name: 'tent.jpg', state: 'done' });
  expect(await screen.findByTestId('file-picture')).toBeDefined();
});

test('shows nothing of what has not come', async () => {
  const host = await show({ name: 'tent.jpg', state: 'offered' });
  expect(host.calls.some((call) => call.name === 'file_preview')).toBe(false);
});
