// The rows of a feature table: a series, how much of it is known, and how far ahead the row looks.
import type { Frequency } from '../core/frequency.ts';
import { lengthOf, type Panel } from '../core/panel.ts';
import type { Random } from '../core/random.ts';
import type { Feature } from '../learn/trees/bins.ts';
import { isLong } from './long-season.ts';

/** One entry a row in each array. The row's target is cell `known + step − 1` of its series. */
export interface FeatureRows {
  readonly series: Int32Array;
  /** Cells of the series that are known; 0 before its first. */
  readonly known: Int32Array;
  /** Periods ahead of what is known, from 1. */
  readonly step: Int32Array;
}

export const rowCount = (rows: FeatureRows): number => rows.series.length;

/** A numeric or categorical feature with one value a row. */
export function feature(
  name: string,
  count: number,
  valueAt: (row: number) => number,
  levels?: number,
): Feature {
  const values = new Float32Array(count);
  for (let r = 0; r < count; r++) values[r] = valueAt(r);
  return levels === undefined ? { name, values } : { name, values, levels };
}

/** Rows that forecast h steps of every series from its end, or of the given series, in their order. */
export function rowsAhead(panel: Panel, h: number, series?: ArrayLike<number>): FeatureRows {
  const n = series?.length ?? panel.ids.length;
  const at = (of: (i: number, s: number) => number): Int32Array =>
    Int32Array.from({ length: n * h }, (_, r) => {
      const k = Math.floor(r / h);
      return of(series ? series[k]! : k, r % h);
    });
  return {
    series: at((i) => i),
    known: at((i) => lengthOf(panel, i)),
    step: at((_, s) => s + 1),
  };
}

/** The ordinal of each row's target, and a range that holds all of them with some periods more on either side. */
export function targetsOf(
  { series, known, step }: FeatureRows,
  panel: Panel,
  before: number,
  after: number,
): { readonly target: Int32Array; readonly first: number; readonly last: number } {
  const target = series.map((i, r) => panel.start[i]! + known[r]! + step[r]! - 1);
  let [first, last] = [Infinity, -Infinity];
  for (const period of target) {
    first = Math.min(first, period);
    last = Math.max(last, period);
  }
  return { target, first: first - before, last: last + after };
}

export interface RowPlan {
  readonly h: number;
  /** Rows in all at most; beyond it a seeded draw keeps so many of them. */
  readonly most: number;
  /** Cutoffs at most, as period ordinals spread over the past. */
  readonly origins: number;
  /** Cells that are known at least. */
  readonly least: number;
  /** Cells before a target at least, so that seasonal lags reach back to something. */
  readonly back: number;
  /** Seasons whose phases must all be met. */
  readonly seasons: readonly number[];
}

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));

/** The ordinals of the cutoffs of a plan, ascending: from the newest back, evenly. */
export function originsOf(panel: Panel, { origins, least, seasons }: RowPlan): Int32Array {
  let first = Infinity;
  let last = -Infinity;
  for (let i = 0; i < panel.ids.length; i++) {
    first = Math.min(first, panel.start[i]! + least);
    last = Math.max(last, panel.start[i]! + lengthOf(panel, i) - 1);
  }
  let stride = Math.max(1, Math.ceil((last - first + 1) / origins));
  // A stride of whole weeks would show each weekday at the same steps only, one of quarters each month.
  while (stride > 1 && [2, ...seasons].some((m) => commonDivisor(stride, m) > 1)) stride++;
  const out: number[] = [];
  for (let o = last; o >= first; o -= stride) out.unshift(o);
  return Int32Array.from(out);
}

/** Rows to learn from: pairs of cutoff and step whose target was observed. */
export function rowsToLearn(panel: Panel, plan: RowPlan, draw: Random): FeatureRows {
  const origins = originsOf(panel, plan);
  const visit = (take: (i: number, known: number, step: number) => void): void => {
    for (let i = 0; i < panel.ids.length; i++) {
      const n = lengthOf(panel, i);
      for (const origin of origins) {
        const known = origin - panel.start[i]!;
        if (known < plan.least) continue;
        for (let step = Math.max(1, plan.back - known + 1); step <= plan.h && known + step <= n; step++) {
          if (!Number.isNaN(panel.y[panel.offsets[i]! + known + step - 1]!)) take(i, known, step);
        }
      }
    }
  };
  let total = 0;
  visit(() => total++);
  const share = plan.most / Math.max(1, total);
  const series: number[] = [];
  const known: number[] = [];
  const steps: number[] = [];
  visit((i, k, s) => {
    if (share < 1 && draw.uniform() >= share) return;
    series.push(i);
    known.push(k);
    steps.push(s);
  });
  return { series: Int32Array.from(series), known: Int32Array.from(known), step: Int32Array.from(steps) };
}

/** What a feature family is given besides the rows. */
export interface Setting {
  readonly freq: Frequency;
  /** Season lengths in whole periods, ascending; empty for none. */
  readonly seasons: readonly number[];
  /** Cells that the local level is the mean of. */
  readonly window: number;
}

/**
 * The seasons that a panel's frequency has and its past can show, the level's window, and the frequency. A year of 365 days
 * is looked at in 364, so that weekdays meet.
 */
export function settingOf(panel: Panel, season_length: number): Setting {
  const longest = panel.ids.reduce((most, _, i) => Math.max(most, lengthOf(panel, i)), 0);
  const wanted = [season_length, ...panel.freq.seasons].map((m) => (m === 365 ? 364 : m));
  const seasons = [...new Set(wanted)].filter((m) => m > 1 && m < longest).sort((a, b) => a - b);
  const short = seasons[0] ?? 1;
  // A level over whole seasons, but not so long that it forgets where the series is.
  const window = short === 1 ? 13 : isLong(short, panel.freq) ? short : short * Math.ceil(28 / short);
  return { freq: panel.freq, seasons, window };
}
