import { SvelteMap } from 'svelte/reactivity';
import type { Host } from '../host/host';
import type { Device, EventOf, Grant, Level } from '../model';
import { Listed } from './listed.svelte';
import { Thing } from './thing.svelte';

const LEVELS: readonly Level[] = ['view', 'operate', 'manage', 'admin', 'owner'];

/** The things of all devices, and the rights that people hold on them. */
export class Devices {
  readonly #host: Host;
  readonly #all = new Listed<Device>((device) => device.thing);
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is derived from the cache
  readonly #things = new Map<string, Thing>();
  readonly #grants = new SvelteMap<string, Grant[]>();
  #isLoaded = $state(false);

  constructor(host: Host) {
    this.#host = host;
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  find(thing: string): Device | undefined {
    return this.#all.get(thing);
  }

  /** The things of `network`, by title. */
  of(network: string): Device[] {
    return this.#all
      .values()
      .filter((device) => device.network === network)
      .sort((a, b) => a.title.localeCompare(b.title));
  }

  /** The rooms of `network`, by name; things without one are under the empty name. */
  rooms(network: string): string[] {
    const rooms = this.of(network).map((device) => device.room ?? '');
    return rooms.filter((room, index) => rooms.indexOf(room) === index).sort(byRoom);
  }

  /** The state of one thing; the same object each time. */
  thing(url: string): Thing {
    const known = this.#things.get(url);
    if (known) return known;
    const thing = new Thing(this.#host, url);
    thing.remember(this.find(url)?.values ?? {});
    this.#things.set(url, thing);
    return thing;
  }

  grants(device: string): readonly Grant[] | undefined {
    return this.#grants.get(device);
  }

  async load(): Promise<void> {
    await this.#all.read(() => this.#host.call('devices_list', {}));
    this.#isLoaded = true;
  }

  async claim(link: string, network: string): Promise<Device[]> {
    const claimed = await this.#host.call('device_claim', { link, network });
    for (const device of claimed) this.#all.put(device);
    return claimed;
  }

  async rename(thing: string, title: string): Promise<void> {
    this.#keep(await this.#host.call('device_rename', { thing, title }));
  }

  async moveTo(thing: string, room: string): Promise<void> {
    this.#keep(await this.#host.call('device_room', { thing, room }));
  }

  async remove(device: string): Promise<void> {
    await this.#host.call('device_remove', { device });
    this.#forget(device);
  }

  async loadGrants(device: string): Promise<void> {
    this.#grants.set(device, await this.#host.call('device_grants', { device }));
  }

  async grant(device: string, peer: string, level: Level): Promise<void> {
    await this.#host.call('device_grant', { device, peer, level });
    await this.loadGrants(device);
  }

  async revoke(device: string, peer: string): Promise<void> {
    await this.#host.call('device_revoke', { device, peer });
    await this.loadGrants(device);
  }

  audit(device: string) {
    return this.#host.call('device_audit', { device, limit: 50 });
  }

  onDevice(event: EventOf<'device'>): void {
    if (event.device === null) {
      this.#forget(event.peer, event.network);
      return;
    }
    const before = this.#all.get(event.device.thing);
    this.#keep(event.device);
    const cameBack = before?.state !== 'online' && event.device.state === 'online';
    const thing = this.#things.get(event.device.thing);
    if (cameBack && thing) void thing.load();
  }

  onGrant(event: EventOf<'grant'>): void {
    if (this.#grants.has(event.device)) void this.loadGrants(event.device).catch(() => undefined);
  }

  /** The thing that an event is about, if this window knows it. */
  known(url: string): Thing | undefined {
    return this.#things.get(url);
  }

  #keep(device: Device): void {
    this.#all.put(device);
  }

  /** Forgets the things of a host: in one network, or everywhere. */
  #forget(host: string, network?: string): void {
    for (const device of this.#all.values()) {
      const isMeant = device.device === host && (network ?? device.network) === device.network;
      if (isMeant) this.#all.drop(device.thing);
    }
  }
}

/** Rooms by name; what has none comes last. */
export function byRoom(a: string, b: string): number {
  return a === '' ? 1 : b === '' ? -1 : a.localeCompare(b);
}

/** Whether `held` allows what needs `needed`. */
export function reaches(held: Level | null | undefined, needed: Level): boolean {
  return held ? LEVELS.indexOf(held) >= LEVELS.indexOf(needed) : false;
}
