import { t, tMaybe } from '../i18n/i18n';
import { Failure } from '../host/host';

const SHOWN_MS = 6_000;
const MOST = 4;

export interface Toast {
  readonly id: number;
  readonly tone: 'plain' | 'good' | 'danger';
  readonly text: string;
  readonly act?: { readonly title: string; readonly run: () => void } | undefined;
}

/** The short sentences that appear at the bottom after an act, and its undo. */
export class Toasts {
  #items = $state<Toast[]>([]);
  #next = 0;

  get items(): readonly Toast[] {
    return this.#items;
  }

  /** Says that something was done, and offers to take it back. */
  say(text: string, undo?: () => void): void {
    const act = undo && { title: t('act.undo'), run: undo };
    this.#add({ tone: 'plain', text, act });
  }

  /** Says that something happens elsewhere, and offers to go there. */
  point(text: string, go: () => void): void {
    this.#add({ tone: 'plain', text, act: { title: t('act.look'), run: go } });
  }

  /** Says why something could not be done. */
  fail(thrown: unknown): void {
    this.#add({ tone: 'danger', text: explain(thrown) });
  }

  /** Runs `act`; when it fails, says so and answers undefined. */
  async attempt<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (thrown) {
      this.fail(thrown);
      return undefined;
    }
  }

  dismiss(id: number): void {
    this.#items = this.#items.filter((item) => item.id !== id);
  }

  #add(toast: Omit<Toast, 'id'>): void {
    const id = (this.#next += 1);
    this.#items = [...this.#items.slice(1 - MOST), { ...toast, id }];
    setTimeout(() => this.dismiss(id), SHOWN_MS + toast.text.length * 40);
  }
}

/** What a person reads of a failure: what happened, and what can be done. */
export function explain(thrown: unknown): string {
  const failure = Failure.from(thrown);
  const said = failure.message.trim();
  if (failure.code === 'internal' || said === '') {
    return tMaybe(`error.${failure.code}`, t('error.internal'));
  }
  return sentence(said);
}

function sentence(text: string): string {
  const capital = text.charAt(0).toLocaleUpperCase() + text.slice(1);
  return /[.?:…]$/.test(capital) ? capital : `${capital}.`;
}
