import { afterEach, expect, test } from 'vitest';
import { t, tMaybe, useLocale } from './i18n';
import { relativeTime, shortAge } from './time';
import { en } from './en';

afterEach(() => useLocale('en'));

test('puts values in their places', () => {
  expect(t('contact.removeTitle', { name: 'Bob' })).toBe('Remove Bob?');
});

test('keeps a name that runs from right to left apart from the sentence', () => {
  expect(t('contact.removeTitle', { name: 'שרה' })).toBe('Remove \u2068שרה\u2069?');
});

test('chooses the plural form by the count', () => {
  expect(t('nav.unread', { n: 1 })).toBe('1 unread message');
  expect(t('nav.unread', { n: 1200 })).toBe('1,200 unread messages');
});

test('falls back where the catalogue has no such text', () => {
  expect(tMaybe('error.unheard_of', 'said by the node')).toBe('said by the node');
});

test('stretches texts in the pseudo-locale and keeps values whole', () => {
  useLocale('en-XA');

  const text = t('contact.removeTitle', { name: 'Bob' });

  expect(text).toContain('Bob');
  expect(text.length).toBeGreaterThan('Remove Bob?'.length * 1.4);
});

test('says no text with an exclamation mark or an oops', () => {
  const texts = Object.values(en).flatMap((text) =>
    typeof text === 'string' ? [text] : [text.one, text.other],
  );

  expect(texts.filter((text) => /!|oops/i.test(text))).toEqual([]);
});

test('tells times in words', () => {
  const now = new Date(2026, 5, 15, 12, 0).getTime();

  expect(relativeTime(now - 20_000, now)).toBe('just now');
  expect(relativeTime(now - 5 * 60_000, now)).toBe('5 minutes ago');
  expect(relativeTime(now - 26 * 3_600_000, now)).toBe('yesterday');
  expect(relativeTime(now + 7 * 86_400_000, now)).toBe('in 7 days');
  expect(shortAge(now - 3 * 3_600_000, now)).toBe('3 h');
});
