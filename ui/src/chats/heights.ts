import type { Row } from './rows';

const LINE = 22;
const SIGNS_IN_LINE = 64;
const USUAL = { begin: 160, day: 62, unread: 40, computer: 34, message: 44 } as const;

/** How high rows are: as they were measured, or as they are likely to be. */
export class Heights {
  readonly #measured = new Map<string, number>();

  /** Notes what a row was measured to be. */
  note(id: string, height: number): void {
    // Without a layout there is nothing to measure.
    if (height > 0) this.#measured.set(id, height);
  }

  knows(id: string): boolean {
    return this.#measured.has(id);
  }

  /** Forgets what holds no longer, as at another width. */
  forget(): void {
    this.#measured.clear();
  }

  of(row: Row): number {
    return this.#measured.get(row.id) ?? guess(row);
  }

  /** The height of the rows from `from` up to `to`. */
  sum(rows: readonly Row[], from: number, to: number): number {
    return rows.slice(from, to).reduce((sum, row) => sum + this.of(row), 0);
  }
}

function guess(row: Row): number {
  if (row.kind !== 'message') return USUAL[row.kind];
  const lines = Math.max(1, Math.ceil(row.message.text.length / SIGNS_IN_LINE));
  return USUAL.message + (lines - 1) * LINE + (row.isLast ? 30 : 0);
}
