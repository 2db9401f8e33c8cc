// Closures: weekdays and dates on which a shop was shut, read from the absence of any row in a busy panel.
import { MS_PER_DAY, weekday } from '../core/calendar.ts';
import { type Frequency, timestamp } from '../core/frequency.ts';
import { quantileSorted, sorted } from '../math/statistics.ts';
import type { Cells } from './cells.ts';

export interface Closures {
  /** Weekdays that are always shut, 0 Monday … 6 Sunday. */
  readonly weekdays: readonly number[];
  /** 1 for a date without any row where rows would be expected: date of period p at p − first. */
  readonly dates: Uint8Array;
  readonly first: number;
}

/** Eight weeks without a row on a weekday are a habit; fewer may be chance. */
const LEAST_DAYS = 56;
/** A weekday counts as shut with fewer rows than this share of the other weekdays' average. */
const STRAY = 0.005;
/**
 * Rows that even a slow day has where a day without any means a closure, and dates that the open weekdays have on
 * average where a weekday without any does: by chance alone its probability would be about e⁻⁸.
 */
const EXPECTED = 8;
/** The quantile of the days with rows that stands for a slow day. */
const SLOW = 0.1;
/** Days before and after a run of empty dates from which its rows are expected. */
const NEIGHBOURS = 14;

const weekdayOf = (freq: Frequency, period: number): number =>
  weekday(Math.floor(timestamp(freq, period) / MS_PER_DAY));

/**
 * Finds closures in a daily panel between two periods. Rows are counted, not cells: hundreds of order lines a day show
 * a closure even where there is one series. Explicit zeros are rows and never closures.
 */
export function findClosures(
  cells: Cells,
  freq: Frequency,
  first: number,
  last: number,
): Closures | undefined {
  if (freq.unit !== 'day' || freq.multiple !== 1) return undefined;
  const days = last - first + 1;
  const rows = new Float64Array(days);
  for (let c = 0; c < cells.count; c++) {
    const at = cells.period[c]! - first;
    if (at < 0 || at >= days || Number.isNaN(cells.y[c]!)) continue;
    rows[at] = rows[at]! + cells.firstRow[c + 1]! - cells.firstRow[c]!;
  }
  const weekdays = days >= LEAST_DAYS ? shutWeekdays(rows, freq, first) : [];
  const dates = shutDates(rows, weekdays, freq, first);
  return { weekdays, dates, first };
}

function shutWeekdays(rows: Float64Array, freq: Frequency, first: number): number[] {
  const totals = new Float64Array(7);
  const dates = new Float64Array(7);
  for (let t = 0; t < rows.length; t++) {
    const day = weekdayOf(freq, first + t);
    totals[day] = totals[day]! + rows[t]!;
    if (rows[t]! > 0) dates[day] = dates[day]! + 1;
  }
  const shut: number[] = [];
  // From the emptiest weekday up, each against the average of those still open.
  const order = [0, 1, 2, 3, 4, 5, 6].sort((a, b) => totals[a]! - totals[b]!);
  for (const [k, day] of order.entries()) {
    const others = order.slice(k + 1);
    const average = others.reduce((sum, d) => sum + totals[d]!, 0) / others.length;
    const open = others.reduce((sum, d) => sum + dates[d]!, 0) / others.length;
    if (!(open >= EXPECTED) || totals[day]! >= STRAY * average) break;
    shut.push(day);
  }
  return shut.sort((a, b) => a - b);
}

function shutDates(
  rows: Float64Array,
  weekdays: readonly number[],
  freq: Frequency,
  first: number,
): Uint8Array {
  const days = rows.length;
  const shut = new Uint8Array(days);
  for (let from = 0, to = 0; from < days; from = to + 1) {
    for (to = from; to < days && rows[to] === 0; to++);
    if (to === from) continue;
    // The run from … to − 1 has no rows. Orders bring several rows at once, so what counts is not the average of the
    // days on either side but their slow ones.
    const around = [
      ...rows.subarray(Math.max(0, from - NEIGHBOURS), from),
      ...rows.subarray(to, to + NEIGHBOURS),
    ].filter((n) => n > 0);
    if (!(quantileSorted(sorted(around), SLOW) >= EXPECTED)) continue;
    for (let t = from; t < to; t++) if (!weekdays.includes(weekdayOf(freq, first + t))) shut[t] = 1;
  }
  return shut;
}

/** Whether a period is shut, by its weekday or its date. */
export const isShut = (closures: Closures, freq: Frequency, period: number): boolean =>
  closures.dates[period - closures.first] === 1 || closures.weekdays.includes(weekdayOf(freq, period));
