// Fits one ARIMA model by exact or conditional likelihood; what a fit keeps is plain data.
import { difference, tailOf } from './differencing.ts';
import { type Estimate, type EstimateOptions, estimate, logLikelihood } from './estimate.ts';
import { type Likelihood, likelihoodOf, type Problem } from './likelihood.ts';
import { givenCount, lostCount, type Order, orderName, parameterCount } from './order.ts';
import { type Factors, factors, partialsOf } from './polynomials.ts';
import { levelColumns, problemOf, type Sample } from './sample.ts';

export type Criterion = 'aicc' | 'aic' | 'bic';

/** Exact maximum likelihood, the same from estimates by conditional sum of squares, or these estimates alone. */
export type Method = 'ml' | 'css-ml' | 'css';

/** A sparse polynomial as plain data. */
interface Terms {
  readonly lags: readonly number[];
  readonly coefficients: readonly number[];
}

/** What the end of a column says of its future: the filter's state, and the last values that levels are built on. */
export interface ColumnEnd {
  readonly state: Float64Array;
  readonly tail: Float64Array;
}

/** A fitted model as plain data, in units of y / scale where it is not said otherwise. */
export interface ArimaFit extends Factors, Readonly<Record<Criterion, number>> {
  readonly order: Order;
  /** Whether it was fitted by conditional sum of squares, the first values taken as given. */
  readonly conditional: boolean;
  /** `ARIMA(0,1,1)(0,1,1)[12]` */
  readonly name: string;
  /** Partial autocorrelations of the four factors: what the likelihood is maximised over. */
  readonly x: Float64Array;
  readonly phi: Terms;
  readonly theta: Terms;
  /** Coefficients of the regressors, then of the constant where there is one, in units of y. */
  readonly beta: readonly number[];
  /** The series less regressors, constant and what the gaps' estimates add. */
  readonly end: ColumnEnd;
  /** Columns whose coefficient is uncertain and bears on forecasts: regressors, the constant, then late gaps. */
  readonly uncertain: readonly ColumnEnd[];
  /** Covariance of their coefficients over sigma2, row-major. */
  readonly covariance: Float64Array;
  /** Variance of the innovations, in units of y². */
  readonly sigma2: number;
  readonly logLikelihood: number;
  readonly scale: number;
  /** Cells between the last observed one and the end of the series. */
  readonly trail: number;
}

/** Missing cells × cells × order of the state above which the exact likelihood is dear: each gap is a column to filter. */
export const DEAR = 60_000;
/** Late gaps whose uncertainty widens the forecasts' intervals, at most. */
const LATE_GAPS = 24;

/** How good an estimate is, and at the price of how many parameters, the variance counted. */
export interface Criteria extends Readonly<Record<Criterion, number>> {
  readonly logLikelihood: number;
  readonly parameters: number;
}

export function criteria(likelihood: Likelihood, value: number, sample: Sample): Criteria {
  const { order, evaluation, factor, problem } = likelihood;
  const k = problem.columns.length;
  let parameters = parameterCount(order) + 1;
  for (let i = problem.missing; i < k; i++) if (factor[i * k + i]! > 0) parameters++;
  // As in R, the count of values that are left after differencing.
  const n = sample.observed - lostCount(order);
  // A sum below the rounding of the values themselves is a perfect fit; the floor keeps the likelihood a number.
  const least = Math.max(value, evaluation.used * 1e-30);
  const fit = logLikelihood(least, evaluation.used, sample.scale);
  const aic = -2 * fit + 2 * parameters;
  const rest = n - parameters - 1;
  const aicc = rest > 0 ? aic + (2 * parameters * (parameters + 1)) / rest : Number.POSITIVE_INFINITY;
  const bic = aic + parameters * (Math.log(n) - 2);
  return { logLikelihood: fit, parameters: parameters, aic: aic, aicc: aicc, bic: bic };
}

/**
 * Whether a factor of the model has a root within 1 % of the unit circle. R asks this of the product, in which the root
 * of a seasonal factor is the m-th root of its own: for weeks of a year it turns every sma beyond ±0.6 away. With
 * `product` so does this; else each factor is asked by itself. With `lasting` the moving average of a differenced season
 * is not asked: at the unit circle it says that the season does not move, which a series of many seasons can tell.
 */
