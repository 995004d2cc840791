/** The dialogs that can be opened from anywhere. */
export type Panel =
  | { kind: 'palette' }
  | { kind: 'shortcuts' }
  | { kind: 'search' }
  | { kind: 'write' }
  | { kind: 'group-new' }
  | { kind: 'invite' }
  | { kind: 'paste'; link?: string }
  | { kind: 'phrase' }
  | { kind: 'claim'; link?: string }
  | { kind: 'network-create' }
  | { kind: 'member-add'; peer?: string; name?: string; way?: 'invite' | 'contact' | 'key' }
  | { kind: 'find' }
  | { kind: 'closing' };

/** Which dialog is open; one at a time. */
export class Panels {
  #open = $state<Panel | null>(null);

  get open(): Panel | null {
    return this.#open;
  }

  show(panel: Panel): void {
    this.#open = panel;
  }

  close(): void {
    this.#open = null;
  }
}
