import { Failure, type Host } from '../host/host';
import type { Message } from '../model';

const PAGE = 50;
// As much as the node gives at once.
const FAR_PAGE = 200;

/** A message by what is known of it before it is read. */
export interface Wanted extends Pick<Message, 'id' | 'sent_at'> {
  /** Whether the focus stays where it is. */
  readonly isQuiet?: boolean;
}

/** The messages with one account in one network, oldest first. */
export class Thread {
  readonly #host: Host;
  readonly network: string;
  readonly peer: string;
  // Replaced as a whole: a hundred thousand messages need no watching one by one.
  #messages = $state.raw<readonly Message[]>([]);
  #hasOlder = $state(false);
  #isLoaded = $state(false);
  #isLoadingOlder = $state(false);
  #older: Promise<void> | null = null;
  #loading: Promise<void> | null = null;
  #wanted = $state<Wanted | null>(null);
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

  /** The message that somebody wants to see, until it is shown. */
  get wanted(): Wanted | null {
    return this.#wanted;
  }

  want(message: Wanted | null): void {
    this.#wanted = message;
  }

  load(): Promise<void> {
    this.#loading ??= this.#readNewest().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #readNewest(): Promise<void> {
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

  /** Reads a page of what was before; whoever asks meanwhile waits for the same one. */
  loadOlder(limit = PAGE): Promise<void> {
    this.#older ??= this.#readOlder(limit).finally(() => {
      this.#older = null;
    });
    return this.#older;
  }

  /** Reads back to the moment `at`; answers the first message since then, or the last before it. */
  async reach(at: number): Promise<Message | undefined> {
    await this.#loading;
    while (this.#hasOlder && (this.#messages[0]?.sent_at ?? at) >= at) {
      await this.loadOlder(FAR_PAGE);
    }
    return this.#messages.find((each) => each.sent_at >= at) ?? this.#messages.at(-1);
  }

  async #readOlder(limit: number): Promise<void> {
    const before = this.#messages[0]?.id;
    if (before === undefined || !this.#hasOlder) return;
    this.#isLoadingOlder = true;
    try {
      const page = await this.#page(before, limit);
      this.#messages = [...page, ...this.#messages];
      this.#hasOlder = page.length === limit;
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

  /** Puts `emoji` to a message, in the place of an earlier one; an empty one takes it back. */
  async react(id: string, emoji: string): Promise<void> {
    const { network, peer } = this;
    this.put(await this.#host.call('message_react', { network, peer, id, emoji }));
  }

  /** Gives a message another text. */
  async edit(id: string, text: string): Promise<void> {
    const { network, peer } = this;
    this.put(await this.#host.call('message_edit', { network, peer, id, text }));
  }

  /** Deletes a message: for everyone, or `here` only. */
  async remove(id: string, here: boolean): Promise<void> {
    const { network, peer } = this;
    this.put(await this.#host.call('message_delete', { network, peer, id, here }));
  }

  /** Takes in a message that is new or has another state. */
  put(message: Message): void {
    // What changes is nearly always near the end.
    const at = this.#messages.findLastIndex((each) => each.id === message.id);
    if (at >= 0) {
      this.#messages = this.#messages.with(at, message);
      return;
    }
    const before = this.#messages.findLastIndex((each) => each.sent_at <= message.sent_at);
    this.#messages = this.#messages.toSpliced(before + 1, 0, message);
  }

  #page(before?: string, limit = PAGE): Promise<Message[]> {
    const args = { network: this.network, peer: this.peer, limit };
    return this.#host.call('messages_list', before ? { ...args, before } : args);
  }
}
