import { expect, test } from 'vitest';
import { monthsAfter, weeksOf } from './calendar';

const day = (year: number, month: number, date: number) =>
  new Date(year, month - 1, date).getTime();

test('lays a month out in six weeks from the first day of the week', () => {
  const weeks = weeksOf(day(2026, 11, 22), 1);

  expect(weeks).toHaveLength(6);
  expect(weeks[0]).toEqual([null, null, null, null, null, null, day(2026, 11, 1)]);
  expect(weeks[5]?.slice(0, 2)).toEqual([day(2026, 11, 30), null]);
  expect(weeks.flat().filter((each) => each !== null)).toHaveLength(30);
});

test('goes to the last day where the other month is shorter', () => {
  expect(monthsAfter(day(2026, 3, 31), -1)).toBe(day(2026, 2, 28));
  expect(monthsAfter(day(2026, 1, 15), -1)).toBe(day(2025, 12, 15));
});
