// Intervals of each series' sum over the horizon: what a planner orders by.
import { bounds } from '../core/distribution.ts';
import type { Support } from '../core/support.ts';
import { quantileSorted, sum } from '../math/statistics.ts';
import type { Calibration } from '../select/conformal.ts';
import type { ForecastTable } from './forecast-table.ts';
import { samplePaths } from './sample-paths.ts';

export interface TotalRanges {
  /** The level of the intervals, in percent. */
  readonly level: number;
  /** One value a series, in units of the target; NaN for series beyond the `most` largest. */
  readonly lo: Float64Array;
  readonly hi: Float64Array;
}

export interface TotalRangeOptions {
  /** Defaults to 80. */
  readonly level?: number;
  /** Sample paths a series; defaults to 400, which puts the bounds within about 7 % of the spread. */
  readonly paths?: number;
  /** How many series get a range, those with the largest expected sums; defaults to 1000. */
  readonly most?: number;
  /** Defaults to 1. */
  readonly seed?: number;
  readonly support?: Support;
}

/** The intervals of sums over the horizon, by sample paths, because the steps of one horizon miss together. */
export function totalRanges(
  table: ForecastTable,
  calibration: Calibration,
  { level = 80, paths = 400, most = 1000, seed = 1, support = {} }: TotalRangeOptions = {},
): TotalRanges {
  const { h, ids, mean } = table;
  const n = ids.length;
  const sums = Float64Array.from(ids, (_, i) => sum(mean.subarray(i * h, (i + 1) * h)));
  const largest = Array.from(sums.keys())
    .sort((a, b) => sums[b]! - sums[a]! || a - b)
    .slice(0, most);
  const lo = new Float64Array(n).fill(Number.NaN);
  const hi = new Float64Array(n).fill(Number.NaN);
  const [low, high] = bounds(level);
  const totals = new Float64Array(paths);
  for (const i of largest) {
    const drawn = samplePaths(table, calibration, i, { paths, seed, support });
    totals.fill(0);
    for (let at = 0; at < drawn.length; at++) totals[Math.floor(at / h)]! += drawn[at]!;
    totals.sort();
    lo[i] = quantileSorted(totals, low);
    hi[i] = quantileSorted(totals, high);
  }
  return { level, lo, hi };
}
