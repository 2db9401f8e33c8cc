import { describe, expect, it } from 'vitest';
import { formatTime, MS_PER_DAY } from '../../src/core/calendar.ts';
import { easter, nthWeekday, orthodoxEaster } from '../../src/core/feasts.ts';

const date = (day: number): string => formatTime(day * MS_PER_DAY);

describe('moving feasts', () => {
  it.each([
    [1961, '1961-04-02'],
    [2000, '2000-04-23'],
    [2008, '2008-03-23'],
    [2024, '2024-03-31'],
    [2025, '2025-04-20'],
    [2026, '2026-04-05'],
    [2038, '2038-04-25'],
  ])('finds Easter %i', (year, expected) => {
    expect(date(easter(year))).toBe(expected);
  });

  it.each([
    [2015, '2015-04-12'],
    [2016, '2016-05-01'],
    [2017, '2017-04-16'],
    [2021, '2021-05-02'],
    [2024, '2024-05-05'],
    [2025, '2025-04-20'],
    [2026, '2026-04-12'],
  ])('finds Orthodox Easter %i', (year, expected) => {
    expect(date(orthodoxEaster(year))).toBe(expected);
  });

  it('counts weekdays of a month', () => {
    expect(date(nthWeekday(2026, 5, 6, 2))).toBe('2026-05-10');
    expect(date(nthWeekday(2026, 6, 0, 1))).toBe('2026-06-01');
  });
});
