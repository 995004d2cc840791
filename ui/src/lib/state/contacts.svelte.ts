import type { Host } from '../host/host';
import { type Contact, type EventOf, keyOf } from '../model';
import { Listed } from './listed.svelte';

export const SECTIONS = ['incoming', 'accepted', 'requested', 'blocked'] as const;
export type Section = (typeof SECTIONS)[number];

/** Everyone that this profile knows, by network. */
export class Contacts {
  readonly #host: Host;
  readonly #all = new Listed<Contact>(keyOf);
  #isLoaded = $state(false);

  constructor(host: Host) {
    this.#host = host;
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  find(network: string, peer: string): Contact | undefined {
    return this.#all.get(`${network}/${peer}`);
  }

  /** Everyone known in `network`, by name. */
  of(network: string): Contact[] {
    return this.#all
      .values()
      .filter((contact) => contact.network === network)
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Everyone known, in every network. */
  everyone(): Contact[] {
    return this.#all.values();
  }

  /** Someone, in whichever network they are known. */
  anywhere(peer: string): Contact | undefined {
    return this.#all.values().find((contact) => contact.peer === peer);
  }

  /** The networks in which `peer` is known. */
  networksOf(peer: string): string[] {
    return this.#all
      .values()
      .filter((each) => each.peer === peer)
      .map((each) => each.network);
  }

  /** How many wait for an answer in `network`. */
  waiting(network: string): number {
    return this.of(network).filter((contact) => contact.state === 'incoming').length;
  }

  async load(): Promise<void> {
    await this.#all.read(() => this.#host.call('contacts_list', {}));
    this.#isLoaded = true;
  }

  onContact(event: EventOf<'contact'>): void {
    if (event.contact === null) this.#all.drop(keyOf(event));
    else this.#all.put(event.contact);
  }

  onPresence(event: EventOf<'presence'>): void {
    const contact = this.#all.get(keyOf(event));
    if (contact === undefined) return;
    const { presence, last_seen } = event;
    this.#all.put({ ...contact, presence, last_seen });
  }

  async invite() {
    return this.#host.call('contact_invite');
  }

  /** Those in the public network who go by a name; several may. */
  async findByName(name: string) {
    return this.#host.call('contact_find', { name });
  }

  async add(args: { link: string } | { peer: string }): Promise<Contact> {
    return this.#keep(await this.#host.call('contact_add', args));
  }

  async accept({ network, peer }: Contact): Promise<void> {
    this.#keep(await this.#host.call('contact_accept', { network, peer }));
  }

  async decline(contact: Contact): Promise<void> {
    const { network, peer } = contact;
    await this.#host.call('contact_decline', { network, peer });
    this.#all.drop(keyOf(contact));
  }

  async block({ network, peer }: Contact): Promise<void> {
    this.#keep(await this.#host.call('contact_block', { network, peer }));
  }

  async unblock({ network, peer }: Contact): Promise<void> {
    await this.#host.call('contact_unblock', { network, peer });
    await this.load();
  }

  async remove(contact: Contact): Promise<void> {
    const { network, peer } = contact;
    await this.#host.call('contact_remove', { network, peer });
    this.#all.drop(keyOf(contact));
  }

  async rename({ network, peer }: Contact, name: string): Promise<void> {
    this.#keep(await this.#host.call('contact_rename', { network, peer, name }));
  }

  async verify({ network, peer }: Contact, verified: boolean): Promise<void> {
    this.#keep(await this.#host.call('contact_verify', { network, peer, verified }));
  }

  async safetyNumber({ network, peer }: Contact) {
    return this.#host.call('contact_safety_number', { network, peer });
  }

  #keep(contact: Contact): Contact {
    this.#all.put(contact);
    return contact;
  }
}
