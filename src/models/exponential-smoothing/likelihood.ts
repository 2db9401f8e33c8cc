// The likelihood of a smoothing model as a function of one parameter vector: weights first, then start states.
import type { SquaresProblem } from '../../math/levenberg-marquardt.ts';
import { observedCount } from '../model.ts';
import { filter, newPass, type SmoothingStates } from './filter.ts';
import { isForecastable, type SmoothingForm, type SmoothingWeights, WEIGHT_BOUNDS } from './form.ts';
import { newSensitivityWork, sensitivity, type Tangents } from './sensitivity.ts';

/** Start seasons up to this length are estimated by likelihood; longer ones are taken from the decomposition. */
const ESTIMATED_SEASON = 24;

/** Where each parameter stands in the optimiser's vector; −1 where the form lacks it. */
export interface Layout {
  readonly size: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
  readonly level: number;
  readonly slope: number;
  /** The first of m − 1 free seasonal values; the last phase follows from their sum. */
  readonly season: number;
}

export function layoutOf(form: SmoothingForm, m: number): Layout {
  let size = 1;
  const take = (wanted: boolean, count = 1): number => {
    if (!wanted) return -1;
    size += count;
    return size - count;
  };
  const trend = form.trend !== 'none';
  const seasonal = form.season !== 'none';
  const beta = take(trend);
  const gamma = take(seasonal);
  const phi = take(form.trend === 'damped');
  const level = take(true);
  const slope = take(trend);
  const season = take(seasonal && m <= ESTIMATED_SEASON, m - 1);
  return { size, beta, gamma, phi, level, slope, season };
}

const { low } = WEIGHT_BOUNDS;

/** The likelihood of one series under one form. Each evaluation moves the one point it holds. */
export interface Likelihood extends SquaresProblem {
  /** The weights and start states of the last evaluation. */
  readonly point: { readonly weights: SmoothingWeights; readonly start: SmoothingStates };
}

/**
 * Turns the sum Σr² with its derivatives into those of Σr² + Σ(r √prior · b)², where b is parameter `at`.
 * Returns the new sum.
 */
function addPrior(
  b: number,
  prior: number,
  at: number,
  squares: number,
  gradient: Float64Array,
  normal: Float64Array,
): number {
  const size = gradient.length;
  const factor = 1 + prior * b * b;
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) normal[i * size + j] = normal[i * size + j]! * factor;
  for (let j = 0; j < size; j++) {
    const cell = j < at ? at * size + j : j * size + at;
    normal[cell] = normal[cell]! + prior * b * gradient[j]! * (j === at ? 2 : 1);
  }
  normal[at * size + at] = normal[at * size + at]! + prior * squares;
  for (let j = 0; j < size; j++) gradient[j] = gradient[j]! * factor;
  gradient[at] = gradient[at]! + prior * b * squares;
  return squares * factor;
}

/**
 * The likelihood of series y as a sum of squares of the parameters: see `filter` for its value.
 * `guess` gives the start seasons where they are not estimated; `caution` is that of `fitSmoothing`.
 * Nothing is allocated once it is made.
 */
export function likelihoodOf(
  y: Float64Array,
  form: SmoothingForm,
  m: number,
  layout: Layout,
  guess: SmoothingStates,
  caution: number,
): Likelihood {
  const { size } = layout;
  // The prior on b, the share of beta, enters as a factor 1 + caution · b² / n of the sum of squares.
  const prior = layout.beta >= 0 ? caution / Math.max(observedCount(y), 1) : 0;
  const cells = form.season === 'none' ? 0 : m;
  const weights = { alpha: 0, beta: 0, gamma: 0, phi: 1 };
  const start: SmoothingStates = { level: 0, slope: 0, season: Float64Array.from(guess.season) };
  const pass = newPass(cells);
  const work = newSensitivityWork(size, cells);
  const rootWork = new Float64Array(2 * (m + 2));
  const tangents: Tangents = {
    size,
    betaAt: layout.beta,
    gammaAt: layout.gamma,
    phiAt: layout.phi,
    betaByAlpha: 0,
    betaByOwn: 0,
    gammaByAlpha: 0,
    gammaByOwn: 0,
    level: new Float64Array(size),
    slope: new Float64Array(size),
    season: new Float64Array(size * cells),
  };
  tangents.level[layout.level] = 1;
  if (layout.slope >= 0) tangents.slope[layout.slope] = 1;
  if (layout.season >= 0) {
    for (let p = 0; p < m - 1; p++) {
      tangents.season[p * size + layout.season + p] = 1;
      tangents.season[(m - 1) * size + layout.season + p] = -1;
    }
  }

  // beta and gamma enter as shares of what alpha leaves them, so that their bounds are plain numbers:
  // beta = low + (alpha − low) b and gamma = low + (1 − alpha − low) g, with b and g in [0, 1].
  const place = (x: Float64Array): void => {
    const alpha = x[0]!;
    weights.alpha = alpha;
    if (layout.beta >= 0) {
      const share = x[layout.beta]!;
      weights.beta = low + (alpha - low) * share;
      tangents.betaByAlpha = share;
      tangents.betaByOwn = alpha - low;
    }
    if (layout.gamma >= 0) {
      const share = x[layout.gamma]!;
      weights.gamma = low + (1 - alpha - low) * share;
      tangents.gammaByAlpha = -share;
      tangents.gammaByOwn = 1 - alpha - low;
    }
    if (layout.phi >= 0) weights.phi = x[layout.phi]!;
    start.level = x[layout.level]!;
    if (layout.slope >= 0) start.slope = x[layout.slope]!;
    if (layout.season >= 0) {
      let rest = form.season === 'multiplicative' ? m : 0;
      for (let p = 0; p < m - 1; p++) {
        const value = x[layout.season + p]!;
        start.season[p] = value;
        rest -= value;
      }
      start.season[m - 1] = rest;
    }
  };
  return {
    point: { weights, start },
    value(x) {
      place(x);
      if (layout.gamma >= 0 && layout.beta >= 0 && !isForecastable(weights, m, rootWork)) return Infinity;
      const squares = filter(y, form, weights, start, pass);
      return prior > 0 ? squares * (1 + prior * x[layout.beta]! ** 2) : squares;
    },
    linearise(x, gradient, normal) {
      place(x);
      const squares = sensitivity(y, form, weights, start, tangents, work, gradient, normal);
      return prior > 0 ? addPrior(x[layout.beta]!, prior, layout.beta, squares, gradient, normal) : squares;
    },
  };
}
