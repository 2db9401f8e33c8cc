import { describe, expect, it } from 'vitest';
import {
  blackFriday,
  holidayEffect,
  seasonProfile,
  shopCalendar,
} from '../../../src/collect/demo-shop/calendar.ts';
import { formatTime, MS_PER_DAY, parseIso } from '../../../src/core/calendar.ts';
import { mean } from '../../../src/math/statistics.ts';

const date = (day: number): string => formatTime(day * MS_PER_DAY);
const dayOf = (text: string): number => parseIso(text) / MS_PER_DAY;

describe('moving feasts', () => {
  it.each([
    [2023, '2023-11-24'],
    [2024, '2024-11-29'],
    [2025, '2025-11-28'],
    [2026, '2026-11-27'],
  ])('finds Black Friday %i', (year, expected) => {
    expect(date(blackFriday(year))).toBe(expected);
  });
});

describe('shop calendar', () => {
  const calendar = shopCalendar(dayOf('2026-06-30'), 912, 56);
  const at = (text: string): number => calendar.dates.indexOf(text);

  it('spans history and plan', () => {
    expect(calendar.dates[0]).toBe('2024-01-01');
    expect(calendar.dates[911]).toBe('2026-06-30');
    expect(calendar.dates.at(-1)).toBe('2026-08-25');
    expect(calendar.weekday[0]).toBe(0);
  });

  it('keeps dates of a year in place over leap years', () => {
    expect(calendar.dayOfYear[at('2024-12-17')]).toBe(calendar.dayOfYear[at('2025-12-17')]);
    expect(calendar.dayOfYear[at('2024-12-31')]).toBe(365);
  });

  it('shuts on Christmas Day and New Year only', () => {
    const shut = calendar.dates.filter((_, t) => calendar.shut[t] === 1);
    expect(shut).toEqual(['2024-01-01', '2024-12-25', '2025-01-01', '2025-12-25', '2026-01-01']);
  });

  it('pays on the 25th, or the Friday before a weekend', () => {
    expect(calendar.sincePay[at('2024-06-25')]).toBe(0);
    // 25 May 2024 is a Saturday, 25 August 2024 a Sunday.
    expect(calendar.sincePay[at('2024-05-24')]).toBe(0);
    expect(calendar.sincePay[at('2024-08-23')]).toBe(0);
    expect(calendar.sincePay[at('2024-08-25')]).toBe(2);
    expect(Math.max(...calendar.sincePay)).toBeLessThan(36);
  });

  it('knows the days around a holiday', () => {
    expect(calendar.holiday[at('2025-04-20')]).toBe('Easter Sunday');
    expect(calendar.window[at('2025-04-10')]).toBe('Easter Sunday');
    expect(calendar.daysToHoliday[at('2025-04-10')]).toBe(10);
    expect(calendar.daysToHoliday[at('2025-04-22')]).toBe(-2);
    expect(calendar.window[at('2025-03-10')]).toBe('');
  });

  it('bends demand up before a holiday and down after it', () => {
    const effect = holidayEffect(calendar, { 'Easter Sunday': 0.5 });
    expect(effect[at('2025-04-19')]).toBeCloseTo(0.5, 12);
    expect(effect[at('2025-04-12')]).toBeCloseTo(0.25, 12);
    expect(effect[at('2025-04-21')]).toBeCloseTo(-0.2, 12);
    expect(effect[at('2025-06-12')]).toBe(0);
  });
});

describe('season profile', () => {
  it('has mean one, peaks where it should and joins at the turn of the year', () => {
    const profile = seasonProfile([{ peak: '12-20', rise: 30, fall: 30, height: 1 }]);
    expect(mean(profile)).toBeCloseTo(1, 12);
    expect(profile.indexOf(Math.max(...profile))).toBe(354);
    expect(profile[0]! / profile[365]!).toBeCloseTo(1, 1);
    expect(profile[0]!).toBeGreaterThan(2 * profile[170]!);
  });

  it('is flat without swells', () => {
    expect([...seasonProfile([])]).toEqual(new Array(366).fill(1));
  });
});
