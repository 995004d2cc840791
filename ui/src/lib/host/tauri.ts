import { Channel, invoke } from '@tauri-apps/api/core';
import { getCurrentWebview } from '@tauri-apps/api/webview';
import { writeText } from '@tauri-apps/plugin-clipboard-manager';
import { open, save } from '@tauri-apps/plugin-dialog';
import type { Arguments, CommandName, Event, Result } from '../model';
import { copyText } from '../parts/copy';
import { type Drop, Failure, type Host } from './host';

/** The node inside the desktop app. */
export class TauriHost implements Host {
  async call<N extends CommandName>(name: N, ...args: Arguments<N>): Promise<Result<N>> {
    try {
      return await invoke<Result<N>>(name, { ...args[0] });
    } catch (thrown) {
      throw Failure.from(thrown);
    }
  }

  subscribe(on: (event: Event) => void): () => void {
    let isOpen = true;
    const channel = new Channel<Event>((event) => {
      if (isOpen) on(event);
    });
    void invoke('events_subscribe', { channel });
    return () => {
      isOpen = false;
    };
  }

  askSavePath(name: string): Promise<string | null> {
    return save({ defaultPath: name });
  }

  async askOpenPath(extensions: string[]): Promise<string | null> {
    const filters = extensions.length > 0 ? [{ name: extensions.join(', '), extensions }] : [];
    const path = await open({ multiple: false, directory: false, filters });
    return typeof path === 'string' ? path : null;
  }

  async askFolder(): Promise<string | null> {
    const path = await open({ multiple: false, directory: true });
    return typeof path === 'string' ? path : null;
  }

  onDrop(on: (drop: Drop) => void): () => void {
    const listening = getCurrentWebview().onDragDropEvent(({ payload }) => {
      if (payload.type === 'drop') on({ kind: 'drop', paths: payload.paths });
      else on({ kind: payload.type === 'leave' ? 'gone' : 'over' });
    });
    return () => void listening.then((stop) => stop());
  }

  async copy(text: string, isSecret = false): Promise<boolean> {
    try {
      if (isSecret) await invoke('plugin:clipboard-manager|write_secret', { text });
      else await writeText(text);
      return true;
    } catch {
      return copyText(text);
    }
  }

  zoom(factor: number): Promise<void> {
    return getCurrentWebview().setZoom(factor);
  }

  async closeWindow(how: 'keep' | 'quit'): Promise<void> {
    await invoke('window_close', { how });
  }

  async lookAt(conversation: { network: string; peer: string } | null): Promise<void> {
    await invoke('window_looks_at', { conversation });
  }

  async startAtLogin(on?: boolean): Promise<boolean | null> {
    try {
      return await invoke<boolean | null>('login_start', on === undefined ? {} : { on });
    } catch (thrown) {
      throw Failure.from(thrown);
    }
  }
}
