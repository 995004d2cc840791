import { Failure, type Host } from '../host/host';
import type { Arguments, Message } from '../model';
import { Run } from './run';

const PAGE = 60;
// What is read again at once after something was missed.
const AGAIN = 200;

type Place = Omit<Arguments<'messages_list'>[0], 'network' | 'peer' | 'limit'>;

/** A message by what is known of it before it is read. */
export interface Wanted extends Pick<Message, 'id' | 'sent_at'> {
  /** Whether the focus stays where it is. */
  readonly isQuiet?: boolean;
}

/** The messages with one account in one network: a run of them around the place that is read. */
export class Thread {
  readonly #host: Host;
  readonly network: string;
  readonly peer: string;
  // Replaced as a whole: hundreds of messages need no watching one by one.
  #run = $state.raw(Run.empty);
  #newest = $state.raw<Message | null>(null);
  #isLoaded = $state(false);
  #failure = $state<Failure | null>(null);
  #wanted = $state<Wanted | null>(null);
  #isFollowed = true;
  // What is read for a run that was left meanwhile is no longer wanted.
  #generation = 0;
  #late: Message[] = [];
  #loading: Promise<void> | null = null;
  #older: Promise<void> | null = null;
  #newer: Promise<void> | null = null;

  constructor(host: Host, network: string, peer: string) {
    this.#host = host;
    this.network = network;
    this.peer = peer;
  }

  /** The run, oldest first; without a gap. */
  get messages(): readonly Message[] {
    return this.#run.messages;
  }

  /** Whether there may be more before the run. */
  get hasOlder(): boolean {
    return this.#run.hasOlder;
  }

  /** Whether there may be more after the run. */
  get hasNewer(): boolean {
    return this.#run.hasNewer;
  }

  /** The last message that was heard of, wherever the run is. */
  get newest(): Message | undefined {
    return this.#newest ?? this.#run.messages.at(-1);
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  find(id: string): Message | undefined {
    return this.#run.find(id);
  }

  /** The message that somebody wants to see, until it is shown. */
  get wanted(): Wanted | null {
    return this.#wanted;
  }

  want(message: Wanted | null): void {
    this.#wanted = message;
  }

  /** Says whether the end is looked at: what comes then goes on there, and the beginning is let go. */
  follow(isFollowed: boolean): void {
    this.#isFollowed = isFollowed;
  }

  /** Reads the newest messages, or those around `start`; and anew what was read before. */
  load(start?: string): Promise<void> {
    this.#loading ??= this.#load(start).finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #load(start?: string): Promise<void> {
    const middle = this.hasNewer ? this.messages[this.messages.length >> 1]?.id : start;
    const limit = this.#isLoaded ? AGAIN : PAGE;
    try {
      await this.#replace(middle === undefined ? {} : { around: middle }, limit);
      this.#failure = null;
    } catch (thrown) {
      this.#failure = Failure.from(thrown);
    }
    this.#isLoaded = true;
  }

  /** Reads a page of what was before; whoever asks meanwhile waits for the same one. */
  loadOlder(): Promise<void> {
    this.#older ??= this.#more('before', this.messages[0]).finally(() => {
      this.#older = null;
    });
    return this.#older;
  }

  /** Reads a page of what came after. */
  loadNewer(): Promise<void> {
    this.#newer ??= this.#more('after', this.messages.at(-1)).finally(() => {
      this.#newer = null;
    });
    return this.#newer;
  }

  /** Goes to a message; answers undefined where it is not in this conversation. */
  async around(id: string): Promise<Message | undefined> {
    await this.#loading;
    if (!this.find(id)) await this.#replace({ around: id });
    return this.find(id);
  }

  /** Goes to the moment `at`; answers the first message since then, or the last before it. */
  async reach(at: number): Promise<Message | undefined> {
    await this.#loading;
    if (!this.#run.covers(at)) await this.#replace({ at });
    return this.messages.find((each) => each.sent_at >= at) ?? this.messages.at(-1);
  }

  /** Goes to the end. */
  async toNewest(): Promise<void> {
    if (this.hasNewer) await this.#replace({});
  }

  /** Lets go of all but the end, when nobody looks any more. */
  leave(): void {
    this.#isFollowed = true;
    if (this.hasNewer) {
      this.#generation += 1;
      this.#run = Run.empty;
      this.#isLoaded = false;
    } else this.#run = this.#run.end(PAGE);
  }

  async #replace(place: Place, limit = PAGE): Promise<void> {
    this.#generation += 1;
    const page = await this.#read(place, limit);
    if (page === null) return;
    this.#run = Run.of(page, Object.keys(place).length > 0, page.length >= limit);
    this.#settle();
  }

  async #more(side: 'before' | 'after', from: Message | undefined): Promise<void> {
    const isThere = side === 'before' ? this.hasOlder : this.hasNewer;
    if (from === undefined || !isThere) return;
    const page = await this.#read({ [side]: from.id });
    if (page === null) return;
    const hasMore = page.length === PAGE;
    this.#run =
      side === 'before' ? this.#run.before(page, hasMore) : this.#run.after(page, hasMore);
    this.#settle();
  }

  /** Reads a page; null where the run is another one by now. */
  async #read(place: Place, limit = PAGE): Promise<Message[] | null> {
    const { network, peer } = this;
    const generation = this.#generation;
    const page = await this.#host.call('messages_list', { network, peer, limit, ...place });
    return generation === this.#generation ? page : null;
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
    if (message.order >= (this.newest?.order ?? 0)) this.#newest = message;
    // A page that is on its way may have been read before this was stored.
    if (this.#loading || this.#older || this.#newer) this.#late.push(message);
    if (this.#isLoaded) this.#run = this.#run.put(message, this.#isFollowed);
  }

  #settle(): void {
    const late = this.#late;
    this.#late = [];
    for (const message of late) this.#run = this.#run.put(message, this.#isFollowed);
  }
}
