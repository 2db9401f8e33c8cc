import { describe, expect, it } from 'vitest';
import { MS_PER_DAY, parseIso } from '../../../src/core/calendar.ts';
import { UsageError } from '../../../src/core/errors.ts';
import { frequency, label, ordinal } from '../../../src/core/frequency.ts';
import { type HolidayOptions, holidayColumns } from '../../../src/features/holidays/holiday-columns.ts';
import { payDays, SHOP_EVENTS, shopEvent } from '../../../src/features/holidays/shop-events.ts';

/** Non-zero values by label, for each column. */
function told(
  alias: string,
  from: string,
  length: number,
  options: HolidayOptions,
): Record<string, Record<string, number>> {
  const freq = frequency(alias);
  const start = ordinal(freq, parseIso(from));
  const { names, columns } = holidayColumns(freq, start, length, options);
  return Object.fromEntries(
    names.map((name, j) => [
      name,
      Object.fromEntries(
        Array.from(columns[j]!, (value, t) => [label(freq, start + t), value] as const).filter(
          ([, value]) => value !== 0,
        ),
      ),
    ]),
  );
}
const datesOf = (event: string, country: string, year: number): string[] =>
  shopEvent(event, country)
    .spans(year, year)
    .map(({ day }) => new Date(day * MS_PER_DAY).toISOString().slice(0, 10));

describe('holiday columns', () => {
  it('marks days, and days around them apart', () => {
    expect(told('D', '2024-12-20', 12, { country: 'DE', kinds: ['public'], after: 1 })).toEqual({
      'Christmas Day': { '2024-12-25': 1 },
      'Christmas Day, 1 day after': { '2024-12-26': 1 },
      'Boxing Day': { '2024-12-26': 1 },
      'Boxing Day, 1 day after': { '2024-12-27': 1 },
    });
  });

  it('sums the days of a week and of a month', () => {
    const december = told('MS', '2024-12-01', 1, {
      country: 'DE',
      kinds: ['public'],
      events: ['Black Friday', 'Christmas'],
    });
    expect(december).toMatchObject({ 'Christmas Day': { '2024-12-01': 1 }, Christmas: { '2024-12-01': 1 } });
    expect(december['Christmas, run-up']!['2024-12-01']).toBeCloseTo(12.5, 9);
    expect(
      told('W-SUN', '2019-06-02', 2, { events: [{ name: 'fair', dates: ['2019-06-01'], length: 4 }] }),
    ).toEqual({
      fair: { '2019-06-02': 2, '2019-06-09': 2 },
    });
  });

  it('fills the hours of a day and drops weekends of business days', () => {
    const hours = told('h', '2024-12-24', 72, { country: 'DE', kinds: ['public'] });
    expect(Object.keys(hours['Christmas Day']!)).toHaveLength(24);
    expect(
      told('B', '2024-03-01', 30, { events: [{ name: 'fair', dates: ['2024-03-09', '2024-03-11'] }] }),
    ).toEqual({
      fair: { '2024-03-11': 1 },
    });
  });

  it('lets a long run-up rise to its event', () => {
    const { 'Christmas, run-up': ramp } = told('D', '2024-11-25', 40, { events: ['Christmas'] });
    expect(ramp!['2024-12-24']).toBe(1);
    expect(ramp!['2024-12-01']).toBeCloseTo(1 / 24, 9);
    expect(ramp!['2024-11-30']).toBeUndefined();
  });

  it('knows pay days, on the Friday before a weekend', () => {
    const columns = told('D', '2024-08-20', 14, { pay_days: [25, 'month-end'], pay_after: 1 });
    expect(columns).toEqual({
      'pay day': { '2024-08-23': 1, '2024-08-30': 1 },
      'pay day, 1 day after': { '2024-08-24': 1, '2024-08-31': 1 },
    });
    expect(payDays([31], 2024, 2024)).toHaveLength(12);
  });

  it.each([
    ['Black Friday', 'US', 2024, '2024-11-29'],
    ['Black Friday', 'US', 2023, '2023-11-24'],
    ['Cyber Monday', 'US', 2024, '2024-12-02'],
    ["Mother's Day", 'US', 2025, '2025-05-11'],
    ["Mother's Day", 'GB', 2025, '2025-03-30'],
    ["Mother's Day", 'FR', 2024, '2024-05-26'],
    ["Mother's Day", 'FR', 2023, '2023-06-04'],
    ["Mother's Day", 'ES', 2025, '2025-05-04'],
    ["Mother's Day", 'MX', 2025, '2025-05-10'],
    ["Father's Day", 'US', 2025, '2025-06-15'],
    ["Father's Day", 'DE', 2025, '2025-05-29'],
    ["Father's Day", 'AU', 2025, '2025-09-07'],
    ["Valentine's Day", 'BR', 2025, '2025-06-12'],
    ['Chinese New Year', 'CN', 2027, '2027-02-06'],
    ['Diwali', 'IN', 2020, '2020-11-14'],
    ['Diwali', 'IN', 2024, '2024-10-31'],
    ['Holi', 'IN', 2025, '2025-03-14'],
    ['Ramadan', 'SA', 2025, '2025-03-01'],
    ['Eid al-Fitr', 'SA', 2025, '2025-03-30'],
    ['Easter', 'GR', 2024, '2024-05-05'],
  ])('finds %s in %s in %i', (event, country, year, expected) => {
    expect(datesOf(event, country, year)).toEqual([expected]);
  });

  it('finds every event everywhere it is kept, once or twice a year', () => {
    for (const event of Object.keys(SHOP_EVENTS)) {
      const country = { '618 Festival': 'CN', "Women's Day": 'RU' }[event] ?? 'US';
      for (const year of [2001, 2026, 2039]) expect(datesOf(event, country, year).length).toBeGreaterThan(0);
    }
  });

  it('says what it does not know', () => {
    const ask =
      (options: HolidayOptions, alias = 'D') =>
      () =>
        holidayColumns(frequency(alias), 0, 9, options);
    expect(ask({ events: ['Black Fryday'] })).toThrow(
      'event "Black Fryday" is not known. Did you mean "Black Friday"?',
    );
    expect(ask({ country: 'US' }, '1')).toThrow(UsageError);
    expect(ask({ pay_days: [40] })).toThrow('a pay day is 40');
    expect(ask({ events: [{ name: 'fair', dates: ['2024-02-30'] }] })).toThrow(
      'event "fair" has the date "2024-02-30"',
    );
    expect(ask({ contry: 'US' } as HolidayOptions)).toThrow('Did you mean "country"?');
    expect(ask({ events: ['618 Festival'], country: 'DE' })).toThrow('is not kept in "DE"');
  });
});
