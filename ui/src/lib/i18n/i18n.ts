import type { Text, Values } from './catalogue';
import { en } from './en';
import { pseudo } from './pseudo';

export type Catalogue = typeof en;
export type Key = keyof Catalogue;

/** Names of the texts that need no values. */
export type PlainKey = { [K in Key]: Values<Catalogue[K]> extends [] ? K : never }[Key];

const PSEUDO = 'en-XA';

let locale = 'en';
let plurals = new Intl.PluralRules('en');
let numbers = new Intl.NumberFormat('en');

/** Chooses the language of the window; `en-XA` is English stretched and accented, for tests. */
export function useLocale(name: string): void {
  locale = name;
  plurals = new Intl.PluralRules('en');
  numbers = new Intl.NumberFormat('en');
}

/** The language for Intl, which knows no pseudo-locale. */
export function intlLocale(): string {
  // English words, but dates and numbers as this machine's person writes them.
  const system = navigator.language;
  return system.startsWith('en') ? system : 'en-GB';
}

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;

/** Says the text `key` with `values` in their places. */
export function t<K extends Key>(key: K, ...rest: Values<Catalogue[K]>): string {
  const values: Record<string, string | number> = rest[0] ?? {};
  const text = pick(en[key], values['n']);
  const shown = locale === PSEUDO ? pseudo(text) : text;
  return shown.replace(/\{(\w+)\}/g, (whole, name: string) => say(values[name], whole));
}

/** Says the text named `key` when the catalogue has it, and `fallback` otherwise. */
export function tMaybe(key: string, fallback: string): string {
  return Object.hasOwn(en, key) ? t(key as PlainKey) : fallback;
}

function pick(text: Text, count: string | number | undefined): string {
  if (typeof text === 'string') return text;
  const form = plurals.select(Number(count ?? 0));
  return form === 'one' ? text.one : text.other;
}

function say(value: string | number | undefined, whole: string): string {
  if (value === undefined) return whole;
  if (typeof value === 'number') return numbers.format(value);
  // A name that runs the other way must not turn the sentence around it.
  return RIGHT_TO_LEFT.test(value) ? `\u2068${value}\u2069` : value;
}
