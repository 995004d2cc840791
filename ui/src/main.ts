import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './styles/tokens.css';
import './styles/base.css';
import './styles/tip.css';
import { mount } from 'svelte';
import { chooseHost } from '$lib/host/choose';
import { useLocale } from '$lib/i18n/i18n';
import { App as State } from '$lib/state/app.svelte';
import { clock } from '$lib/state/clock.svelte';
import App from './App.svelte';

async function begin(): Promise<void> {
  useLocale(new URLSearchParams(window.location.search).get('locale') ?? 'en');
  const target = document.getElementById('app');
  if (target === null) return;
  const app = new State(await chooseHost());
  mount(App, { target, props: { app } });
  app.route.follow();
  app.start();
  clock.start();
}

void begin();
