import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { stage, startApp } from '$lib/testing/stage';
import LoginStart from './LoginStart.svelte';

const toggle = () => screen.findByTestId('setting-login-start');
const isOn = async () => (await toggle()).getAttribute('aria-checked') ?? '';

test('starts at login only when asked to, and shows what is kept on the disk', async () => {
  const { app, host } = await startApp();
  stage(app, LoginStart, {});

  expect(await isOn()).toBe('false');
  await userEvent.click(await toggle());
  expect(host.startsAtLogin).toBe(true);
  await vi.waitFor(async () => expect(await isOn()).toBe('true'));

  host.startsAtLogin = false;
  window.dispatchEvent(new Event('focus'));
  await vi.waitFor(async () => expect(await isOn()).toBe('false'));
});

test('stays off and says why where the entry cannot be written', async () => {
  const { app, host } = await startApp();
  host.world.failing.set('login_start', 'storage');
  stage(app, LoginStart, {});

  await userEvent.click(await toggle());

  await vi.waitFor(() => expect(app.toasts.items.length).toBe(1));
  expect(await isOn()).toBe('false');
});
