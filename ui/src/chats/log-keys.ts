import { tick } from 'svelte';
import type { Thread } from '$lib/state/thread.svelte';
import type { LogView } from './log-view.svelte';

/** Moves through the messages by key: one, a window full, or to either end. */
export class LogKeys {
  readonly #thread: Thread;
  readonly #view: LogView;
  readonly #show: (id: string) => Promise<void>;

  constructor(thread: Thread, view: LogView, show: (id: string) => Promise<void>) {
    this.#thread = thread;
    this.#view = view;
    this.#show = show;
  }

  press(event: KeyboardEvent, box: HTMLElement | undefined): void {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const act = {
      ArrowUp: () => this.#step(-1),
      ArrowDown: () => this.#step(1),
      PageUp: () => this.#page('bottom', box),
      PageDown: () => this.#page('top', box),
      Home: () => this.#to(() => this.#thread.reach(0)),
      End: () => this.#toEnd(),
    }[event.key];
    const isHere = event.target === box || this.#focused() !== undefined;
    if (!act || !isHere) return;
    event.preventDefault();
    void act().catch(() => undefined);
  }

  /** The message that has the focus. */
  #focused(): string | undefined {
    const active = document.activeElement;
    return active?.closest<HTMLElement>('[data-id]')?.dataset['id'];
  }

  async #step(by: number): Promise<void> {
    const { messages } = this.#thread;
    const here = messages.findIndex((each) => each.id === this.#focused());
    const seen = this.#view.seen().find((row) => row.kind === 'message');
    const next = here < 0 ? seen?.message : messages[here + by];
    if (!next) return;
    const element = this.#elementOf(next.id);
    // What is in sight stays where it is.
    element?.focus();
    if (!element) await this.#show(next.id);
  }

  async #page(where: 'top' | 'bottom', box: HTMLElement | undefined): Promise<void> {
    const rows = this.#view.seen().filter((row) => row.kind === 'message');
    const edge = where === 'top' ? rows.at(-1) : rows[0];
    if (!edge || !box) return;
    this.#view.stand(edge.id, where);
    await tick();
    this.#view.settle();
    const now = this.#view.seen(true).filter((row) => row.kind === 'message');
    const next = where === 'top' ? now.at(-1) : now[0];
    if (next) this.#elementOf(next.id)?.focus({ preventScroll: true });
  }

  async #to(go: () => Promise<{ id: string } | undefined>): Promise<void> {
    const found = await go();
    if (found) await this.#show(found.id);
  }

  async #toEnd(): Promise<void> {
    await this.#thread.toNewest();
    await this.#to(() => Promise.resolve(this.#thread.messages.at(-1)));
  }

  #elementOf(id: string): HTMLElement | null {
    return document.querySelector<HTMLElement>(`[data-id="${id}"]`);
  }
}
