import { SvelteMap } from 'svelte/reactivity';
import type { Host } from '../host/host';
import { type ContactComputer, type EventOf, keyOf } from '../model';

/** The computers of those whose conversation or page was looked at. */
export class TheirComputers {
  readonly #host: Host;
  readonly #all = new SvelteMap<string, readonly ContactComputer[]>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** What is known, oldest first; nothing before it was read. */
  of(network: string, peer: string): readonly ContactComputer[] {
    return this.#all.get(`${network}/${peer}`) ?? [];
  }

  async load(network: string, peer: string): Promise<void> {
    this.#all.set(
      `${network}/${peer}`,
      await this.#host.call('contact_computers', { network, peer }),
    );
  }

  onContact(event: EventOf<'contact'>): void {
    if (this.#all.has(keyOf(event)))
      void this.load(event.network, event.peer).catch(() => undefined);
  }
}
