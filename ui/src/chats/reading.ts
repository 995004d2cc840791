import type { Message } from '$lib/model';
import type { App } from '$lib/state/app.svelte';
import type { Thread } from '$lib/state/thread.svelte';

/** Tells the node how far a conversation was seen, one step after the other. */
export class Reading {
  readonly #app: App;
  readonly #thread: Thread;
  #through: Message | undefined;
  #isTelling = false;

  constructor(app: App, thread: Thread) {
    this.#app = app;
    this.#thread = thread;
  }

  /** Takes note that somebody has seen everything up to `message`. */
  seen(message: Message): void {
    if (this.#through !== undefined && message.order < this.#through.order) return;
    this.#through = message;
    if (!this.#isTelling) void this.#tell();
  }

  async #tell(): Promise<void> {
    const { network, peer } = this.#thread;
    this.#isTelling = true;
    try {
      let told: Message | undefined;
      while (this.#through !== told) {
        told = this.#through;
        await this.#app.chats.markRead(network, peer, told);
      }
    } catch {
      // The next thing that is seen tells it.
    } finally {
      this.#isTelling = false;
    }
  }
}
