import type { Host } from '../host/host';
import type { Installation } from '../model';

/** The computers that this account is used on. */
export class Computers {
  readonly #host: Host;
  #list = $state<readonly Installation[]>([]);

  constructor(host: Host) {
    this.#host = host;
  }

  get list(): readonly Installation[] {
    return this.#list;
  }

  /** Those that may be used, without this one. */
  get others(): readonly Installation[] {
    return this.#list.filter((each) => !each.this && each.revoked_at === null);
  }

  /** When another computer removed this one from the account. */
  get removedAt(): number | null {
    return this.#list.find((each) => each.this)?.revoked_at ?? null;
  }

  async load(): Promise<void> {
    this.#list = await this.#host.call('nodes_list');
  }

  async revoke(node: string): Promise<void> {
    this.#list = await this.#host.call('node_revoke', { node });
  }
}

/** A node's id shortened to what tells computers apart: all begin alike. */
export function shortNode(node: string): string {
  return `…${node.slice(-6)}`;
}
