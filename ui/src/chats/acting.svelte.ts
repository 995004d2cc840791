import type { Message } from '$lib/model';
import type { App } from '$lib/state/app.svelte';
import type { Thread } from '$lib/state/thread.svelte';
import { timeOf } from './message-id';

/** What the person is about to do to a message of one conversation, and the doing of it. */
export class Acting {
  readonly #app: App;
  readonly #thread: Thread;
  #replyTo = $state<Message | null>(null);
  #editing = $state<Message | null>(null);
  #deleting = $state<Message | null>(null);
  #reacting = $state<{ message: Message; beside: HTMLElement } | null>(null);

  constructor(app: App, thread: Thread) {
    this.#app = app;
    this.#thread = thread;
  }

  get replyTo(): Message | null {
    return this.#replyTo;
  }

  get editing(): Message | null {
    return this.#editing;
  }

  get deleting(): Message | null {
    return this.#deleting;
  }

  get reacting(): { message: Message; beside: HTMLElement } | null {
    return this.#reacting;
  }

  isOwn(message: Message): boolean {
    return message.from === this.#app.account.peer;
  }

  /** The emoji that this person has put to a message; empty when there is none. */
  ownEmoji(message: Message): string {
    const own = message.reactions.find((each) => each.peer === this.#app.account.peer);
    return own?.emoji ?? '';
  }

  reply(message: Message): void {
    if (message.deleted_at !== undefined) return;
    this.#editing = null;
    this.#replyTo = message;
  }

  edit(message: Message): void {
    if (!this.isOwn(message) || message.deleted_at !== undefined) return;
    this.#replyTo = null;
    this.#editing = message;
  }

  /** Edits the last message that this person wrote. */
  async editLast(): Promise<void> {
    await this.#thread.toNewest();
    const last = this.#thread.messages.findLast(
      (each) => this.isOwn(each) && each.deleted_at === undefined,
    );
    if (last) this.edit(last);
  }

  /** Answers the last message that the other wrote. */
  async replyLast(): Promise<void> {
    await this.#thread.toNewest();
    const last = this.#thread.messages.findLast(
      (each) => !this.isOwn(each) && each.deleted_at === undefined,
    );
    if (last) this.reply(last);
  }

  askDelete(message: Message | null): void {
    this.#deleting = message;
  }

  choose(message: Message, beside: HTMLElement): void {
    if (message.deleted_at === undefined) this.#reacting = { message, beside };
  }

  stopChoosing(): void {
    this.#reacting = null;
  }

  /** Puts the composer back to a new message. */
  settle(): void {
    this.#replyTo = null;
    this.#editing = null;
  }

  /** Goes to a message that may not have been read yet. */
  show(id: string): void {
    const known = this.#thread.find(id);
    this.#thread.want({ id, sent_at: known?.sent_at ?? timeOf(id) });
  }

  /** Reacts with an emoji, or takes it back when it is there already. */
  async react(message: Message, emoji: string): Promise<void> {
    this.#reacting = null;
    const wanted = this.ownEmoji(message) === emoji ? '' : emoji;
    await this.#app.toasts.attempt(() => this.#thread.react(message.id, wanted));
  }

  async remove(message: Message, here: boolean): Promise<void> {
    await this.#app.toasts.attempt(() => this.#thread.remove(message.id, here));
    if (this.#editing?.id === message.id || this.#replyTo?.id === message.id) this.settle();
  }
}
