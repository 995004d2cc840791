import { SvelteMap } from 'svelte/reactivity';
import { Failure, type Host } from '../host/host';
import type { ActionStatus, EventOf, PropertyState } from '../model';
import { type Description, readDescription } from '../thing-description';

const KEPT_EVENTS = 50;
const KEPT_POINTS = 120;

export interface ReceivedEvent {
  readonly at: number;
  readonly event: string;
  readonly data: unknown;
}

export interface Point {
  readonly at: number;
  readonly value: number;
}

/** One thing: its description, what its properties are, and what it is doing. */
export class Thing {
  readonly #host: Host;
  readonly url: string;
  #description = $state<Description | null>(null);
  #failure = $state<Failure | null>(null);
  readonly #properties = new SvelteMap<string, PropertyState>();
  readonly #refused = new SvelteMap<string, Failure>();
  readonly #points = new SvelteMap<string, readonly Point[]>();
  readonly #actions = new SvelteMap<string, ActionStatus>();
  #events = $state<ReceivedEvent[]>([]);
  #watchers = 0;

  constructor(host: Host, url: string) {
    this.#host = host;
    this.url = url;
  }

  get description(): Description | null {
    return this.#description;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  get events(): readonly ReceivedEvent[] {
    return this.#events;
  }

  property(name: string): PropertyState | undefined {
    return this.#properties.get(name);
  }

  /** Why the last write of a property was refused. */
  refusal(name: string): Failure | undefined {
    return this.#refused.get(name);
  }

  /** The numbers that a property had while this window looked. */
  points(name: string): readonly Point[] {
    return this.#points.get(name) ?? [];
  }

  /** The last run of an action. */
  action(name: string): ActionStatus | undefined {
    return this.#actions.get(name);
  }

  /** Takes in the last known values; what was said since stays. */
  remember(values: Record<string, PropertyState>): void {
    for (const [property, state] of Object.entries(values)) this.#put(property, state);
  }

  /** Describes the thing, reads it and follows it while somebody looks; returns how to stop. */
  watch(): () => void {
    this.#watchers += 1;
    if (this.#watchers === 1) void this.load();
    return () => {
      this.#watchers -= 1;
      if (this.#watchers === 0) void this.#quietly(() => this.#unobserve());
    };
  }

  async load(): Promise<void> {
    try {
      const document = await this.#host.call('device_describe', { thing: this.url });
      this.#description = readDescription(document);
      this.#failure = null;
    } catch (thrown) {
      this.#failure = Failure.from(thrown);
      return;
    }
    await this.#quietly(() => this.#host.call('device_observe', { thing: this.url }));
    await this.readAll();
  }

  async readAll(): Promise<void> {
    const readable = this.#description?.properties.filter((each) => !each.schema.writeOnly) ?? [];
    await Promise.all(readable.map((each) => this.#quietly(() => this.#read(each.name))));
  }

  /** Asks for another value. What is shown changes only when the node says so. */
  async write(property: string, value: unknown): Promise<void> {
    this.#refused.delete(property);
    try {
      const state = await this.#host.call('device_write', { thing: this.url, property, value });
      this.#put(property, state);
    } catch (thrown) {
      this.#refused.set(property, Failure.from(thrown));
    }
  }

  async invoke(action: string, input?: unknown): Promise<void> {
    const base = { thing: this.url, action };
    const args = input === undefined ? base : { ...base, input };
    this.#actions.set(action, await this.#host.call('device_invoke', args));
  }

  async cancel(action: string): Promise<void> {
    const running = this.#actions.get(action);
    if (running === undefined) return;
    const args = { thing: this.url, action_id: running.action_id };
    this.#actions.set(action, await this.#host.call('device_cancel', args));
  }

  onProperty({ property, reported, target, pending_since, at }: EventOf<'property'>): void {
    const state: PropertyState = { reported, at };
    if (target !== undefined && target !== null) {
      state.target = target;
      state.pending_since = pending_since;
    }
    this.#put(property, state);
  }

  onAction({ action, action_id, state, progress, output, error }: EventOf<'action'>): void {
    this.#actions.set(action, { action_id, state, progress, output, error });
  }

  onEvent({ at, event, data }: EventOf<'device_event'>): void {
    this.#events = [{ at, event, data }, ...this.#events].slice(0, KEPT_EVENTS);
  }

  async #read(property: string): Promise<void> {
    this.#put(property, await this.#host.call('device_read', { thing: this.url, property }));
  }

  #put(property: string, state: PropertyState): void {
    // An answer to an earlier question never replaces what was said since.
    const known = this.#properties.get(property);
    if (known !== undefined && known.at > state.at) return;
    this.#properties.set(property, state);
    if (typeof state.reported !== 'number') return;
    const before = this.points(property);
    if (before.at(-1)?.at === state.at) return;
    const point = { at: state.at, value: state.reported };
    this.#points.set(property, [...before, point].slice(-KEPT_POINTS));
  }

  async #unobserve(): Promise<void> {
    await this.#host.call('device_unobserve', { thing: this.url });
  }

  async #quietly(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch {
      // The device's state says why it does not answer.
    }
  }
}
