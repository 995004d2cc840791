import type { Host } from '../host/host';
import { type Network, type NetworkJoined, PUBLIC } from '../model';
import { t } from '../i18n/i18n';
import { hueOf } from '../parts/avatar';

const REMEMBERED = 'network';

/** The networks of this profile, and the one that the window shows. */
export class Networks {
  readonly #host: Host;
  #list = $state<Network[]>([]);
  #chosen = $state(localStorage.getItem(REMEMBERED) ?? PUBLIC);
  #isLoaded = $state(false);

  constructor(host: Host) {
    this.#host = host;
  }

  get list(): readonly Network[] {
    return this.#list;
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** The network that the window shows. */
  get current(): Network | undefined {
    return this.#list.find((network) => network.network === this.key);
  }

  get key(): string {
    return this.#list.some((network) => network.network === this.#chosen) ? this.#chosen : PUBLIC;
  }

  get isPrivate(): boolean {
    return this.current?.kind === 'private';
  }

  get isAdmin(): boolean {
    return this.current?.role === 'admin';
  }

  /** The network whose members have to be confirmed first. */
  get stalest(): Network | undefined {
    return this.#list
      .filter((each) => each.stale_at)
      .sort((a, b) => (a.stale_at ?? 0) - (b.stale_at ?? 0))[0];
  }

  find(network: string): Network | undefined {
    return this.#list.find((each) => each.network === network);
  }

  nameOf(network: string): string {
    return this.find(network)?.name ?? network;
  }

  choose(network: string): void {
    this.#chosen = network;
    localStorage.setItem(REMEMBERED, network);
  }

  async load(): Promise<void> {
    this.#list = order(await this.#host.call('networks_list'));
    this.#isLoaded = true;
  }

  /** Asks to be let into the network of a link. */
  async join(link: string): Promise<NetworkJoined> {
    const joined = await this.#host.call('network_join', { link });
    await this.load();
    return joined;
  }

  /** Leaves a network; one that was never joined is only asked for no more. */
  async leave(network: string): Promise<void> {
    await this.#host.call('network_leave', { network });
    await this.load();
  }

  /** Confirms the members of a network, as of now. */
  async confirm(network: string): Promise<void> {
    this.#keep(await this.#host.call('network_confirm', { network }));
  }

  /** Chooses how long the members count without being confirmed, and what happens then. */
  async setPolicy(network: string, stale_after_days: number, cuts_off: boolean): Promise<void> {
    const args = { network, stale_after_days, cuts_off };
    this.#keep(await this.#host.call('network_set_policy', args));
  }

  /** Makes this account an admin by the recovery words. */
  async recover(network: string, phrase: string): Promise<void> {
    this.#keep(await this.#host.call('network_recover', { network, phrase }));
  }

  /** Puts the history of the members together by the recovery words. */
  async tidy(network: string, phrase: string): Promise<void> {
    this.#keep(await this.#host.call('network_tidy', { network, phrase }));
  }

  #keep(network: Network): void {
    this.put(network.network, network);
  }

  /** Takes in what an event says; null means that the network is gone. */
  put(id: string, network: Network | null): void {
    const others = this.#list.filter((each) => each.network !== id);
    this.#list = order(network === null ? others : [...others, network]);
  }
}

/** A hue with its strength, and its lightness in both themes. */
export interface Tint {
  readonly hue: number;
  readonly chroma: number;
  readonly light: number;
  readonly dark: number;
}

/** The colour of a network: none for the public one, a hue of its own for each private one. */
export function tintOf(network: string | undefined): Tint {
  if (network === undefined || network === PUBLIC)
    return { hue: 70, chroma: 0.01, light: 0.63, dark: 0.55 };
  return { hue: hueOf(network), chroma: 0.12, light: 0.56, dark: 0.75 };
}

// The public network has the same plain name everywhere, in the words of the catalogue.
function order(list: readonly Network[]): Network[] {
  const named = list.map((each) =>
    each.kind === 'public' ? { ...each, name: t('network.public') } : each,
  );
  return named.sort((a, b) => {
    if (a.kind !== b.kind) return a.kind === 'public' ? -1 : 1;
    return a.name.localeCompare(b.name);
  });
}
