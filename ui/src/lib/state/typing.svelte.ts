import { SvelteMap } from 'svelte/reactivity';
import type { Host } from '../host/host';

// The node says it again after three seconds at the earliest.
const AGAIN_MS = 2_500;

/** Who is writing just now, and that this person is. */
export class Typing {
  readonly #host: Host;
  readonly #writers = new SvelteMap<string, ReturnType<typeof setTimeout>>();
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is derived from the times
  readonly #told = new Map<string, number>();

  constructor(host: Host) {
    this.#host = host;
  }

  isWriting(network: string, peer: string): boolean {
    return this.#writers.has(`${network}/${peer}`);
  }

  /** Somebody writes, until that moment unless it is said again. */
  heard(network: string, peer: string, until: number): void {
    const key = `${network}/${peer}`;
    this.stopped(network, peer);
    const left = until - Date.now();
    if (left > 0)
      this.#writers.set(
        key,
        setTimeout(() => this.#writers.delete(key), left),
      );
  }

  stopped(network: string, peer: string): void {
    const key = `${network}/${peer}`;
    clearTimeout(this.#writers.get(key));
    this.#writers.delete(key);
  }

  /** Tells `peer` that this person is writing, or has stopped to; not more often than it counts. */
  tell(network: string, peer: string, isWriting: boolean): void {
    const key = `${network}/${peer}`;
    const last = this.#told.get(key);
    if (isWriting ? last !== undefined && Date.now() - last < AGAIN_MS : last === undefined) return;
    if (isWriting) this.#told.set(key, Date.now());
    else this.#told.delete(key);
    const args = { network, peer, typing: isWriting };
    void this.#host.call('conversation_typing', args).catch(() => undefined);
  }
}
