import { SvelteMap } from 'svelte/reactivity';
import type { Host } from '../host/host';
import type { LinkText, NetworkInvite, NetworkInviteWish } from '../model';
import { gathered } from './gathered';

/** The one-time invites into each private network. */
export class Invites {
  readonly #host: Host;
  readonly #lists = new SvelteMap<string, NetworkInvite[]>();
  readonly #readAll = gathered(async () => {
    await Promise.allSettled([...this.#lists.keys()].map((network) => this.load(network)));
  });

  constructor(host: Host) {
    this.#host = host;
  }

  /** The invites of a network, newest first. */
  of(network: string): readonly NetworkInvite[] | undefined {
    return this.#lists.get(network);
  }

  async load(network: string): Promise<void> {
    this.#lists.set(network, await this.#host.call('network_invites', { network }));
  }

  async make(wish: NetworkInviteWish): Promise<LinkText> {
    const made = await this.#host.call('network_invite', wish);
    if (this.#lists.has(wish.network)) await this.load(wish.network);
    return made;
  }

  async revoke(network: string, id: string): Promise<void> {
    await this.#host.call('network_invite_revoke', { network, id });
    await this.load(network);
  }

  /** Somebody came in, perhaps by one of them. */
  onMember(): void {
    if (this.#lists.size > 0) this.#readAll();
  }

  /** Reads anew whatever was read before. */
  reload(): void {
    this.onMember();
  }
}
