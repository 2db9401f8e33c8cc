// Where the target's period stands in the year, month and week, and how far it is from Easter.
import { civilFromDays, daysFromCivil, MS_PER_DAY, weekday } from '../core/calendar.ts';
import { easter } from '../core/feasts.ts';
import { timestamp } from '../core/frequency.ts';
import type { Panel } from '../core/panel.ts';
import type { Feature } from '../learn/trees/bins.ts';
import { type FeatureRows, feature, rowCount, type Setting, targetsOf } from './feature-rows.ts';
import { isLong } from './long-season.ts';

/** Beyond so many days a moving feast is not felt. */
const FEAST_DAYS = 60;

/** Signed days from the nearest Easter Sunday; NaN where it is far. */
export function daysFromEaster(day: number): number {
  const { year } = civilFromDays(day);
  const off = day - easter(year);
  return Math.abs(off) <= FEAST_DAYS ? off : Number.NaN;
}

/** Values a period over all ordinals that the rows touch, from `first` on, looked up by ordinal. */
function byPeriod(first: number, last: number, of: (period: number) => number): (period: number) => number {
  const values = Float64Array.from({ length: last - first + 1 }, (_, k) => of(first + k));
  return (period) => values[period - first] ?? Number.NaN;
}

/** The calendar of each row's target; nothing where periods have no dates. Without `feasts` no period is near Easter. */
export function calendarFeatures(
  rows: FeatureRows,
  panel: Panel,
  { freq, seasons }: Setting,
  feasts = true,
): Feature[] {
  if (freq.unit === 'step') return [];
  const count = rowCount(rows);
  if (count === 0) return [];
  const longest = seasons.at(-1) ?? 0;
  const { target, first, last } = targetsOf(rows, panel, Math.max(longest, 8), 8);
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
    const fromEaster = byPeriod(first, last, (p) => (feasts ? daysFromEaster(dayAt(p)) : Number.NaN));
    out.push(feature('days from Easter', count, (r) => fromEaster(target[r]!)));
    if (isLong(longest, freq)) {
      out.push(feature('days from Easter a season ago', count, (r) => fromEaster(target[r]! - longest)));
    }
  }
  if (freq.unit !== 'week' && out.length > 2) add('weekday', (p) => weekday(dayAt(p)));
  if (freq.unit === 'hour' || freq.unit === 'minute') {
    add('time of day', (p) => (timestamp(freq, p) % MS_PER_DAY) / 3_600_000);
  }
  return out;
}
