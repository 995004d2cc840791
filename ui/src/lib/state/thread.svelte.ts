import { Failure, type Host } from '../host/host';
import type { Message } from '../model';

const PAGE = 50;

/** The messages with one account in one network, oldest first. */
export class Thread {
  readonly #host: Host;
  readonly network: string;
  readonly peer: string;
  #messages = $state<Message[]>([]);
  #hasOlder = $state(false);
  #isLoaded = $state(false);
  #isLoadingOlder = $state(false);
  #failure = $state<Failure | null>(null);

  constructor(host: Host, network: string, peer: string) {
    this.#host = host;
    this.network = network;
    this.peer = peer;
  }

  get messages(): readonly Message[] {
    return this.#messages;
  }

  get hasOlder(): boolean {
    return this.#hasOlder;
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  get isLoadingOlder(): boolean {
    return this.#isLoadingOlder;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  find(id: string): Message | undefined {
    return this.#messages.find((message) => message.id === id);
  }

  async load(): Promise<void> {
    try {
      const page = await this.#page();
      const newer = this.#messages.filter((known) => !page.some((each) => each.id === known.id));
      const last = page.at(-1)?.sent_at ?? 0;
      this.#messages = [...page, ...newer.filter((each) => each.sent_at >= last)];
      this.#hasOlder = page.length === PAGE;
      this.#failure = null;
    } catch (thrown) {
      this.#failure = Failure.from(thrown);
    }
    this.#isLoaded = true;
  }

  async loadOlder(): Promise<void> {
    const before = this.#messages[0]?.id;
    if (before === undefined || this.#isLoadingOlder || !this.#hasOlder) return;
    this.#isLoadingOlder = true;
    try {
      const page = await this.#page(before);
      this.#messages = [...page, ...this.#messages];
      this.#hasOlder = page.length === PAGE;
    } finally {
      this.#isLoadingOlder = false;
    }
  }

  /** Sends `text`; resolves when the node has stored it. */
  async send(text: string, replyTo?: string): Promise<void> {
    const { network, peer } = this;
    const args = { network, peer, text };
    await this.#host.call('message_send', replyTo ? { ...args, reply_to: replyTo } : args);
  }

  /** Takes in a message that is new or has another state. */
  put(message: Message): void {
    const at = this.#messages.findIndex((each) => each.id === message.id);
    if (at >= 0) {
      this.#messages[at] = message;
      return;
    }
    const after = this.#messages.findIndex((each) => each.sent_at > message.sent_at);
    if (after < 0) this.#messages.push(message);
    else this.#messages.splice(after, 0, message);
  }

  #page(before?: string): Promise<Message[]> {
    const args = { network: this.network, peer: this.peer, limit: PAGE };
    return this.#host.call('messages_list', before ? { ...args, before } : args);
  }
}
