import { intlLocale } from './i18n';

const WEEK = 7;
const ROWS = 6;

/** The beginning of the day that `at` falls on. */
export function midnight(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** The day `days` after the one that `at` falls on; a day is not always 24 hours long. */
export function daysAfter(at: number, days: number): number {
  const day = new Date(midnight(at));
  return day.setDate(day.getDate() + days);
}

/** The same day `months` later, or the last of that month where it is shorter. */
export function monthsAfter(at: number, months: number): number {
  const from = new Date(midnight(at));
  const last = new Date(from.getFullYear(), from.getMonth() + months + 1, 0).getDate();
  return new Date(
    from.getFullYear(),
    from.getMonth() + months,
    Math.min(from.getDate(), last),
  ).getTime();
}

/** The month that `at` falls in as six weeks; null where a place belongs to another month. */
export function weeksOf(at: number, first = firstWeekday()): (number | null)[][] {
  const start = new Date(midnight(at));
  start.setDate(1);
  const lead = (start.getDay() - first + WEEK) % WEEK;
  const month = start.getMonth();
  const day = (place: number) => {
    const each = daysAfter(start.getTime(), place - lead);
    return new Date(each).getMonth() === month ? each : null;
  };
  return Array.from({ length: ROWS }, (_week, row) =>
    Array.from({ length: WEEK }, (_day, column) => day(row * WEEK + column)),
  );
}

/** The days of the week by name, beginning as the place does. */
export function weekdays(width: 'narrow' | 'long', first = firstWeekday()): string[] {
  const format = new Intl.DateTimeFormat(intlLocale(), { weekday: width });
  // 4 January 1970 was a Sunday.
  return Array.from({ length: WEEK }, (_each, index) =>
    format.format(new Date(1970, 0, 4 + first + index, 12)),
  );
}

/** A month by name, with its year. */
export function monthName(at: number): string {
  return new Intl.DateTimeFormat(intlLocale(), { month: 'long', year: 'numeric' }).format(at);
}

/** A day in full, without the time. */
export function fullDate(at: number): string {
  return new Intl.DateTimeFormat(intlLocale(), { dateStyle: 'full' }).format(at);
}

// 0 is Sunday; Monday where the engine does not know.
function firstWeekday(): number {
  const locale = new Intl.Locale(intlLocale()) as { getWeekInfo?: () => { firstDay: number } };
  return (locale.getWeekInfo?.().firstDay ?? 1) % WEEK;
}
