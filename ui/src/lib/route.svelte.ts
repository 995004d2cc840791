export const VIEWS = ['chats', 'contacts', 'devices', 'network', 'settings'] as const;
export type View = (typeof VIEWS)[number];

/** Where the window is: a view and, in it, the chosen item. Kept in the address so that Back works. */
export class Route {
  #view = $state<View>('chats');
  #item = $state<string | null>(null);

  constructor() {
    this.#read();
  }

  get view(): View {
    return this.#view;
  }

  get item(): string | null {
    return this.#item;
  }

  /** Goes to a view and, if given, to an item in it. */
  go(view: View, item: string | null = null): void {
    window.location.hash = item === null ? `#/${view}` : `#/${view}/${encodeURIComponent(item)}`;
    this.#read();
  }

  /** Leaves the item and shows the list of its view. */
  close(): void {
    this.go(this.#view);
  }

  /** Follows the address; returns how to stop. */
  follow(): () => void {
    const read = () => this.#read();
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }

  #read(): void {
    const [, view, item] = window.location.hash.split('/');
    this.#view = VIEWS.find((name) => name === view) ?? 'chats';
    this.#item = item === undefined || item === '' ? null : decodeURIComponent(item);
  }
}