export function nearUnitRoot(
  x: ArrayLike<number>,
  order: Order,
  { product, lasting }: { readonly product: boolean; readonly lasting: boolean },
): boolean {
  const { ar, ma, sar, sma } = factors(x, order);
  const minus = (values: readonly number[]): number[] => values.map((v) => -v);
  const season = product ? 1.01 ** order.m : 1.01;
  return !(
    partialsOf(ar, 1.01) &&
    partialsOf(minus(ma), 1.01) &&
    partialsOf(sar, season) &&
    ((lasting && order.D > 0) || partialsOf(minus(sma), season))
  );
}

/** Starts of a model whose order was given: from nothing, and from what series of sales often have. */
function starts({ p, q, P, Q }: Order): Float64Array[] {
  const start = (ar: number, ma: number, sar: number, sma: number): Float64Array =>
    Float64Array.from({ length: p + q + P + Q }, (_, i) => {
      if (i < p) return i === 0 ? ar : 0;
      if (i < p + q) return i === p ? ma : 0;
      if (i < p + q + P) return i === p + q ? sar : 0;
      return i === p + q + P ? sma : 0;
    });
  return [
    start(0, 0, 0, 0),
    start(0.4, 0.4, 0.3, 0.5),
    start(0.8, 0.4, 0.3, 0.5),
    start(-0.4, -0.4, 0.1, 0.1),
    start(0.8, -0.3, 0.6, 0.3),
  ];
}

/** The highest maximum that is reached from the given start, or from a few usual ones. */
function maximise(likelihood: Likelihood, from?: ArrayLike<number>, effort?: EstimateOptions): Estimate {
  let best: Estimate | undefined;
  for (const start of from ? [from] : starts(likelihood.order)) {
    const found = estimate(likelihood, start, effort);
    if (!best || found.value < best.value) best = found;
  }
  return best!;
}

/** How closely a conditional sum of squares is minimised that is only a start. */
const ROUGH = { tolerance: 1e-4, maxIterations: 20 };
/** Partial autocorrelations of a start at most: on the unit circle the exact likelihood is level, and nothing climbs. */
const LARGEST_START = 0.98;

/** Where the conditional sum of squares of a problem without gaps is least, as a start for the exact likelihood. */
export function conditionalStart(problem: Problem, order: Order, from: Float64Array): Float64Array {
  if (problem.w.length <= givenCount(order) + parameterCount(order) + problem.columns.length) return from;
  const { x } = estimate(likelihoodOf(problem, order, true), from, ROUGH);
  return x.map((v) => Math.max(-LARGEST_START, Math.min(LARGEST_START, v)));
}

const termsOf = ({ lags, coefficients, count }: Likelihood['polynomials']['phi']): Terms => ({
  lags: Array.from(lags.subarray(0, count)),
  coefficients: Array.from(coefficients.subarray(0, count)),
});

/** (XᵀX)⁻¹ of the given columns from the Cholesky factor of all; 0 for dropped ones. */
function covarianceOf(factor: Float64Array, k: number, wanted: readonly number[]): Float64Array {
  const size = wanted.length;
  const rows = wanted.map((target) => {
    // Row `target` of the inverse of XᵀX = L Lᵀ: forward, then back.
    const v = new Float64Array(k);
    if (!(factor[target * k + target]! > 0)) return v;
    v[target] = 1;
    for (let i = target; i < k; i++) {
      const pivot = factor[i * k + i]!;
      let s = v[i]!;
      for (let j = target; j < i; j++) s -= factor[i * k + j]! * v[j]!;
      v[i] = pivot > 0 ? s / pivot : 0;
    }
    for (let i = k - 1; i >= 0; i--) {
      const pivot = factor[i * k + i]!;
      let s = v[i]!;
      for (let j = i + 1; j < k; j++) s -= factor[j * k + i]! * v[j]!;
      v[i] = pivot > 0 ? s / pivot : 0;
    }
    return v;
  });
  const out = new Float64Array(size * size);
  for (let a = 0; a < size; a++) for (let b = 0; b < size; b++) out[a * size + b] = rows[a]![wanted[b]!]!;
  return out;
}

