import type { Thread } from '$lib/state/thread.svelte';
import { Heights } from './heights';
import { type Marks, rowsOf, type Row } from './rows';

// Rows are drawn this many heights of the window beyond it, and never more than so many.
const BEYOND = 0.75;
const MOST_ROWS = 140;
const USUAL_PX = 600;
// Free room where more is on its way: rows come into it without anything else moving.
const ROOM_PX = 2400;
// The next page is asked for when so little is left.
const AHEAD_PX = 2400;
const AT_END_PX = 48;
const IDLE_MS = 150;

// So much less than wished for may be drawn before it is drawn anew: a few rows at a time.
const SLACK_PX = 160;

/** A row and how far below the upper edge it stands, or stood at a scroll position. */
interface Anchor {
  readonly id: string;
  readonly top: number;
  readonly at?: number;
}

/** Which rows of a conversation are drawn, and that what is read never moves. */
export class LogView {
  readonly #thread: Thread;
  readonly #heights = new Heights();
  readonly #unreadFrom: () => string | null;
  readonly #computers: () => Marks['computers'];
  readonly rows: readonly Row[] = $derived.by(() => this.#rows());
  readonly drawn: readonly Row[] = $derived.by(() => this.#drawn());
  #box: HTMLElement | undefined;
  #content: HTMLElement | undefined;
  // The row around which is drawn; null is the last one.
  #centre = $state<string | null>(null);
  #isAtEnd = $state(true);
  #height = $state(USUAL_PX);
  #width = 0;
  #anchor: Anchor | null = null;
  #room = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(
    thread: Thread,
    unreadFrom: () => string | null,
    computers: () => Marks['computers'] = () => [],
  ) {
    this.#thread = thread;
    this.#computers = computers;
    this.#unreadFrom = unreadFrom;
  }

  /** Whether the newest message is in sight, and what comes is followed. */
  get isAtEnd(): boolean {
    return this.#isAtEnd && !this.#thread.hasNewer;
  }

  /** Takes over the element that scrolls and the one in it that holds the rows. */
  attach(box: HTMLElement, content: HTMLElement): () => void {
    this.#box = box;
    this.#content = content;
    const observer = new ResizeObserver(() => this.#resized());
    observer.observe(box);
    observer.observe(content);
    return () => {
      observer.disconnect();
      clearTimeout(this.#idle);
    };
  }

  /** Takes note of where somebody has scrolled to. */
  scrolled(): void {
    this.#look();
    this.#ask();
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#rest(), IDLE_MS);
  }

  /** After rows were drawn: keeps what is read where it was. */
  settle(isResized = false): void {
    this.#measure(isResized);
    this.#pad();
    if (this.#isAtEnd && !this.#thread.hasNewer && this.#anchor === null) this.#toEnd();
    else this.#hold();
    this.#look();
    this.#ask();
  }

  /** Stands a row that is known where it is wanted, after the next drawing. */
  stand(id: string, where: 'top' | 'middle' | 'bottom'): void {
    const row = this.rows.find((each) => each.id === id);
    if (!row) return;
    const free = Math.max(0, this.#height - this.#heights.of(row));
    this.#isAtEnd = false;
    this.#centre = id;
    this.#anchor = { id, top: { top: 0, middle: free / 2, bottom: free }[where] };
  }

  /** The row of a kind that stands before a message, or the message where there is none. */
  before(id: string, kind: 'day' | 'unread'): string {
    const at = this.rows.findIndex((row) => row.id === id);
    return this.rows.slice(0, at).findLast((row) => row.kind === kind)?.id ?? id;
  }

  /** Follows the end again. */
  follow(): void {
    this.#isAtEnd = true;
    this.#centre = null;
    this.#anchor = null;
  }

  /** The rows of which something can be seen, or all of it. */
  seen(isWhole = false): Row[] {
    const box = this.#box?.getBoundingClientRect();
    if (!box) return [];
    const isSeen = ({ top, bottom }: DOMRect) =>
      isWhole
        ? top >= box.top - 1 && bottom <= box.bottom + 1
        : bottom > box.top && top < box.bottom;
    const elements = this.#elements().filter((each) => isSeen(each.getBoundingClientRect()));
    // Without a layout everything that is drawn counts as seen.
    if (box.height === 0) return [...this.drawn];
    const ids = elements.map((each) => each.dataset['row']);
    return this.drawn.filter((row) => ids.includes(row.id));
  }

  #rows(): Row[] {
    return rowsOf(this.#thread.messages, {
      isFromBegin: this.#thread.isLoaded && !this.#thread.hasOlder,
      unreadFrom: this.#unreadFrom(),
      isToEnd: !this.#thread.hasNewer,
      computers: this.#computers() ?? [],
    });
  }

  #drawn(): readonly Row[] {
    const reach = this.#height * (1 + BEYOND);
    const at = this.#centreIndex();
    let [from, to] = [at, Math.min(at + 1, this.rows.length)];
    for (let above = 0; from > 0 && above < reach && to - from < MOST_ROWS / 2; from -= 1)
      above += this.#heightAt(from - 1);
    for (let below = 0; to < this.rows.length && below < reach && to - from < MOST_ROWS; to += 1)
      below += this.#heightAt(to);
    return this.rows.slice(from, to);
  }

  #centreIndex(): number {
    const last = Math.max(0, this.rows.length - 1);
    if (this.#centre === null) return last;
    const at = this.rows.findIndex((row) => row.id === this.#centre);
    return at < 0 ? last : at;
  }

  #heightAt(index: number): number {
    const row = this.rows[index];
    return row ? this.#heights.of(row) : 0;
  }

  #resized(): void {
    const width = this.#content?.clientWidth ?? 0;
    if (this.#width !== 0 && width !== this.#width) this.#heights.forget();
    this.#width = width;
    this.#height = this.#box?.clientHeight || USUAL_PX;
    this.settle(true);
  }

  #measure(isAnew: boolean): void {
    for (const element of this.#elements()) {
      const id = element.dataset['row'] ?? '';
      if (isAnew || !this.#heights.knows(id))
        this.#heights.note(id, element.getBoundingClientRect().height);
    }
  }

  // Above the rows that are drawn lies what the others would take, and room for what is to come.
  #pad(): void {
    const [first, last] = [this.drawn[0], this.drawn.at(-1)];
    const from = first ? this.rows.indexOf(first) : 0;
    const to = last ? this.rows.indexOf(last) + 1 : 0;
    const above = this.#room + this.#heights.sum(this.rows, 0, from);
    const below = this.#heights.sum(this.rows, to, this.rows.length);
    const more = this.#thread.hasNewer ? ROOM_PX : 0;
    this.#content?.style.setProperty('padding-top', `${String(Math.max(0, above))}px`);
    this.#content?.style.setProperty('padding-bottom', `${String(below + more)}px`);
  }

  #toEnd(): void {
    this.#makeRoom();
    if (this.#box) this.#box.scrollTop = this.#box.scrollHeight;
  }

  // Takes up in the room above what has changed there; the scroll position stays as it is.
  #hold(): void {
    const element = this.#anchor ? this.#element(this.#anchor.id) : undefined;
    if (!this.#box || !this.#anchor || !element) return;
    const top = element.getBoundingClientRect().top - this.#box.getBoundingClientRect().top;
    // Whoever scrolls on meanwhile moves it too.
    const scrolled = this.#box.scrollTop - (this.#anchor.at ?? this.#box.scrollTop);
    const moved = top - (this.#anchor.top - scrolled);
    if (Math.abs(moved) > 0.5) this.#room -= moved;
    if (this.#room < 0 || !this.#thread.hasOlder || Math.abs(moved) > ROOM_PX) this.#makeRoom();
    else this.#pad();
  }

  // Gives the room its usual size; what is read stays, so the scroll position changes.
  #makeRoom(): void {
    const wanted = this.#thread.hasOlder ? ROOM_PX : 0;
    const change = wanted - this.#room;
    this.#room = wanted;
    this.#pad();
    if (this.#box && Math.abs(change) > 0.5) this.#box.scrollTop += change;
  }

  /** Nobody scrolls now. */
  #rest(): void {
    const wanted = this.#thread.hasOlder ? ROOM_PX : 0;
    if (this.#room !== wanted) this.#makeRoom();
  }

  // Remembers what stands at the upper edge, and draws around it when the drawn part runs out.
  #look(): void {
    const box = this.#box;
    if (!box) return;
    this.#isAtEnd =
      !this.#thread.hasNewer && box.scrollHeight - box.scrollTop - box.clientHeight < AT_END_PX;
    this.#thread.follow(this.#isAtEnd);
    const top = box.getBoundingClientRect().top;
    const elements = this.#elements();
    const first = elements.find((each) => each.getBoundingClientRect().bottom > top);
    const id = first?.dataset['row'];
    if (!first || id === undefined) return;
    this.#anchor = this.#isAtEnd
      ? null
      : { id, top: first.getBoundingClientRect().top - top, at: box.scrollTop };
    if (this.#isAtEnd) this.#centre = null;
    else if (this.#runsOut(elements, top)) this.#centre = id;
  }

  #runsOut(elements: readonly HTMLElement[], top: number): boolean {
    const [first, last] = [elements[0], elements.at(-1)];
    if (!first || !last) return false;
    const reach = this.#height * BEYOND - SLACK_PX;
    const above = top - first.getBoundingClientRect().top;
    const below = last.getBoundingClientRect().bottom - top - this.#height;
    const isFirst = first.dataset['row'] === this.rows[0]?.id;
    const isLast = last.dataset['row'] === this.rows.at(-1)?.id;
    return (!isFirst && above < reach) || (!isLast && below < reach);
  }

  // Reads on before the end of what is known comes in sight.
  #ask(): void {
    const [first, last] = [this.drawn[0], this.drawn.at(-1)];
    if (!first || !last) return;
    const before = this.#heights.sum(this.rows, 0, this.rows.indexOf(first));
    const after = this.#heights.sum(this.rows, this.rows.indexOf(last) + 1, this.rows.length);
    if (this.#thread.hasOlder && before < AHEAD_PX) this.#read(() => this.#thread.loadOlder());
    if (this.#thread.hasNewer && after < AHEAD_PX) this.#read(() => this.#thread.loadNewer());
  }

  #read(read: () => Promise<void>): void {
    // It is asked for again with the next step; the log says when nothing can be read.
    read().catch(() => undefined);
  }

  #elements(): HTMLElement[] {
    return [...(this.#content?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
  }

  #element(id: string): HTMLElement | undefined {
    return this.#elements().find((each) => each.dataset['row'] === id);
  }
}
