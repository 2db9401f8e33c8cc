// A season of seasons, as the week of hourly series whose season is the day: sines and cosines of its length, those that
// the series shows, as regressors beside a model that differences the shorter season away.
import { harmonicColumns } from '../../features/fourier.ts';
import { type ArimaFit, fitOrder } from './fit.ts';
import type { Order } from './order.ts';
import type { Sample } from './sample.ts';

/** Sines and cosines of a season; plain data, so that a forecast makes the columns that the fit had. */
export interface Waves {
  /** Periods in the longer season. */
  readonly period: number;
  /** Turns a season, ascending. */
  readonly harmonics: readonly number[];
}

/** Sine and cosine of each wave over the periods start … start + n − 1. */
export const waveColumns = ({ period, harmonics }: Waves, start: number, n: number): Float64Array[] =>
  harmonicColumns(start, n, period, harmonics);

/** The sample with further regressors. */
export const withColumns = (sample: Sample, columns: readonly Float64Array[]): Sample => ({
  ...sample,
  regressors: [...sample.regressors, ...columns],
});

/** Waves of up to so many turns a shorter season: the shape of the week, and how its days differ in theirs. */
const TURNS = 3.5;

/** Harmonics that may be shown: not those of the shorter season, which is differenced away. */
function candidatesOf(m: number, period: number): number[] {
  const ratio = period / m;
  const candidates: number[] = [];
  for (let k = 1; k < TURNS * ratio && 2 * k < period; k++) if (k % ratio !== 0) candidates.push(k);
  return candidates;
}

/** The model under which waves are judged: noise that hangs together, and a season that moves. */
const judge = (m: number): Order => ({ p: 2, d: 0, q: 1, P: 0, D: 1, Q: 1, m, constant: false });
const START = [0.5, 0, 0, -0.5];
const ROUGH = { tolerance: 1e-4, maxIterations: 15 };
const TAKEN = { maxIterations: 0 };

/** Wald's statistic of the coefficients `at` and `at + 1`: about χ² of two degrees of freedom where there is no such wave. */
function waldOf({ beta, covariance, sigma2 }: ArimaFit, at: number): number {
  const width = beta.length;
  const [a, b] = [beta[at]!, beta[at + 1]!];
  const [v, w] = [covariance[at * width + at]!, covariance[(at + 1) * width + at + 1]!];
  const both = covariance[at * width + at + 1]!;
  // A column that depends on other regressors has no variance, and nothing to say.
  const determinant = v * w - both * both;
  return determinant > 0 ? (a * a * w - 2 * a * b * both + b * b * v) / (determinant * sigma2) : 0;
}

/**
 * The waves of a longer season of `period` periods, a multiple of m, that a sample shows, and the sample less them.
 * `start` is the ordinal of its first cell. A wave must explain the log of the observed cells for each of its two
 * coefficients (Schwarz 1978). They are judged twice: while they are in it, they look like noise that hangs together.
 */
export function findWaves(
  sample: Sample,
  m: number,
  period: number,
  start: number,
): { readonly waves: Waves; readonly rest: Sample } {
  const n = sample.y.length;
  const order = judge(m);
  const candidates = candidatesOf(m, period);
  const own = sample.regressors.length;
  const bridged: Sample = { ...sample, missing: new Int32Array(0) };
  const all = withColumns(bridged, waveColumns({ period, harmonics: candidates }, start, n));
  const limit = 2 * Math.log(sample.observed);
  let waves: Waves = { period, harmonics: [] };
  let rest = bridged;
  for (let pass = 0; pass < 2; pass++) {
    const { x } = fitOrder(rest, order, 'ml', START, ROUGH);
    const judged = fitOrder(all, order, 'ml', x, TAKEN);
    waves = { period, harmonics: candidates.filter((_, i) => waldOf(judged, own + 2 * i) > limit) };
    const columns = waveColumns(waves, start, n);
    const { beta } = fitOrder(withColumns(bridged, columns), order, 'ml', x, TAKEN);
    const sum = new Float64Array(n);
    for (const [i, column] of columns.entries()) {
      for (let t = 0; t < n; t++) sum[t]! += (beta[own + i]! * column[t]!) / sample.scale;
    }
    const less = (y: Float64Array): Float64Array => y.map((v, t) => v - sum[t]!);
    rest = { ...bridged, y: less(sample.y), filled: less(sample.filled) };
  }
  return { waves, rest: { ...rest, missing: sample.missing } };
}
