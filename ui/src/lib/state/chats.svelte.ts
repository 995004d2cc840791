import { SvelteMap } from 'svelte/reactivity';
import type { Host } from '../host/host';
import { type Conversation, keyOf, type Message } from '../model';
import { Thread } from './thread.svelte';

const SETTLE_MS = 60;

/** The conversations of this profile, their threads, and what is being written. */
export class Chats {
  readonly #host: Host;
  #conversations = $state<Conversation[]>([]);
  #isLoaded = $state(false);
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is derived from the cache
  readonly #threads = new Map<string, Thread>();
  readonly #drafts = new SvelteMap<string, string>();
  #reload: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** The conversations of `network`, newest first. */
  of(network: string): Conversation[] {
    return this.#conversations
      .filter((conversation) => conversation.network === network)
      .sort((a, b) => (b.last?.sent_at ?? 0) - (a.last?.sent_at ?? 0));
  }

  find(network: string, peer: string): Conversation | undefined {
    return this.#conversations.find((each) => each.network === network && each.peer === peer);
  }

  unreadIn(network: string): number {
    return this.of(network).reduce((sum, each) => sum + each.unread, 0);
  }

  async load(): Promise<void> {
    this.#conversations = await this.#host.call('conversations_list', {});
    this.#isLoaded = true;
  }

  /** The messages with `peer`; the same object each time. */
  thread(network: string, peer: string): Thread {
    const key = `${network}/${peer}`;
    const known = this.#threads.get(key);
    if (known) return known;
    const thread = new Thread(this.#host, network, peer);
    this.#threads.set(key, thread);
    return thread;
  }

  draft(network: string, peer: string): string {
    return this.#drafts.get(`${network}/${peer}`) ?? '';
  }

  setDraft(network: string, peer: string, text: string): void {
    if (text === '') this.#drafts.delete(`${network}/${peer}`);
    else this.#drafts.set(`${network}/${peer}`, text);
  }

  /** Takes in a message that is new or has another state. */
  onMessage(message: Message): void {
    this.#threads.get(keyOf(message))?.put(message);
    const known = this.find(message.network, message.peer);
    if (known?.last?.id === message.id) {
      this.#replace({ ...known, last: message });
      return;
    }
    this.#reloadSoon();
  }

  /** Tells the node that everything with `peer` was read here. */
  async markRead(network: string, peer: string): Promise<void> {
    const known = this.find(network, peer);
    if (known === undefined || known.unread === 0) return;
    await this.#host.call('conversation_read', { network, peer });
    this.#replace({ ...known, unread: 0 });
  }

  /** Forgets the threads, so that they are read anew. */
  async reload(): Promise<void> {
    await Promise.all([this.load(), ...[...this.#threads.values()].map((each) => each.load())]);
  }

  #replace(conversation: Conversation): void {
    this.#conversations = this.#conversations.map((each) =>
      keyOf(each) === keyOf(conversation) ? conversation : each,
    );
  }

  // Several messages often come at once, and sometimes they do not end for a while.
  #reloadSoon(): void {
    if (this.#reload !== undefined) return;
    this.#reload = setTimeout(() => {
      this.#reload = undefined;
      void this.load().catch(() => undefined);
    }, SETTLE_MS);
  }
}
