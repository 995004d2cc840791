import type { Host } from '../host/host';
import type { EventOf } from '../model';

/** The practice network: somebody who answers and a few devices, on this computer alone. */
export class Practice {
  readonly #host: Host;
  #network = $state<string | null>(null);
  #isStarting = $state(false);

  constructor(host: Host) {
    this.#host = host;
  }

  /** Its id; null where there is none. */
  get network(): string | null {
    return this.#network;
  }

  get isStarting(): boolean {
    return this.#isStarting;
  }

  async load(): Promise<void> {
    this.#network = (await this.#host.call('demo_status')).network ?? null;
  }

  /** Makes it and answers with its id; where there is one already, that one. */
  async start(): Promise<string> {
    if (this.#network !== null) return this.#network;
    this.#isStarting = true;
    try {
      const made = await this.#host.call('demo_start');
      this.#network = made.network;
      return made.network;
    } finally {
      this.#isStarting = false;
    }
  }

  async remove(): Promise<void> {
    await this.#host.call('demo_stop');
    this.#network = null;
  }

  onNetwork(event: EventOf<'network'>): void {
    if (event.network === null && event.id === this.#network) this.#network = null;
  }
}
