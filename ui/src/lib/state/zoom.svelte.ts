import type { Host } from '../host/host';

const REMEMBERED = 'zoom';

/** The sizes to choose from, in percent. */
export const ZOOMS = ['80', '90', '100', '110', '125', '150', '175', '200'] as const;
export type ZoomPercent = (typeof ZOOMS)[number];

const USUAL: ZoomPercent = '100';

/** How large everything in the window is drawn; remembered on this machine. */
export class Zoom {
  readonly #host: Host;
  #percent = $state<ZoomPercent>(remembered());

  constructor(host: Host) {
    this.#host = host;
  }

  get percent(): ZoomPercent {
    return this.#percent;
  }

  /** Draws the window as large as it was the last time. */
  async restore(): Promise<void> {
    if (this.#percent !== USUAL) await this.#show();
  }

  async set(percent: ZoomPercent): Promise<void> {
    this.#percent = percent;
    localStorage.setItem(REMEMBERED, percent);
    await this.#show();
  }

  /** Goes so many sizes up, or down where `steps` is negative. */
  async step(steps: 1 | -1): Promise<void> {
    const next = ZOOMS[ZOOMS.indexOf(this.#percent) + steps];
    if (next !== undefined) await this.set(next);
  }

  async reset(): Promise<void> {
    await this.set(USUAL);
  }

  #show(): Promise<void> {
    return this.#host.zoom(Number(this.#percent) / 100);
  }
}

function remembered(): ZoomPercent {
  const kept = localStorage.getItem(REMEMBERED);
  return ZOOMS.find((each) => each === kept) ?? USUAL;
}
