// Fits an exponential smoothing model by maximum likelihood: weights and start states together, by Gauss-Newton
// steps (Levenberg-Marquardt) from the best of a few starts. The likelihood is that of R's `ets`.
import { minimiseSquares } from '../../math/levenberg-marquardt.ts';
import type { Minimum } from '../../math/minimise.ts';
import { mean } from '../../math/statistics.ts';
import { observedCount } from '../model.ts';
import { filter, newPass, type SmoothingStates } from './filter.ts';
import { parameterCount, type SmoothingForm, type SmoothingWeights, WEIGHT_BOUNDS } from './form.ts';
import { layoutOf, likelihoodOf } from './likelihood.ts';
import { startStates } from './start.ts';

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
function scaleOf(y: Float64Array): { largest: number; scale: number } {
  let largest = 0;
  for (let t = 0; t < y.length; t++) {
    const size = Math.abs(y[t]!);
    if (size > largest) largest = size;
  }
  return { largest, scale: largest > 0 ? 2 ** Math.floor(Math.log2(largest)) : 1 };
}

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
  const pass = newPass(m);
  const squares = filter(
    y.map((value) => value / scale),
    form,
    weights,
    { level: start.level / scale, slope: start.slope / scale, season: start.season.map((s) => s / unit) },
    pass,
  );
  if (!Number.isFinite(squares)) return undefined;
  const { observed } = pass;
  const parameters = parameterCount(form, m);
  // A sum below the rounding of the values themselves is a perfect fit; the floor keeps the likelihood a number.
  const floor = 1e-300 + observed * 1e-32;
  const next = m > 0 ? y.length % m : 0;
  const errors = form.error === 'multiplicative' ? 1 : scale * scale;
  return {
    form,
    alpha: weights.alpha,
    beta: weights.beta,
    gamma: weights.gamma,
    phi: weights.phi,
    level: pass.level * scale,
    slope: pass.slope * scale,
    season: Array.from(pass.season, (_, p) => pass.season[(next + p) % m]! * unit),
    start: { level: start.level, slope: start.slope, season: Array.from(start.season) },
    sigma2: (pass.squares / Math.max(observed - parameters, 1)) * errors,
    logLikelihood: -0.5 * observed * (Math.log(Math.max(squares, floor)) + 2 * Math.log(scale)),
    parameters,
    observed,
    largest,
  };
}

/** Starting weights that are tried: alpha, the shares of beta and gamma in their ranges, and phi; from slow to quick. */
const GRID: readonly (readonly [alpha: number, beta: number, gamma: number, phi: number])[] = [
  [0.1, 0.1, 0.05, 0.97],
  [0.5, 0.05, 0.05, 0.9],
  [0.95, 0.05, 0.05, 0.97],
  [0.2, 0.02, 0.5, 0.97],
  [0.8, 0.6, 0.05, 0.9],
  [0.02, 0.9, 0.3, 0.85],
  [0.5, 0.02, 0.5, 0.97],
  [0.15, 0.9, 0.05, 0.97],
];

/** How many of the starts are followed to their end. */
const FINALISTS = 3;

/** Share of the sum of squares below which a further step is not worth it: 1e-6 of log-likelihood for 200 values. */
const TOLERANCE = 1e-8;

/** Whether the first `weights` parameters of two points all lie within 0.03 of each other. */
function near(a: Float64Array, b: Float64Array, weights: number): boolean {
  for (let j = 0; j < weights; j++) if (Math.abs(a[j]! - b[j]!) > 0.03) return false;
  return true;
}

export interface FitOptions {
  /**
   * How firmly the slope is held steady: the share b of beta in its range (0, alpha) has a half-normal prior of
   * deviation 1/√caution. 0 is plain maximum likelihood, as in R's `ets`. Defaults to 10, a deviation of 0.32:
   * left to the likelihood alone, a short series often takes its last few changes for a new trend.
   */
  readonly caution?: number;
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
  { caution = 10 }: FitOptions = {},
): SmoothingFit | undefined {
  const layout = layoutOf(form, m);
  if (observedCount(y) < parameterCount(form, m) + 2) return undefined;
  const { scale } = scaleOf(y);
  const scaled = y.map((value) => value / scale);
  const guess = startStates(scaled, form, m);
  const likelihood = likelihoodOf(scaled, form, m, layout, guess, caution);

  const { size } = layout;
  const lower = new Float64Array(size).fill(-Infinity);
  const upper = new Float64Array(size).fill(Infinity);
  const first = new Float64Array(size);
  const bound = (at: number, from: number, to: number): void => {
    if (at < 0) return;
    lower[at] = from;
    upper[at] = to;
  };
  // Where the guess leaves the form's domain, less and less is added to the level.
  const flat = guess.season.map(() => (form.season === 'multiplicative' ? 1 : 0));
  const guesses: readonly SmoothingStates[] = [
    guess,
    { level: mean(scaled), slope: 0, season: guess.season },
    { level: mean(scaled), slope: 0, season: flat },
  ];

  // Each start keeps its weights while one step brings its states to their least squares; then the best run on.
  const starts: Minimum[] = [];
  for (const [alpha, beta, gamma, phi] of GRID) {
    bound(0, alpha, alpha);
    bound(layout.beta, beta, beta);
    bound(layout.gamma, gamma, gamma);
    bound(layout.phi, phi, phi);
    for (const { level, slope, season } of guesses) {
      for (let j = 0; j < layout.level; j++) first[j] = lower[j]!;
      first[layout.level] = level;
      if (layout.slope >= 0) first[layout.slope] = slope;
      if (layout.season >= 0) first.set(season.subarray(0, m - 1), layout.season);
      if (!Number.isFinite(likelihood.value(first))) continue;
      starts.push(minimiseSquares(likelihood, first, { lower, upper, maxIterations: 1 }));
      break;
    }
  }
  starts.sort((a, b) => a.value - b.value);
  bound(0, WEIGHT_BOUNDS.low, WEIGHT_BOUNDS.high);
  bound(layout.beta, 0, 1);
  bound(layout.gamma, 0, 1);
  bound(layout.phi, WEIGHT_BOUNDS.phiLow, WEIGHT_BOUNDS.phiHigh);
  let best: Minimum | undefined;
  for (const { x } of starts.slice(0, FINALISTS)) {
    let found = minimiseSquares(likelihood, x, { lower, upper, tolerance: TOLERANCE, maxIterations: 6 });
    // A start that comes down to the best weights so far is on the way to the same optimum.
    if (best && near(found.x, best.x, layout.level)) continue;
    found = minimiseSquares(likelihood, found.x, { lower, upper, tolerance: TOLERANCE });
    if (!best || found.value < best.value) best = found;
  }
  if (!best || !Number.isFinite(best.value)) return undefined;

  likelihood.value(best.x);
  const { weights, start } = likelihood.point;
  const unit = form.season === 'multiplicative' ? 1 : scale;
  return applySmoothing(y, form, weights, {
    level: start.level * scale,
    slope: start.slope * scale,
    season: start.season.map((s) => s * unit),
  });
}
