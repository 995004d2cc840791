import { screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { keyOf } from '$lib/host/fake/keys';
import { stage, startApp } from '$lib/testing/stage';
import { Acting } from './acting.svelte';
import ChatFooter from './ChatFooter.svelte';

async function foot(isKnown: boolean) {
  const { app } = await startApp();
  stage(app, ChatFooter, {
    thread: app.chats.thread('public', keyOf('Bob')),
    name: 'Bob',
    contact: isKnown ? app.contacts.find('public', keyOf('Bob')) : undefined,
    acting: new Acting(app, app.chats.thread('public', keyOf('Bob'))),
  });
}

test('offers nothing to write where the other was removed', async () => {
  await foot(false);

  expect(screen.queryByTestId('composer')).toBeNull();
  expect(screen.getByTestId('barrier').textContent).toContain('Bob is no longer your contact');
});

test('lets a contact be written to', async () => {
  await foot(true);

  expect(screen.getByTestId('composer')).toBeTruthy();
  expect(screen.queryByTestId('barrier')).toBeNull();
});
