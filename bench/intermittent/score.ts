// Scores of a forecast distribution of intermittent demand: losses over the training mean, and honest coverage of counts.
import { type Distribution, quantile } from '../../src/core/distribution.ts';
import { mean as meanOf } from '../../src/math/statistics.ts';
import type { DemandSeries } from './series.ts';

/** What the pinball loss is averaged over. */
const PINBALL = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
/** Where the forecast's distribution function is read for coverage. */
const GRID = [0.005, 0.01, 0.025, ...Array.from({ length: 19 }, (_, i) => (i + 1) / 20), 0.975, 0.99, 0.995];

export interface Scores {
  /** Pinball loss over the training mean, averaged over quantiles, cells and series. */
  readonly pinball: number;
  /** Root mean squared error of the mean over the training mean, averaged over series. */
  readonly rmse: number;
  readonly wape: number;
  /** Σ (forecast − actual) / Σ actual. */
  readonly bias: number;
  /** Shares of cells inside the closed intervals. */
  readonly coverage_80: number;
  readonly coverage_95: number;
  /** The same with a cell on a bound counted in part, by how much of its probability lies inside. */
  readonly exact_80: number;
  readonly exact_95: number;
}

/** The share of the probability from `low` to `high` that lies inside the central `level`. */
function shareInside(low: number, high: number, level: number): number {
  const from = (1 - level) / 2;
  const to = 1 - from;
  if (high <= low) return low >= from && low <= to ? 1 : 0;
  return Math.max(0, Math.min(high, to) - Math.max(low, from)) / (high - low);
}

export function scoreDemand(
  series: readonly DemandSeries[],
  forecast: (series: DemandSeries, i: number) => Distribution,
): Scores {
  let [pinball, rmse, error, bias, sales, cells, in80, in95, exact80, exact95, counted] = new Float64Array(
    11,
  );
  for (const [i, each] of series.entries()) {
    const { train, test } = each;
    const d = forecast(each, i);
    const scale = meanOf(train);
    // Nobody sells less than nothing: the pipeline holds every forecast to that, so it is held here.
    const above0 = (p: number): Float64Array => quantile(d, p).map((q) => Math.max(0, q));
    const read = PINBALL.map(above0);
    const grid = GRID.map(above0);
    const [lo95, lo80, hi80, hi95] = [0.025, 0.1, 0.9, 0.975].map(above0);
    let own = 0;
    let squares = 0;
    let observed = 0;
    for (const [s, y] of test.entries()) {
      if (Number.isNaN(y)) continue;
      observed++;
      for (const [k, p] of PINBALL.entries()) {
        const e = y - read[k]![s]!;
        own += (e >= 0 ? p * e : (p - 1) * e) / PINBALL.length;
      }
      const miss = d.mean[s]! - y;
      squares += miss * miss;
      error! += Math.abs(miss);
      bias! += miss;
      sales! += y;
      cells!++;
      if (y >= lo80![s]! && y <= hi80![s]!) in80!++;
      if (y >= lo95![s]! && y <= hi95![s]!) in95!++;
      // The probability up to a value lies between two points of the grid.
      const below = grid.filter((q) => q[s]! < y - 1e-9).length;
      const upTo = grid.filter((q) => q[s]! <= y + 1e-9).length;
      const at = (k: number): number => ((GRID[k - 1] ?? 0) + (GRID[k] ?? 1)) / 2;
      exact80! += shareInside(at(below), at(upTo), 0.8);
      exact95! += shareInside(at(below), at(upTo), 0.95);
    }
    if (observed === 0) continue;
    counted!++;
    pinball! += own / observed / scale;
    rmse! += Math.sqrt(squares / observed) / scale;
  }
  return {
    pinball: pinball! / counted!,
    rmse: rmse! / counted!,
    wape: error! / sales!,
    bias: bias! / sales!,
    coverage_80: in80! / cells!,
    coverage_95: in95! / cells!,
    exact_80: exact80! / cells!,
    exact_95: exact95! / cells!,
  };
}
