// Fits an exponential smoothing model of one form by maximum likelihood, and holds the fit as plain data.
// The likelihood is that of R's `ets`.
import { observedCount } from '../model.ts';
import { filter, newPass, type SmoothingStates } from './filter.ts';
import { type Bounds, isGrowing, parameterCount, type SmoothingForm, type SmoothingWeights } from './form.ts';
import { descend, gridStarts, searchOf } from './search.ts';

/** A fitted model as plain data: all that a forecast needs, and what a report or a selection asks for. */
export interface SmoothingFit extends SmoothingWeights {
  readonly form: SmoothingForm;
  /** States after the last cell, in units of y. */
  readonly level: number;
  readonly slope: number;
  /** The value of each phase; the first is that of the next period. Empty without a season. */
  readonly season: readonly number[];
  /** States before the first cell; the first seasonal value is that of the first cell. */
  readonly start: { readonly level: number; readonly slope: number; readonly season: readonly number[] };
  /** Variance of the one-step errors; of the relative errors e / μ where the error is multiplicative. */
  readonly sigma2: number;
  /** −½ (n log Σe² + 2 Σ log μ): the log-likelihood without its constants, as R's `ets` gives it. */
  readonly logLikelihood: number;
  /** Weights and free start states, the variance not counted. */
  readonly parameters: number;
  readonly observed: number;
  /** The largest |y| observed; bounds the spread of multiplicative forecasts. */
  readonly largest: number;
}

/** The power of two just below the largest |y|: dividing by it rounds nothing and keeps squares in range. */
export function scaleOf(y: Float64Array): { largest: number; scale: number } {
  let largest = 0;
  for (let t = 0; t < y.length; t++) {
    const size = Math.abs(y[t]!);
    if (size > largest) largest = size;
  }
  return { largest, scale: largest > 0 ? 2 ** Math.floor(Math.log2(largest)) : 1 };
}

/** A sum below the rounding of the values themselves is a perfect fit; the floor keeps the likelihood a number. */
export const aboveRounding = (squares: number, observed: number): number =>
  Math.max(squares, 1e-300 + observed * 1e-32);

/**
 * Passes y through a form with given weights and start states (in units of y), without estimating anything.
 * Returns undefined where the states leave the form's domain.
 */
export function applySmoothing(
  y: Float64Array,
  form: SmoothingForm,
  weights: SmoothingWeights,
  start: SmoothingStates,
): SmoothingFit | undefined {
  const { largest, scale } = scaleOf(y);
  const m = start.season.length;
  const unit = form.season === 'multiplicative' ? 1 : scale;
  const slopeUnit = isGrowing(form) ? 1 : scale;
  const pass = newPass(m);
  const squares = filter(
    y.map((value) => value / scale),
    form,
    weights,
    { level: start.level / scale, slope: start.slope / slopeUnit, season: start.season.map((s) => s / unit) },
    pass,
  );
  if (!Number.isFinite(squares)) return undefined;
  const { observed } = pass;
  const parameters = parameterCount(form, m);
  const next = m > 0 ? y.length % m : 0;
  const errors = form.error === 'multiplicative' ? 1 : scale * scale;
  return {
    form,
    alpha: weights.alpha,
    beta: weights.beta,
    gamma: weights.gamma,
    phi: weights.phi,
    level: pass.level * scale,
    slope: pass.slope * slopeUnit,
    season: Array.from(pass.season, (_, p) => pass.season[(next + p) % m]! * unit),
    start: { level: start.level, slope: start.slope, season: Array.from(start.season) },
    sigma2: (pass.squares / Math.max(observed - parameters, 1)) * errors,
    logLikelihood: -0.5 * observed * (Math.log(aboveRounding(squares, observed)) + 2 * Math.log(scale)),
    parameters,
    observed,
    largest,
  };
}

export interface FitOptions {
  /**
   * How firmly the slope is held steady: the share b of beta in its range (0, alpha) has a half-normal prior of
   * deviation 1/√caution. 0 is plain maximum likelihood, as in R's `ets`. Defaults to 10, a deviation of 0.32:
   * left to the likelihood alone, a short series often takes its last few changes for a new trend.
   * In the admissible region, where beta has no such range, b is beta itself.
   */
  readonly caution?: number;
  /** Where the weights may lie; defaults to `both`. */
  readonly bounds?: Bounds;
}

/**
 * Fits a form to y (NaN: not observed) with seasons of m cells.
 * Returns undefined where fewer than two values more are observed than parameters are estimated, or where the form
 * cannot hold the values at all.
 */
export function fitSmoothing(
  y: Float64Array,
  form: SmoothingForm,
  m: number,
  { caution = 10, bounds = 'both' }: FitOptions = {},
): SmoothingFit | undefined {
  if (observedCount(y) < parameterCount(form, m) + 2) return undefined;
  const { scale } = scaleOf(y);
  const search = searchOf(
    y.map((value) => value / scale),
    form,
    m,
    { caution, bounds },
  );
  const best = descend(search, gridStarts(search));
  return best && inUnits(y, form, scale, search.pointAt(best.x));
}

/** The fit of y in its own units, from weights and start states found for y / scale. */
export function inUnits(
  y: Float64Array,
  form: SmoothingForm,
  scale: number,
  { weights, start }: { readonly weights: SmoothingWeights; readonly start: SmoothingStates },
): SmoothingFit | undefined {
  return applySmoothing(y, form, weights, {
    level: start.level * scale,
    slope: start.slope * (isGrowing(form) ? 1 : scale),
    season: start.season.map((s) => s * (form.season === 'multiplicative' ? 1 : scale)),
  });
}
