import { intlLocale, t } from './i18n';

const MOST = 8;

/** Several names as a sentence has them: “Ann, Bob, and 12 more”. */
export function listOf(names: readonly string[]): string {
  const shown = names.slice(0, names.length > MOST + 1 ? MOST : names.length);
  const left = names.length - shown.length;
  const parts = left > 0 ? [...shown, t('list.more', { n: left })] : shown;
  return new Intl.ListFormat(intlLocale(), { type: 'conjunction' }).format(parts);
}
