import type { Message } from '$lib/model';
import type { Thread } from '$lib/state/thread.svelte';

const STEP = 200;

/** The part of a conversation that is laid out: so much around the place that is looked at. */
export class LogWindow {
  readonly #thread: Thread;
  // The ids of the ends; null is “as far as the step” at the beginning, “the newest” at the end.
  #first = $state<string | null>(null);
  #last = $state<string | null>(null);

  constructor(thread: Thread) {
    this.#thread = thread;
  }

  get messages(): readonly Message[] {
    return this.#thread.messages.slice(this.#start, this.#end);
  }

  get hasEarlier(): boolean {
    return this.#start > 0 || this.#thread.hasOlder;
  }

  /** Whether newer messages are known than those that are laid out. */
  get hasLater(): boolean {
    return this.#end < this.#thread.messages.length;
  }

  /** Lays out more of what was before. */
  async earlier(): Promise<void> {
    const before = this.messages[0]?.id;
    if (this.#start === 0) await this.#thread.loadOlder();
    const at = before === undefined ? -1 : this.#place(before);
    if (at >= 0) this.#first = this.#idAt(Math.max(0, at - STEP));
  }

  /** Lays out more of what came after. */
  later(): void {
    this.#first = this.#idAt(this.#start);
    this.#last = this.#idAt(this.#end + STEP);
  }

  /** Lays out what is around a message. */
  around(id: string): void {
    const at = this.#place(id);
    if (at < 0) return;
    this.#first = this.#idAt(Math.max(0, at - STEP / 4));
    this.#last = this.#idAt(at + STEP);
  }

  /** Follows the newest again. */
  newest(): void {
    this.#first = null;
    this.#last = null;
  }

  get #end(): number {
    const at = this.#last === null ? -1 : this.#place(this.#last);
    return at < 0 ? this.#thread.messages.length : at;
  }

  get #start(): number {
    const at = this.#first === null ? -1 : this.#place(this.#first);
    return at < 0 ? Math.max(0, this.#end - STEP) : at;
  }

  #idAt(place: number): string | null {
    return this.#thread.messages[place]?.id ?? null;
  }

  #place(id: string): number {
    return this.#thread.messages.findIndex((each) => each.id === id);
  }
}