/** Fits an order, from the given start or from usual ones. With `css` the sample must be without missing cells. */
export function fitOrder(
  sample: Sample,
  order: Order,
  method: Method,
  from?: ArrayLike<number>,
  effort?: EstimateOptions,
): ArimaFit {
  const conditional = method === 'css';
  const likelihood = likelihoodOf(problemOf(sample, order), order, conditional);
  // Where gaps make each evaluation dear, the climb begins at the maximum of the bridged series.
  const dear = sample.missing.length * sample.y.length * likelihood.room.r > DEAR;
  let start = from;
  if (!start && (dear || method === 'css-ml')) {
    const bridged = problemOf(sample, order, true);
    start =
      method === 'css-ml'
        ? conditionalStart(bridged, order, new Float64Array(parameterCount(order)))
        : maximise(likelihoodOf(bridged, order)).x;
  }
  const { x } = maximise(likelihood, start, effort);
  const value = likelihood.evaluate(x);
  const { evaluation, problem, room, polynomials, factor } = likelihood;
  const { parameters, ...scores } = criteria(likelihood, value, sample);
  const { coefficients } = evaluation;
  const k = problem.columns.length;
  const gaps = problem.missing;

  const levels = levelColumns(sample, order);
  const state = room.states[0]!.slice(0, room.r);
  const rest = sample.filled.slice();
  for (let c = 0; c < k; c++) {
    const b = coefficients[c]!;
    if (b === 0) continue;
    for (let i = 0; i < room.r; i++) state[i]! -= b * room.states[c + 1]![i]!;
    for (let t = 0; t < rest.length; t++) rest[t]! -= b * levels[c]![t]!;
  }
  const reach = rest.length - lostCount(order) - room.r;
  const late = Array.from({ length: gaps }, (_, c) => c).filter((c) => sample.missing[c]! >= reach);
  const wanted = [...Array.from({ length: k - gaps }, (_, i) => gaps + i), ...late.slice(-LATE_GAPS)];
  const n = sample.observed - lostCount(order);
  // As in R: what is given has no part in the conditional variance, which is not corrected for parameters.
  const freedom = conditional ? n - givenCount(order) : n - parameters + 1;
  return {
    order,
    conditional,
    name: orderName(order),
    x,
    ...factors(x, order),
    phi: termsOf(polynomials.phi),
    theta: termsOf(polynomials.theta),
    beta: Array.from(coefficients.subarray(gaps), (b) => b * sample.scale),
    end: { state, tail: tailOf(rest, order) },
    uncertain: wanted.map((c) => ({
      state: room.states[c + 1]!.slice(0, room.r),
      tail: tailOf(levels[c]!, order),
    })),
    covariance: covarianceOf(factor, k, wanted),
    sigma2: (evaluation.squares / Math.max(freedom, 1)) * sample.scale ** 2,
    ...scores,
    scale: sample.scale,
    trail: sample.trail,
  };
}

/** Cells at the start of the sample that have no one-step fit: differencing takes them, or they are given. */
export const unfittedCount = ({ order, conditional }: ArimaFit): number =>
  lostCount(order) + (conditional ? givenCount(order) : 0);

/** The one-step fit of each cell of the sample, regressors and all, in units of y; NaN where there is none. */
export function fittedValues(sample: Sample, fit: ArimaFit): Float64Array {
  const { order, x, conditional } = fit;
  const likelihood = likelihoodOf(problemOf(sample, order), order, conditional);
  likelihood.evaluate(x);
  const { filtered, room, evaluation, problem } = likelihood;
  const levels = levelColumns(sample, order);
  const lost = lostCount(order);
  const unfitted = unfittedCount(fit);
  const out = sample.filled.slice();
  for (let c = 0; c < problem.missing; c++) {
    for (let t = 0; t < out.length; t++) out[t]! -= evaluation.coefficients[c]! * levels[c]![t]!;
  }
  for (let t = 0; t < out.length; t++) {
    const error = t < unfitted ? Number.NaN : filtered[0]![t - lost]! / room.weights[t - lost]!;
    out[t] = (out[t]! - error) * sample.scale;
  }
  return out;
}

/** Whether the series is all trend and season once differenced so often: nothing is left to model. */
export function isSettled(sample: Sample, order: Pick<Order, 'd' | 'D' | 'm'>): boolean {
  const w = difference(sample.y, order);
  let size = 0;
  for (let t = 0; t < w.length; t++) if (!Number.isNaN(w[t]!)) size = Math.max(size, Math.abs(w[t]!));
  return size < 1e-12;
}
