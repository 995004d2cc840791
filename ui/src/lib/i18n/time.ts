import { intlLocale, t } from './i18n';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago (or ahead) `at` is, in words: “just now”, “5 minutes ago”, “yesterday”. */
export function relativeTime(at: number, now: number): string {
  const gap = at - now;
  const size = Math.abs(gap);
  if (size < MINUTE) return t('time.now');
  const format = new Intl.RelativeTimeFormat(intlLocale(), { numeric: 'auto' });
  if (size < HOUR) return format.format(Math.trunc(gap / MINUTE), 'minute');
  if (size < DAY) return format.format(Math.trunc(gap / HOUR), 'hour');
  if (size < 30 * DAY) return format.format(daysBetween(now, at), 'day');
  return shortDate(at, now);
}

/** A short age for tight places: “now”, “5 min”, “3 h”, “2 d”. */
export function shortAge(at: number, now: number): string {
  const size = Math.max(0, now - at);
  if (size < MINUTE) return t('time.shortNow');
  if (size < HOUR) return t('time.minutes', { n: Math.trunc(size / MINUTE) });
  if (size < DAY) return t('time.hours', { n: Math.trunc(size / HOUR) });
  return t('time.days', { n: Math.trunc(size / DAY) });
}

/** The exact moment, for hovering. */
export function exactTime(at: number): string {
  return new Intl.DateTimeFormat(intlLocale(), { dateStyle: 'full', timeStyle: 'medium' }).format(
    at,
  );
}

/** The time of day. */
export function clockTime(at: number): string {
  return new Intl.DateTimeFormat(intlLocale(), { hour: '2-digit', minute: '2-digit' }).format(at);
}

/** The name of a day as a conversation shows it. */
export function dayName(at: number, now: number): string {
  const days = daysBetween(now, at);
  if (days > -2 && days <= 0) {
    const words = new Intl.RelativeTimeFormat(intlLocale(), { numeric: 'auto' }).format(
      days,
      'day',
    );
    return words.charAt(0).toUpperCase() + words.slice(1);
  }
  return dateOf(at, now);
}

/** The moment of a last message as a list shows it: today the time, then the day, then the date. */
export function listTime(at: number, now: number): string {
  const days = daysBetween(now, at);
  if (days === 0) return clockTime(at);
  if (days > -7 && days < 0) {
    return new Intl.DateTimeFormat(intlLocale(), { weekday: 'short' }).format(at);
  }
  return new Intl.DateTimeFormat(intlLocale(), { day: 'numeric', month: 'short' }).format(at);
}

/** A date in words, with the year only when it is another one. */
export function dateOf(at: number, now: number): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(intlLocale(), {
    weekday: sameYear ? 'long' : undefined,
    day: 'numeric',
    month: 'long',
    year: sameYear ? undefined : 'numeric',
  }).format(at);
}

/** A day of the calendar, with the year only when it is another one. */
export function shortDate(at: number, now: number): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(intlLocale(), {
    day: 'numeric',
    month: 'long',
    year: sameYear ? undefined : 'numeric',
  }).format(at);
}

/** Whether two moments fall on the same day here. */
export function isSameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

function daysBetween(from: number, to: number): number {
  return Math.round((midnight(to) - midnight(from)) / DAY);
}

function midnight(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
