// Where the climb to the exact likelihood starts: from usual values, or from the least conditional sum of squares. On
// training parts alone.
import { frequency } from '../../src/core/frequency.ts';
import { type ArimaOptions, arima } from '../../src/models/arima.ts';
import { cpuSeconds, type Row } from '../harness.ts';
import { type CompetitionSeries, readM1, readM3 } from '../m-competitions.ts';

type Given = Pick<ArimaOptions, 'order' | 'seasonal_order'>;

const given = (p: number, d: number, q: number, P = 0, D = 0, Q = 0): Given => ({
  order: [p, d, q],
  seasonal_order: [P, D, Q],
});

/** Orders that are given, by season length; without any, orders are searched for. */
const ORDERS: Readonly<Record<number, readonly Given[]>> = {
  1: [given(1, 1, 1), given(2, 0, 2), given(0, 2, 2), given(3, 1, 1), given(1, 0, 1)],
  4: [given(0, 1, 1, 0, 1, 1), given(1, 0, 1, 1, 1, 1), given(2, 1, 2, 1, 0, 1), given(1, 0, 0, 2, 0, 0)],
  12: [given(0, 1, 1, 0, 1, 1), given(1, 0, 1, 1, 1, 1), given(2, 1, 2, 1, 0, 1), given(2, 1, 1, 0, 1, 2)],
};
const METHODS = ['ml', 'css-ml'] as const;
/** Log-likelihoods nearer than this are the same maximum. */
const SAME = 0.01;

interface Fits {
  readonly likelihoods: number[];
  /** CPU milliseconds a series. */
  readonly ms: number;
}

/** The log-likelihood of the best model of each fit; NaN where the series is too short for the order. */
function fits(series: readonly CompetitionSeries[], options: readonly ArimaOptions[]): Fits {
  const models = options.map(arima);
  const likelihoods: number[] = [];
  const since = process.cpuUsage();
  for (const { train: y, m } of series) {
    const context = { freq: frequency('1'), season_length: m, seed: 1, knownFuture: [] };
    for (const model of models) {
      try {
        const { members } = model.fit({ y, state: new Uint8Array(y.length), start: 0, known: [] }, context);
        likelihoods.push(members[0]!.fit.logLikelihood);
      } catch {
        likelihoods.push(Number.NaN);
      }
    }
  }
  return { likelihoods, ms: (1000 * cpuSeconds(since)) / series.length };
}

/** Time of both starts, and how often the second ends lower or higher than the first. */
export function startRows(quick: boolean): Row[] {
  const rows: Row[] = [];
  for (const [name, all] of [
    ['M1', readM1()],
    ['M3', readM3()],
  ] as const) {
    for (const m of [1, 4, 12]) {
      const every = m === 12 ? 12 : 6;
      const series = all.filter((s) => s.m === m).filter((_, i) => i % every === 0);
      const sample = series.slice(0, quick ? 5 : 80);
      for (const orders of [ORDERS[m]!, [{}]]) {
        const of = (method: (typeof METHODS)[number]): Fits =>
          fits(
            sample,
            orders.map((order) => ({ ...order, method })),
          );
        METHODS.forEach(of);
        const [usual, started] = METHODS.map(of) as [Fits, Fits];
        const rises = started.likelihoods
          .map((value, i) => value - usual.likelihoods[i]!)
          .filter(Number.isFinite);
        rows.push({
          set: `${name} training, m = ${m}, ${orders.length > 1 ? 'orders given' : 'searched'}`,
          fits: rises.length,
          ms: usual.ms,
          css_ml_ms: started.ms,
          css_ml_lower: rises.filter((rise) => rise < -SAME).length,
          css_ml_higher: rises.filter((rise) => rise > SAME).length,
        });
      }
    }
  }
  return rows;
}
