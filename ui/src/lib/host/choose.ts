import { isTauri } from '@tauri-apps/api/core';
import type { Host } from './host';
import { TauriHost } from './tauri';

/** The app's own node; while developing in a browser, a pretended one that never ships. */
export async function chooseHost(): Promise<Host> {
  if (isTauri() || !import.meta.env.DEV) return new TauriHost();
  const { FakeHost } = await import('./fake');
  return FakeHost.fromAddress(window.location);
}
