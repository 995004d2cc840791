const REMEMBERED = 'list-width';
const LEAST = 240;
const MOST = 480;
const USUAL = 320;

/** How wide the list is; the person may change it, and it is remembered. */
class ListWidth {
  readonly least = LEAST;
  readonly most = MOST;
  #px = $state(clamp(Number(localStorage.getItem(REMEMBERED) ?? USUAL)));

  get px(): number {
    return this.#px;
  }

  set(px: number): void {
    this.#px = clamp(px);
    localStorage.setItem(REMEMBERED, String(this.#px));
  }
}

function clamp(px: number): number {
  if (!Number.isFinite(px)) return USUAL;
  return Math.round(Math.min(MOST, Math.max(LEAST, px)));
}

export const listWidth = new ListWidth();
