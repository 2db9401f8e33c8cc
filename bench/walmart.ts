// The Walmart protocol: 39 weeks ahead of 2,936 series, scored over all observed cells together.
import { type Distribution, quantile } from '../src/core/distribution.ts';
import { CellState, type Future, type Series } from '../src/core/panel.ts';
import { insampleScale } from '../src/evaluate/metrics.ts';
import type { Context } from '../src/models/model.ts';
import type { ShopPanel } from './shop-data.ts';

/** Weeks to forecast. */
const HORIZON = 39;
/** Least observed weeks of a series that counts. */
const LEAST_WEEKS = 79;
const PROBABILITIES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

export interface WalmartScore {
  readonly series: number;
  readonly mase: number;
  /** Scaled quantile loss over the deciles. */
  readonly sql: number;
  readonly wape: number;
  /** Weighted quantile loss over the deciles. */
  readonly wql: number;
  /** Shares of cells inside the central 80 % and 95 %. */
  readonly coverage_80: number;
  readonly coverage_95: number;
}

export type Forecaster = (series: Series, context: Context, h: number, future: Future) => Distribution;

/** Scores a forecaster, which sees one series without its last 39 weeks and the columns of all weeks. */
export function scoreWalmart(panel: ShopPanel, season_length: number, forecaster: Forecaster): WalmartScore {
  const h = HORIZON;
  const context: Context = { freq: panel.freq, season_length, seed: 1, knownFuture: panel.columns };
  let series = 0;
  let cells = 0;
  let error = 0;
  let loss = 0;
  let scaledError = 0;
  let scaledLoss = 0;
  let sales = 0;
  let inside80 = 0;
  let inside95 = 0;
  for (const { y, start, known } of panel.series) {
    let observed = 0;
    for (const value of y) if (!Number.isNaN(value)) observed++;
    if (observed < LEAST_WEEKS) continue;
    series++;
    const n = y.length - h;
    const training = y.slice(0, n);
    const scale = insampleScale(training);
    const past: Series = {
      y: training,
      state: Uint8Array.from(training, (v) => (Number.isNaN(v) ? CellState.missing : CellState.observed)),
      start,
      known: known.map((values) => values.subarray(0, n)),
    };
    const future: Future = { start: start + n, known: known.map((values) => values.subarray(n)) };
    const distribution = forecaster(past, context, h, future);
    const deciles = PROBABILITIES.map((p) => quantile(distribution, p));
    const outer = [quantile(distribution, 0.025), quantile(distribution, 0.975)];
    for (let s = 0; s < h; s++) {
      const actual = y[n + s]!;
      if (Number.isNaN(actual)) continue;
      const miss = Math.abs(actual - distribution.mean[s]!);
      let pinballs = 0;
      for (const [k, p] of PROBABILITIES.entries()) {
        const e = actual - deciles[k]![s]!;
        pinballs += e >= 0 ? p * e : (p - 1) * e;
      }
      const crps = (2 * pinballs) / PROBABILITIES.length;
      cells++;
      error += miss;
      loss += crps;
      sales += Math.abs(actual);
      scaledError += miss / scale;
      scaledLoss += crps / scale;
      if (actual >= deciles[0]![s]! && actual <= deciles.at(-1)![s]!) inside80++;
      if (actual >= outer[0]![s]! && actual <= outer[1]![s]!) inside95++;
    }
  }
  return {
    series,
    mase: scaledError / cells,
    sql: scaledLoss / cells,
    wape: error / sales,
    wql: loss / sales,
    coverage_80: inside80 / cells,
    coverage_95: inside95 / cells,
  };
}
