import { isTauri } from '@tauri-apps/api/core';
import type { Host } from './host';
import { TauriHost } from './tauri';

/** The app's own node; while developing in a browser, a pretended one that never ships. */
export async function chooseHost(): Promise<Host> {
  if (import.meta.env.DEV && !isTauri()) {
    const { FakeHost } = await import('./fake');
    return FakeHost.fromAddress(window.location);
  }
  return new TauriHost();
}
