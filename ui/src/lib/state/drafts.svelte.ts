import { SvelteMap } from 'svelte/reactivity';
import type { Host } from '../host/host';

const SETTLE_MS = 400;

/** What is being written in each conversation: here at once, and in the node a moment later. */
export class Drafts {
  readonly #host: Host;
  readonly #texts = new SvelteMap<string, string>();
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is derived from the timers
  readonly #waiting = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** What is being written with `peer`; undefined when nothing was since the window opened. */
  of(network: string, peer: string): string | undefined {
    return this.#texts.get(`${network}/${peer}`);
  }

  set(network: string, peer: string, text: string): void {
    const key = `${network}/${peer}`;
    this.#texts.set(key, text);
    clearTimeout(this.#waiting.get(key));
    this.#waiting.set(
      key,
      setTimeout(() => {
        this.#waiting.delete(key);
        const draft = this.#texts.get(key) ?? '';
        void this.#host.call('conversation_set', { network, peer, draft }).catch(() => undefined);
      }, SETTLE_MS),
    );
  }
}
