import type { Host } from '../host/host';
import type { Contact, EventOf, Group } from '../model';
import { Listed } from './listed.svelte';

/** The groups of this profile, also those that it is in no longer. */
export class Groups {
  readonly #host: Host;
  readonly #all = new Listed<Group>((group) => group.group);

  constructor(host: Host) {
    this.#host = host;
  }

  find(key: string): Group | undefined {
    return this.#all.get(key);
  }

  async load(): Promise<void> {
    await this.#all.read(() => this.#host.call('groups_list', {}));
  }

  onGroup(event: EventOf<'group'>): void {
    this.#all.put(event.group);
  }

  async create(network: string, title: string, peers: string[]): Promise<Group> {
    return this.#keep(await this.#host.call('group_create', { network, title, peers }));
  }

  async rename({ group }: Group, title: string): Promise<void> {
    this.#keep(await this.#host.call('group_rename', { group, title }));
  }

  async add({ group }: Group, peers: string[]): Promise<void> {
    this.#keep(await this.#host.call('group_add', { group, peers }));
  }

  async remove({ group }: Group, peer: string): Promise<void> {
    this.#keep(await this.#host.call('group_remove', { group, peer }));
  }

  async leave({ group }: Group): Promise<void> {
    this.#keep(await this.#host.call('group_leave', { group }));
  }

  async setAdmin({ group }: Group, peer: string, admin: boolean): Promise<void> {
    this.#keep(await this.#host.call('group_admin', { group, peer, admin }));
  }

  #keep(group: Group): Group {
    this.#all.put(group);
    return group;
  }
}

/** Those of a network who can be in a group: people, and whoever is there. */
export function eligible(contacts: readonly Contact[], own: string | undefined): Contact[] {
  return contacts.filter(
    (each) =>
      each.peer !== own && each.kind !== 'device' && each.kind !== 'hub' && !each.gone_since,
  );
}
