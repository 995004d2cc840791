import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { keyOf } from '$lib/host/fake/keys';
import Snippet from '$lib/parts/Snippet.svelte';
import { stage, startApp } from '$lib/testing/stage';
import FindBar from './FindBar.svelte';
import { places } from './highlight';

test('looks in the whole conversation and goes from place to place, the newest first', async () => {
  const { app, host } = await startApp();
  const peer = keyOf('Yuki');
  const thread = app.chats.thread('public', peer);
  const want = vi.spyOn(thread, 'want');
  stage(app, FindBar, { thread, text: '', onclose: () => undefined });
  const all = host.world.messages.filter(
    (each) => each.peer === peer && each.text.includes('the lamp is on'),
  );

  const field = screen.getByTestId('find-field');
  await userEvent.type(field, 'the lamp is on');
  await vi.waitFor(() =>
    expect(screen.getByTestId('find-count').textContent).toBe(`1 of ${String(all.length)}`),
  );
  await userEvent.type(field, '{Enter}{ArrowUp}{ArrowDown}');

  const shown = want.mock.calls.map(([message]) => message?.id);
  expect(shown).toEqual([-1, -2, -3, -2].map((place) => all.at(place)?.id));
});

test('says that there is nothing, in words', async () => {
  const { app } = await startApp();
  const thread = app.chats.thread('public', keyOf('Bob'));
  stage(app, FindBar, { thread, text: '', onclose: () => undefined });

  await userEvent.type(screen.getByTestId('find-field'), 'xylophone');

  await screen.findByText('No message has these words');
});

test('marks the words that were found, counted in characters', async () => {
  const { app } = await startApp();
  const found = {
    id: '1',
    network: 'public',
    peer: 'b',
    from: 'b',
    sent_at: 0,
    snippet: '…👋🏽 the lamp',
    marks: [[8, 12]] as [number, number][],
  };

  stage(app, Snippet, { found });

  expect(document.querySelector('mark')?.textContent).toBe('lamp');
});

test('finds the beginnings of words, whatever their accents', () => {
  expect(places('Über dem Überfluss, éclair', ['uber'])).toEqual([
    [0, 4],
    [9, 18],
  ]);
  expect(places('no', [''])).toEqual([]);
});
