// The likelihood of a smoothing model as a function of one parameter vector: weights first, then start states.
import type { SquaresProblem } from '../../math/levenberg-marquardt.ts';
import { observedCount } from '../model.ts';
import { filter, newPass, type SmoothingStates } from './filter.ts';
import {
  type Bounds,
  isDamped,
  isForecastable,
  isGrowing,
  type SmoothingForm,
  type SmoothingWeights,
  WEIGHT_BOUNDS,
} from './form.ts';
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
  const phi = take(isDamped(form));
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
  /** Writes weights and start states as a parameter vector. */
  vector(weights: SmoothingWeights, start: SmoothingStates): Float64Array;
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
 * `guess` gives the start seasons where they are not estimated; the options are those of `fitSmoothing`.
 * Nothing is allocated once it is made.
 */
export function likelihoodOf(
  y: Float64Array,
  form: SmoothingForm,
  m: number,
  layout: Layout,
  guess: SmoothingStates,
  { caution, bounds }: { readonly caution: number; readonly bounds: Bounds },
): Likelihood {
  const { size } = layout;
  const usual = bounds !== 'admissible';
  // In the usual region only a trend beside a season can keep old errors alive.
  const checked = bounds === 'admissible' || (bounds === 'both' && layout.gamma >= 0 && layout.beta >= 0);
  // The prior on b, the share of beta, enters as a factor 1 + caution · b² / n of the sum of squares.
  const prior = layout.beta >= 0 ? caution / Math.max(observedCount(y), 1) : 0;
  const cells = form.season === 'none' ? 0 : m;
  const weights = { alpha: 0, beta: 0, gamma: 0, phi: 1 };
  const start: SmoothingStates = {
    level: 0,
    slope: isGrowing(form) ? 1 : 0,
    season: Float64Array.from(guess.season),
  };
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

  // beta and gamma enter as shares of what alpha leaves them, so that their usual bounds are plain numbers:
  // beta = low + (alpha − low) b and gamma = low + (1 − alpha − low) g, with b and g in [0, 1]. The admissible region
  // has no such form: there beta and gamma enter as they are.
  const place = (x: Float64Array): void => {
    const alpha = x[0]!;
    weights.alpha = alpha;
    if (layout.beta >= 0) {
      const share = x[layout.beta]!;
      weights.beta = usual ? low + (alpha - low) * share : share;
      tangents.betaByAlpha = usual ? share : 0;
      tangents.betaByOwn = usual ? alpha - low : 1;
    }
    if (layout.gamma >= 0) {
      const share = x[layout.gamma]!;
      weights.gamma = usual ? low + (1 - alpha - low) * share : share;
      tangents.gammaByAlpha = usual ? -share : 0;
      tangents.gammaByOwn = usual ? 1 - alpha - low : 1;
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
    vector({ alpha, beta, gamma, phi }, { level, slope, season }) {
      const x = new Float64Array(size);
      const share = (value: number, room: number): number => (room > 0 ? (value - low) / room : 0);
      x[0] = alpha;
      if (layout.beta >= 0) x[layout.beta] = usual ? share(beta, alpha - low) : beta;
      if (layout.gamma >= 0) x[layout.gamma] = usual ? share(gamma, 1 - alpha - low) : gamma;
      if (layout.phi >= 0) x[layout.phi] = phi;
      x[layout.level] = level;
      if (layout.slope >= 0) x[layout.slope] = slope;
      if (layout.season >= 0) x.set(season.subarray(0, m - 1), layout.season);
      return x;
    },
    value(x) {
      place(x);
      if (checked && !isForecastable(weights, m, rootWork, layout.gamma >= 0)) return Infinity;
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
