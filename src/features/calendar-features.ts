// Where the target's period stands in the year, month and week, and how far it is from holidays.
import { civilFromDays, daysFromCivil, MS_PER_DAY, weekday } from '../core/calendar.ts';
import { easter } from '../core/feasts.ts';
import { timestamp } from '../core/frequency.ts';
import type { Panel } from '../core/panel.ts';
import type { Feature } from '../learn/trees/bins.ts';
import { type FeatureRows, feature, rowCount, type Setting } from './feature-rows.ts';
import { type HolidayOptions, holidayColumns } from './holidays/holiday-columns.ts';
import { LONG } from './lag-features.ts';

/** Beyond so many days a moving feast is not felt. */
const FEAST_DAYS = 60;

/** Holidays told apart by name at most; the others count together. */
const NAMED = 24;

/** Signed days from the nearest Easter Sunday; NaN where it is far. */
function daysFromEaster(day: number): number {
  const { year } = civilFromDays(day);
  const off = day - easter(year);
  return Math.abs(off) <= FEAST_DAYS ? off : Number.NaN;
}

/** Values a period over all ordinals that the rows touch, from `first` on, looked up by ordinal. */
function byPeriod(first: number, last: number, of: (period: number) => number): (period: number) => number {
  const values = Float64Array.from({ length: last - first + 1 }, (_, k) => of(first + k));
  return (period) => values[period - first] ?? Number.NaN;
}

/** The calendar of each row's target; nothing where periods have no dates. */
export function calendarFeatures(
  rows: FeatureRows,
  panel: Panel,
  { freq, seasons }: Setting,
  holidays?: HolidayOptions,
): Feature[] {
  if (freq.unit === 'step') return [];
  const count = rowCount(rows);
  const target = Int32Array.from(
    { length: count },
    (_, r) => panel.start[rows.series[r]!]! + rows.known[r]! + rows.step[r]! - 1,
  );
  const longest = seasons.at(-1) ?? 0;
  let first = Infinity;
  let last = -Infinity;
  for (const period of target) {
    first = Math.min(first, period);
    last = Math.max(last, period);
  }
  if (count === 0) return [];
  first -= Math.max(longest, 8);
  last += 8;
  const dayAt = (period: number): number => Math.floor(timestamp(freq, period) / MS_PER_DAY);
  const out: Feature[] = [];
  const add = (name: string, of: (period: number) => number): void => {
    const at = byPeriod(first, last, of);
    out.push(feature(name, count, (r) => at(target[r]!)));
  };
  add('month', (p) => civilFromDays(dayAt(p)).month);
  if (freq.unit === 'month' || freq.unit === 'quarter' || freq.unit === 'year') {
    add('days in the period', (p) => dayAt(p + 1) - dayAt(p));
  } else {
    add('day of the month', (p) => civilFromDays(dayAt(p)).day);
    add('day of the year', (p) => dayAt(p) - daysFromCivil(civilFromDays(dayAt(p)).year, 1, 1));
    const fromEaster = byPeriod(first, last, (p) => daysFromEaster(dayAt(p)));
    out.push(feature('days from Easter', count, (r) => fromEaster(target[r]!)));
    if (longest >= LONG) {
      out.push(feature('days from Easter a season ago', count, (r) => fromEaster(target[r]! - longest)));
    }
  }
  if (freq.unit !== 'week' && out.length > 2) add('weekday', (p) => weekday(dayAt(p)));
  if (freq.unit === 'hour' || freq.unit === 'minute') {
    add('time of day', (p) => (timestamp(freq, p) % MS_PER_DAY) / 3_600_000);
  }
  if (holidays) out.push(...holidayFeatures(target, first, last, longest, holidays, freq));
  return out;
}

/** Named holidays at the target, all of them around it, and the distance to the next and the last. */
function holidayFeatures(
  target: Int32Array,
  first: number,
  last: number,
  longest: number,
  options: HolidayOptions,
  freq: Setting['freq'],
): Feature[] {
  const { names, columns } = holidayColumns(freq, first, last - first + 1, options);
  const count = target.length;
  const all = new Float64Array(last - first + 1);
  for (const column of columns) for (let t = 0; t < all.length; t++) all[t]! += column[t]!;
  const out = names
    .slice(0, NAMED)
    .map((name, k) => feature(`holiday ${name}`, count, (r) => columns[k]![target[r]! - first]!));
  const at = (r: number, off: number): number => all[target[r]! + off - first] ?? Number.NaN;
  const distance = (r: number, way: 1 | -1): number => {
    for (let d = 0; d < all.length; d++) {
      const value = all[target[r]! + way * d - first];
      if (value === undefined) return Number.NaN;
      if (value > 0) return d;
    }
    return Number.NaN;
  };
  for (const off of [-1, 0, 1]) {
    out.push(feature(`holidays at ${off}`, count, (r) => at(r, off)));
    if (longest >= LONG)
      out.push(feature(`holidays at ${off}, a season ago`, count, (r) => at(r, off - longest)));
  }
  out.push(
    feature('to the next holiday', count, (r) => distance(r, 1)),
    feature('since the last holiday', count, (r) => distance(r, -1)),
  );
  return out;
}
