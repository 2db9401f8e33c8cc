// Published calendars of 45 countries were written into holidays.golden.json by hand, not taken from the table's source.
import { describe, expect, it } from 'vitest';
import { formatTime, MS_PER_DAY } from '../../../src/core/calendar.ts';
import { UsageError } from '../../../src/core/errors.ts';
import { type HolidayKind, holidayPlaces, holidaysOf } from '../../../src/features/holidays/holidays.ts';
import { golden } from '../../models/one-series.ts';

interface Published {
  readonly source: string;
  /** Kinds the source lists; public and bank holidays where left out. */
  readonly kinds?: readonly HolidayKind[];
  /** All days off of a year. */
  readonly full: Readonly<Record<string, readonly string[]>>;
  /** Further days off. */
  readonly also: readonly string[];
  /** Days that were none. */
  readonly never: readonly string[];
  /** Days by local sighting of the moon: the table has the day before. */
  readonly off_by_one?: readonly string[];
}

const published = Object.entries(golden('holidays') as Record<string, Published>);

function daysOff(place: string, kinds: readonly HolidayKind[] = ['public', 'bank']): string[] {
  const days = new Set<string>();
  for (const { day, length, kind } of holidaysOf(place, 2015, 2030)) {
    if (!kinds.includes(kind)) continue;
    for (let k = 0; k < length; k++) days.add(formatTime((day + k) * MS_PER_DAY));
  }
  return [...days].sort();
}

describe('holidays by country', () => {
  it('knows 200 countries and hundreds of regions', () => {
    const places = holidayPlaces();
    expect(places.filter((place) => place.length === 2).length).toBeGreaterThanOrEqual(200);
    expect(places.length).toBeGreaterThan(400);
    for (const place of places) {
      for (const { length, name } of holidaysOf(place, 2024, 2025)) {
        expect(length).toBeGreaterThan(0);
        expect(name).toMatch(/\S/);
      }
    }
  });

  it.each(published)(
    'agrees with the published calendar of %s',
    (place, { kinds, full, also, never, off_by_one }) => {
      const days = daysOff(place, kinds);
      expect(also.filter((day) => !days.includes(day))).toEqual([]);
      expect(never.filter((day) => days.includes(day))).toEqual([]);
      for (const [year, expected] of Object.entries(full)) {
        expect(days.filter((day) => day.startsWith(year))).toEqual([...expected].sort());
      }
      // Known and told in docs/holidays.md; to be taken out here when the table learns better.
      for (const day of off_by_one ?? []) expect(days).toContain(formatTime(Date.parse(day) - MS_PER_DAY));
    },
  );

  it('goes on by rule where its lists end', () => {
    const names = holidaysOf('DE', 2045, 2045).map(({ name }) => name);
    expect(names).toContain('Good Friday');
    const moons = (year: number): boolean =>
      holidaysOf('TR', year, year).some(({ name }) => name.includes('Eid') || name.includes('Ramadan'));
    expect([moons(2030), moons(2045)]).toEqual([true, false]);
  });

  it('gives a substitute on the other side of the new year', () => {
    const days = holidaysOf('US', 2021, 2021).map(({ day }) => formatTime(day * MS_PER_DAY));
    expect(days).toContain('2021-12-31');
    expect(holidaysOf('US', 2022, 2022).map(({ day }) => formatTime(day * MS_PER_DAY))).not.toContain(
      '2021-12-31',
    );
  });

  it('refuses a place it does not know', () => {
    expect(() => holidaysOf('Germany', 2024, 2024)).toThrow(UsageError);
    expect(() => holidaysOf('DE-XX', 2024, 2024)).toThrow('the holidays of "DE-XX" are not known');
    expect(holidaysOf('de-by', 2024, 2024).length).toBeGreaterThan(holidaysOf('DE', 2024, 2024).length);
  });
});

describe('the table', () => {
  it('is what scripts/make-holidays.js makes of its source', async () => {
    const source = 'date-holidays';
    const module = await import(source).catch(() => undefined);
    if (!module) {
      console.warn('skipped: the package date-holidays is not installed');
      return;
    }
    const { default: Holidays } = module;
    for (const place of ['US', 'DE', 'BR', 'EG']) {
      const calendar = new Holidays(place);
      for (let year = 2000; year <= 2040; year++) {
        const wanted = calendar
          .getHolidays(year, 'en')
          .filter(({ type }: { type: string }) => type !== 'school')
          .map(({ date, name }: { date: string; name: string }) => `${date.slice(0, 10)} ${name}`);
        const ours = holidaysOf(place, year, year).map(
          ({ day, name }) => `${formatTime(day * MS_PER_DAY)} ${name}`,
        );
        expect([...new Set(ours)].sort()).toEqual([...new Set<string>(wanted)].sort());
      }
    }
  });
});
