// Automatic ARIMA (Hyndman & Khandakar 2008): how often to difference, then which model has the least criterion.
import { leastSquares, predictLinear } from '../../learn/linear/least-squares.ts';
import { difference } from './differencing.ts';
import { estimate } from './estimate.ts';
import { type ArimaFit, type Criterion, criteria, fitOrder, isSettled, nearUnitRoot } from './fit.ts';
import { likelihoodOf } from './likelihood.ts';
import { lostCount, type Order, parameterCount } from './order.ts';
import { problemOf, type Sample } from './sample.ts';
import { type Limits, rank, tryAll, walk } from './search.ts';
import { firstDifferences, seasonalDifferences } from './stationarity.ts';

export interface SelectionOptions {
  readonly d: number | undefined;
  readonly D: number | undefined;
  readonly max_p: number;
  readonly max_q: number;
  readonly max_P: number;
  readonly max_Q: number;
  readonly max_order: number;
  readonly max_d: number;
  readonly max_D: number;
  readonly start_p: number;
  readonly start_q: number;
  readonly start_P: number;
  readonly start_Q: number;
  readonly stepwise: boolean;
  readonly approximation: boolean | undefined;
  readonly nmodels: number;
  readonly ic: Criterion;
  /** Whether a mean (d + D = 0) and a drift (d + D = 1) may be in the model. */
  readonly mean: boolean;
  readonly drift: boolean;
}

/** What the regressors leave of y: differences are decided on that. */
function withoutRegressors(sample: Sample): { y: Float64Array; filled: Float64Array } {
  if (sample.regressors.length === 0) return sample;
  const weights = Uint8Array.from(sample.y, (v) => (Number.isNaN(v) ? 0 : 1));
  const fit = leastSquares(sample.regressors, sample.y, { weights });
  const { mean } = predictLinear(fit, sample.regressors, sample.y.length);
  return { y: sample.y.map((v, t) => v - mean[t]!), filled: sample.filled.map((v, t) => v - mean[t]!) };
}

/** How often the series is differenced, by season and by period. */
export function differences(
  sample: Sample,
  m: number,
  { d, D, max_d, max_D }: Pick<SelectionOptions, 'd' | 'D' | 'max_d' | 'max_D'>,
): { d: number; D: number } {
  const { y, filled } = withoutRegressors(sample);
  const n = y.length;
  let seasonal = m > 1 ? (D ?? (n > 2 * m ? seasonalDifferences(y, filled, m, max_D) : 0)) : 0;
  const seasonally = (times: number): Float64Array => difference(y, { d: 0, D: times, m });
  if (D === undefined && seasonally(seasonal).every(Number.isNaN)) seasonal = 0;
  return { d: d ?? firstDifferences(seasonally(seasonal), max_d), D: seasonal };
}

/** Searches among models of a sample with seasons of m periods; undefined where none can be estimated. */
export function selectArima(sample: Sample, m: number, options: SelectionOptions): ArimaFit | undefined {
  const { ic, stepwise } = options;
  const { d, D } = differences(sample, m, options);
  const allowed = (d + D === 0 && options.mean) || (d + D === 1 && options.drift);
  const simplest: Order = { p: 0, d, q: 0, P: 0, D, Q: 0, m, constant: allowed };
  if (isSettled(sample, simplest)) return fitOrder(sample, simplest);

  const n = sample.observed;
  const third = (most: number, seasonal = 1): number => Math.min(most, Math.floor(n / 3 / seasonal));
  const max_P = m > 1 ? third(options.max_P, m) : 0;
  const max_Q = m > 1 ? third(options.max_Q, m) : 0;
  const short = n < 10;
  const max_p = Math.min(third(options.max_p), max_P > 0 ? m - 1 : Infinity);
  const max_q = Math.min(third(options.max_q), max_Q > 0 ? m - 1 : Infinity);
  const limits: Limits = {
    d,
    D,
    m,
    max_p,
    max_q,
    max_P,
    max_Q,
    max_order: options.max_order,
    start_p: Math.min(options.start_p, max_p, short ? 1 : Infinity),
    start_q: Math.min(options.start_q, max_q, short ? 1 : Infinity),
    start_P: short ? 0 : Math.min(options.start_P, max_P),
    start_Q: short ? 0 : Math.min(options.start_Q, max_Q),
    constant: allowed,
    nmodels: options.nmodels,
  };

  // Many gaps make each likelihood dear; candidates are then compared with the gaps bridged, and only the best is
  // fitted to what was observed.
  const bridged = sample.missing.length ** 2 * n > 1e6;
  const estimates = new Map<Order, Float64Array>();
  const problems = new Map<boolean, ReturnType<typeof problemOf>>();
  const score = (order: Order, near: Order | undefined): number => {
    if (n - lostCount(order) < 1) return Infinity;
    let problem = problems.get(order.constant);
    if (!problem) {
      problem = problemOf(sample, order, bridged);
      problems.set(order.constant, problem);
    }
    const likelihood = likelihoodOf(problem, order);
    const plain = new Float64Array(parameterCount(order));
    let start: Float64Array = plain;
    const before = near && estimates.get(near);
    if (before) {
      const warm = carried(before, near, order);
      if (likelihood.evaluate(warm) < likelihood.evaluate(plain)) start = warm;
    }
    const { x, value } = estimate(likelihood, start, { tolerance: 1e-7 });
    estimates.set(order, x);
    if (!Number.isFinite(value) || nearUnitRoot(x, order)) return Infinity;
    likelihood.evaluate(x);
    const found = criteria(likelihood, value, sample)[n <= 3 ? 'aic' : ic];
    return Number.isNaN(found) ? Infinity : found;
  };
  const tried = stepwise ? walk(limits, score) : tryAll(limits, score);
  const best = rank(tried)[0] ?? simplest;
  if (n - lostCount(best) < 1) return undefined;
  const x = estimates.get(best);
  return fitOrder(sample, best, x && [x]);
}

/** Partial autocorrelations of one model as a start for another: those it lacks are 0. */
function carried(x: Float64Array, from: Order, to: Order): Float64Array {
  const out = new Float64Array(parameterCount(to));
  let at = 0;
  let source = 0;
  for (const factor of ['p', 'q', 'P', 'Q'] as const) {
    for (let i = 0; i < Math.min(from[factor], to[factor]); i++) out[at + i] = 0.98 * x[source + i]!;
    at += to[factor];
    source += from[factor];
  }
  return out;
}
