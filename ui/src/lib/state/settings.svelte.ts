import type { Host } from '../host/host';
import type { Settings as Values, SettingsChange } from '../model';

/** What the profile remembers of how its person likes it. */
export class Settings {
  readonly #host: Host;
  #values = $state<Values | null>(null);

  constructor(host: Host) {
    this.#host = host;
  }

  get values(): Values | null {
    return this.#values;
  }

  /** The things that are shown first, in the order in which they were chosen. */
  get favourites(): readonly string[] {
    return this.#values?.favourites ?? [];
  }

  isFavourite(thing: string): boolean {
    return this.favourites.includes(thing);
  }

  async load(): Promise<void> {
    this.#take(await this.#host.call('settings_get'));
  }

  async change(change: SettingsChange): Promise<void> {
    this.#take(await this.#host.call('settings_set', change));
  }

  #take(values: Values): void {
    this.#values = values;
    if (values.appearance === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = values.appearance;
  }
}
