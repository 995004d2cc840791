import { SvelteMap } from 'svelte/reactivity';
import type { Host } from '../host/host';
import type { File as Offered, FilePreview } from '../model';

/** The files that were offered, as the node last told. */
export class Files {
  readonly #host: Host;
  readonly #files = new SvelteMap<string, Offered>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** The file that a message offers. */
  of(network: string, peer: string, id: string): Offered | undefined {
    return this.#files.get(`${network}/${peer}/${id}`);
  }

  /** Those of one's own that are read before they are offered; they have no message yet. */
  preparing(network: string, peer: string): Offered[] {
    return [...this.#files.values()].filter(
      (file) => file.state === 'preparing' && file.network === network && file.peer === peer,
    );
  }

  async load(): Promise<void> {
    for (const file of await this.#host.call('files_list', {})) this.put(file);
  }

  put(file: Offered): void {
    this.#files.set(`${file.network}/${file.peer}/${file.id}`, file);
  }

  /** What a file that is here looks like; null where there is nothing to show. */
  async preview(file: Offered): Promise<FilePreview | null> {
    if (!file.own && file.state !== 'done') return null;
    try {
      return await this.#host.call('file_preview', which(file));
    } catch {
      // Its name and its place are shown all the same.
      return null;
    }
  }

  async send(network: string, peer: string, path: string): Promise<void> {
    this.put(await this.#host.call('file_send', { network, peer, path }));
  }

  async accept(file: Offered): Promise<void> {
    this.put(await this.#host.call('file_accept', which(file)));
  }

  async decline(file: Offered): Promise<void> {
    this.put(await this.#host.call('file_decline', which(file)));
  }

  async cancel(file: Offered): Promise<void> {
    this.put(await this.#host.call('file_cancel', which(file)));
  }
}

function which({ id, network, peer }: Offered) {
  return { id, network, peer };
}
