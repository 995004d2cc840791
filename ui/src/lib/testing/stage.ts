import { render } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { FakeHost } from '../host/fake';
import { fullWorld } from '../host/fake/full';
import type { World } from '../host/fake/world';
import { App } from '../state/app.svelte';
import Stage from './Stage.svelte';

/** An app over a pretended node, with everything read. */
export async function startApp(world: World = fullWorld()): Promise<{ app: App; host: FakeHost }> {
  const host = new FakeHost(world);
  const app = new App(host);
  host.subscribe((event) => app.on(event));
  await app.begin();
  return { app, host };
}

/** Mounts `component` within `app`. */
export function stage<P extends Record<string, unknown>>(
  app: App,
  component: Component<P>,
  props: P,
) {
  return render(Stage, {
    props: { app, component: component as Component<Record<string, unknown>>, props },
  });
}
