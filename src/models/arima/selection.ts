// Automatic ARIMA (Hyndman & Khandakar 2008): how often to difference, then which model has the least criterion.
import { leastSquares, predictLinear } from '../../learn/linear/least-squares.ts';
import { difference } from './differencing.ts';
import { estimate } from './estimate.ts';
import {
  type ArimaFit,
  type Criterion,
  conditionalStart,
  criteria,
  DEAR,
  fitOrder,
  isSettled,
  type Method,
  nearUnitRoot,
} from './fit.ts';
import { likelihoodOf, type Problem } from './likelihood.ts';
import { givenCount, lostCount, type Order, parameterCount } from './order.ts';
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
  readonly nmodels: number;
  readonly ic: Criterion;
  /** How candidates are estimated. */
  readonly method: Method;
  /** Whether a mean (d + D = 0) and a drift (d + D = 1) may be in the model. */
  readonly mean: boolean;
  readonly drift: boolean;
  /** Whether models nearly as good as the best share the forecast. */
  readonly average: boolean;
}

/** What the regressors leave of y: differences are decided on that. */
export function withoutRegressors(sample: Sample): { y: Float64Array; filled: Float64Array } {
  if (sample.regressors.length === 0) return sample;
  const weights = Uint8Array.from(sample.y, (v) => (Number.isNaN(v) ? 0 : 1));
  const fit = leastSquares(sample.regressors, sample.y, { weights });
  const { mean } = predictLinear(fit, sample.regressors, sample.y.length);
  return { y: sample.y.map((v, t) => v - mean[t]!), filled: sample.filled.map((v, t) => v - mean[t]!) };
}

/** How often the series is differenced, by season and by period. */
function differences(
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

/** Models that share a forecast; their weights sum to 1. The first has the least criterion. */
export type Members = readonly { readonly fit: ArimaFit; readonly weight: number }[];

/** Candidates whose criterion is within this of the best are averaged: a weight of 1/7 of the best one's or more. */
const NEAR = 4;
/** How closely the chosen are fitted: the best to the end, or a few steps from its fit to gaps bridged or waves taken off; the others as they are. */
const EXACT = { tolerance: 1e-9 };
const REFINED = { tolerance: 1e-6, maxIterations: 3 };
const TAKEN = { maxIterations: 0 };
/** Members of an average at most. */
const MOST_MEMBERS = 8;

/**
 * Searches among models of a sample with seasons of m periods; empty where none can be estimated.
 *
 * With `average` the forecast is that of all models nearly as good as the best, weighted by exp(−Δ/2) (Burnham &
 * Anderson 2002). Criteria of different d cannot be compared, and on short series the KPSS test has little power:
 * where it asks for none or for two differences, models with one difference have half the weight.
 */
export function selectArima(sample: Sample, m: number, options: SelectionOptions): Members {
  const { d, D } = differences(sample, m, options);
  const members = searchAt(sample, m, d, D, options);
  const unsure = (d === 0 && D === 0) || d === 2;
  const fixed = options.d !== undefined || options.max_d < 1;
  if (!options.average || fixed || !unsure || members.length === 0) return members;
  const others = searchAt(sample, m, 1, D, options);
  const half = (list: Members): Members => list.map(({ fit, weight }) => ({ fit, weight: weight / 2 }));
  return others.length > 0 ? [...half(members), ...half(others)] : members;
}

/**
 * Searches among models of given differences. Where the sample lacks waves of a longer season, `whole` has them as
 * regressors: that is what the chosen are fitted to, and there are seasons enough for one that does not move.
 */
export function searchAt(
  sample: Sample,
  m: number,
  d: number,
  D: number,
  options: SelectionOptions,
  whole?: Sample,
): Members {
  const { ic, stepwise, method } = options;
  const allowed = (d + D === 0 && options.mean) || (d + D === 1 && options.drift);
  const simplest: Order = { p: 0, d, q: 0, P: 0, D, Q: 0, m, constant: allowed };
  if (isSettled(sample, simplest)) return [{ fit: fitOrder(whole ?? sample, simplest, method), weight: 1 }];

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

  // Many gaps make each likelihood dear: each is one more column to filter. Candidates are then compared with the gaps
  // bridged, and what is chosen is fitted to what was observed.
  const widest = Math.max(max_p + m * max_P, max_q + m * max_Q, 1);
  const bridged = sample.missing.length * n * widest > DEAR;
  const estimates = new Map<Order, Float64Array>();
  const problems = new Map<string, Problem>();
  const problemAt = (order: Order, without: boolean): Problem => {
    const key = `${order.constant} ${without}`;
    const problem = problems.get(key) ?? problemOf(sample, order, without);
    problems.set(key, problem);
    return problem;
  };
  const conditional = method === 'css';
  const score = (order: Order, near: Order | undefined): number => {
    const left = n - lostCount(order);
    // The variance of a few values, the others given, says little of a model.
    if (left < 1 || (conditional && 2 * givenCount(order) > left)) return Infinity;
    const likelihood = likelihoodOf(problemAt(order, bridged), order, conditional);
    const plain = new Float64Array(parameterCount(order));
    let start: Float64Array = plain;
    const before = near && estimates.get(near);
    if (before) {
      const warm = carried(before, near, order);
      if (likelihood.evaluate(warm) < likelihood.evaluate(plain)) start = warm;
    }
    if (method === 'css-ml') start = conditionalStart(problemAt(order, true), order, start);
    const { x, value } = estimate(likelihood, start, { tolerance: 1e-6, maxIterations: 30 });
    estimates.set(order, x);
    const roots = { product: !options.average, lasting: whole !== undefined };
    if (!Number.isFinite(value) || nearUnitRoot(x, order, roots)) return Infinity;
    likelihood.evaluate(x);
    const found = criteria(likelihood, value, sample)[n <= 3 ? 'aic' : ic];
    return Number.isNaN(found) ? Infinity : found;
  };
  const tried = stepwise ? walk(limits, score) : tryAll(limits, score);
  const ranked = rank(tried);
  const best = ranked[0] ?? { order: simplest, score: 0 };
  if (n - lostCount(best.order) < 1) return [];
  const near = options.average
    ? ranked.filter(({ score }) => score < best.score + NEAR).slice(0, MOST_MEMBERS)
    : [];
  const shares = (near.length > 0 ? near : [best]).map((candidate) => ({
    order: candidate.order,
    share: Math.exp((best.score - candidate.score) / 2),
  }));
  const total = shares.reduce((sum, { share }) => sum + share, 0);
  return shares.map(({ order, share }, at) => {
    const effort = at > 0 ? TAKEN : bridged || whole ? REFINED : EXACT;
    const fit = fitOrder(whole ?? sample, order, method, estimates.get(order), effort);
    return { fit, weight: share / total };
  });
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
