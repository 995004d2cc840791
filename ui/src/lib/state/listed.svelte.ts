import { SvelteMap } from 'svelte/reactivity';

/**
 * A list that is read as a whole and changed by events. A list is as old as its question, so
 * what was said while the answer was on its way stands.
 */
export class Listed<T> {
  readonly #keyOf: (item: T) => string;
  readonly #all = new SvelteMap<string, T>();
  // What was said during each reading that goes on.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is derived from it
  readonly #news = new Set<Map<string, T | null>>();

  constructor(keyOf: (item: T) => string) {
    this.#keyOf = keyOf;
  }

  get(key: string): T | undefined {
    return this.#all.get(key);
  }

  values(): T[] {
    return [...this.#all.values()];
  }

  put(item: T): void {
    const key = this.#keyOf(item);
    this.#all.set(key, item);
    for (const news of this.#news) news.set(key, item);
  }

  drop(key: string): void {
    this.#all.delete(key);
    for (const news of this.#news) news.set(key, null);
  }

  /** Reads the list anew. */
  async read(ask: () => Promise<readonly T[]>): Promise<void> {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- gone once the list is there
    const news = new Map<string, T | null>();
    this.#news.add(news);
    try {
      const list = await ask();
      this.#all.clear();
      for (const item of list) this.#all.set(this.#keyOf(item), item);
      for (const [key, item] of news) {
        if (item === null) this.#all.delete(key);
        else this.#all.set(key, item);
      }
    } finally {
      this.#news.delete(news);
    }
  }
}
