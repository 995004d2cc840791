import type { Message } from '../model';

/** As much of a conversation as is kept at once. */
export const MOST = 600;

/** Messages of one conversation that follow each other without a gap; never changed in place. */
export class Run {
  static readonly empty = new Run([], false, false);

  private constructor(
    readonly messages: readonly Message[],
    /** Whether there may be more before it. */
    readonly hasOlder: boolean,
    /** Whether there may be more after it. */
    readonly hasNewer: boolean,
  ) {}

  /** A run of one page: from the middle of a conversation, or from its end. */
  static of(page: readonly Message[], isMiddle: boolean, isFull: boolean): Run {
    // Whether there is more on either side of a middle shows when it is asked for.
    return new Run(page, isMiddle || isFull, isMiddle);
  }

  find(id: string): Message | undefined {
    return this.messages.findLast((each) => each.id === id);
  }

  /** Whether a moment lies within it, as far as can be told. */
  covers(at: number): boolean {
    const [first, last] = [this.messages[0], this.messages.at(-1)];
    if (first === undefined || last === undefined) return !this.hasOlder && !this.hasNewer;
    return (!this.hasOlder || first.sent_at < at) && (!this.hasNewer || last.sent_at >= at);
  }

  /** With a page of what was before; too much of what comes after is let go. */
  before(page: readonly Message[], hasOlder: boolean): Run {
    const all = [...page, ...this.messages];
    return new Run(all.slice(0, MOST), hasOlder, this.hasNewer || all.length > MOST);
  }

  /** With a page of what came after; too much of what was before is let go. */
  after(page: readonly Message[], hasNewer: boolean): Run {
    const all = [...this.messages, ...page];
    return new Run(all.slice(-MOST), this.hasOlder || all.length > MOST, hasNewer);
  }

  /** The last `count` messages only. */
  end(count: number): Run {
    if (this.messages.length <= count) return this;
    return new Run(this.messages.slice(-count), true, this.hasNewer);
  }

  /** With a message that is new or has another state, where it belongs to what is known. */
  put(message: Message, isFollowed: boolean): Run {
    // What changes is nearly always near the end.
    const at = this.messages.findLastIndex((each) => each.id === message.id);
    if (at >= 0) return this.#with(this.messages.with(at, message));
    const before = this.messages.findLastIndex((each) => each.order < message.order);
    if (before === this.messages.length - 1) return this.#append(message, isFollowed);
    if (before < 0 && this.hasOlder) return this;
    return this.#with(this.messages.toSpliced(before + 1, 0, message));
  }

  #append(message: Message, isFollowed: boolean): Run {
    if (this.hasNewer) return this;
    if (this.messages.length < MOST) return this.#with([...this.messages, message]);
    // Nobody may lose the ground under what is read further up.
    if (!isFollowed) return new Run(this.messages, this.hasOlder, true);
    return new Run([...this.messages.slice(1 - MOST), message], true, false);
  }

  #with(messages: readonly Message[]): Run {
    return new Run(messages, this.hasOlder, this.hasNewer);
  }
}
