// How far forecasts of a data set are off, in the scale of each series' own past and in its units.
import { type Distribution, quantile } from '../../src/core/distribution.ts';
import { insampleScale } from '../../src/evaluate/metrics.ts';
import type { Task } from './sets.ts';

const DECILES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** Sums over the observed cells of series that have a scale. */
export interface Sums {
  series: number;
  cells: number;
  scaled: number;
  scaledLoss: number;
  error: number;
  actual: number;
  percent: number;
  inside: number;
}

export const noSums = (): Sums => ({
  series: 0,
  cells: 0,
  scaled: 0,
  scaledLoss: 0,
  error: 0,
  actual: 0,
  percent: 0,
  inside: 0,
});

/** Adds the forecasts of one panel. */
export function addTask(sums: Sums, { panel, h, actual, lag }: Task, found: readonly Distribution[]): void {
  for (const [i, d] of found.entries()) {
    const scale = insampleScale(panel.y.subarray(panel.offsets[i]!, panel.offsets[i + 1]!), lag);
    if (!(scale > 0)) continue;
    sums.series++;
    const deciles = DECILES.map((p) => quantile(d, p));
    for (let s = 0; s < h; s++) {
      const y = actual[i * h + s]!;
      if (Number.isNaN(y)) continue;
      const f = d.mean[s]!;
      const off = Math.abs(y - f);
      sums.cells++;
      sums.error += off;
      sums.scaled += off / scale;
      sums.actual += Math.abs(y);
      sums.percent += off === 0 ? 0 : (200 * off) / (Math.abs(y) + Math.abs(f));
      if (y >= deciles[0]![s]! && y <= deciles.at(-1)![s]!) sums.inside++;
      for (const [k, p] of DECILES.entries()) {
        const e = y - deciles[k]![s]!;
        sums.scaledLoss += (2 * (e >= 0 ? p * e : (p - 1) * e)) / DECILES.length / scale;
      }
    }
  }
}

/** As columns of a row: over all cells together, so series with longer horizons count more. */
export const scoresOf = (sums: Sums): Readonly<Record<string, number>> => ({
  series: sums.series,
  mase: sums.scaled / sums.cells,
  sql: sums.scaledLoss / sums.cells,
  wape: sums.error / sums.actual,
  smape: sums.percent / sums.cells,
  coverage_80: sums.inside / sums.cells,
});
