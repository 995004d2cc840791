import type { Host } from '../host/host';
import { type Arguments, type Conversation, keyOf, type Message } from '../model';
import { Drafts } from './drafts.svelte';
import { Thread } from './thread.svelte';
import { Typing } from './typing.svelte';

const SETTLE_MS = 60;

/** What may be chosen for a conversation. */
export type ConversationChange = Omit<Arguments<'conversation_set'>[0], 'network' | 'peer'>;

/** The conversations of this profile, their threads, and what is being written. */
export class Chats {
  readonly #host: Host;
  #conversations = $state<Conversation[]>([]);
  #isLoaded = $state(false);
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is derived from the cache
  readonly #threads = new Map<string, Thread>();
  readonly #drafts: Drafts;
  readonly typing: Typing;
  #reload: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Host) {
    this.#host = host;
    this.#drafts = new Drafts(host);
    this.typing = new Typing(host);
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** The conversations of `network`: the pinned ones first, then the newest. */
  of(network: string): Conversation[] {
    return this.#conversations
      .filter((conversation) => conversation.network === network)
      .sort(
        (a, b) =>
          Number(b.pinned) - Number(a.pinned) || (b.last?.sent_at ?? 0) - (a.last?.sent_at ?? 0),
      );
  }

  find(network: string, peer: string): Conversation | undefined {
    return this.#conversations.find((each) => each.network === network && each.peer === peer);
  }

  unreadIn(network: string): number {
    // What is muted or put away does not call.
    return this.of(network)
      .filter((each) => !each.archived && (each.muted_until ?? 0) <= Date.now())
      .reduce((sum, each) => sum + (each.unread || Number(each.marked_unread)), 0);
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
    return this.#drafts.of(network, peer) ?? this.find(network, peer)?.draft ?? '';
  }

  setDraft(network: string, peer: string, text: string): void {
    this.#drafts.set(network, peer, text);
  }

  /** Chooses something for a conversation: quiet, first, put away, unread. */
  async set(conversation: Conversation, change: ConversationChange): Promise<void> {
    const { network, peer } = conversation;
    this.onConversation(await this.#host.call('conversation_set', { network, peer, ...change }));
  }

  /** Takes in what was chosen for a conversation. */
  onConversation(conversation: Conversation): void {
    if (this.find(conversation.network, conversation.peer)) this.#replace(conversation);
    else this.#reloadSoon();
  }

  /** Takes in a message that is new or has another state. */
  onMessage(message: Message): void {
    const known = this.find(message.network, message.peer);
    // What is read or changed of an earlier one says nothing of who is writing now.
    const isNews = message.order > (known?.last?.order ?? 0);
    if (isNews && message.from === message.peer) this.typing.stopped(message.network, message.peer);
    this.#threads.get(keyOf(message))?.put(message);
    if (known?.last?.id === message.id) {
      this.#replace({ ...known, last: message });
      return;
    }
    this.#reloadSoon();
  }

  /** Tells the node that everything with `peer` was read here, or what there is up to `through`. */
  async markRead(network: string, peer: string, through?: Message): Promise<void> {
    const known = this.find(network, peer);
    if (known === undefined || (known.unread === 0 && !known.marked_unread)) return;
    const isAll = through === undefined || through.order >= (known.last?.order ?? 0);
    const args = isAll ? { network, peer } : { network, peer, through: through.id };
    await this.#host.call('conversation_read', args);
    const read = { ...known, unread: 0, marked_unread: false };
    delete read.first_unread;
    if (isAll) this.#replace(read);
    else this.#reloadSoon();
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
