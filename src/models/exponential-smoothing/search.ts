// The search for the weights and start states of one form: Gauss-Newton steps (Levenberg-Marquardt) from the best
// of a few starts.
import { minimiseSquares, newSquaresWork, type SquaresWork } from '../../math/levenberg-marquardt.ts';
import type { Minimum } from '../../math/minimise.ts';
import { mean } from '../../math/statistics.ts';
import type { SmoothingStates } from './filter.ts';
import { type Bounds, isGrowing, type SmoothingForm, type SmoothingWeights, WEIGHT_BOUNDS } from './form.ts';
import { type Layout, type Likelihood, layoutOf, likelihoodOf } from './likelihood.ts';
import { startStates } from './start.ts';

/** Weights and start states of a form, in units of the series that was searched. */
export interface Point {
  readonly weights: SmoothingWeights;
  readonly start: SmoothingStates;
}

/** One series under one form, ready to be searched. */
export interface Search {
  readonly form: SmoothingForm;
  readonly layout: Layout;
  readonly likelihood: Likelihood;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** First guesses of the start states; where one leaves the form's domain the next asks less. */
  readonly guesses: readonly SmoothingStates[];
  readonly bounds: Bounds;
  readonly work: SquaresWork;
  /** The weights and start states that a parameter vector stands for, as a copy. */
  pointAt(x: Float64Array): Point;
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

/** Old errors die out only for alpha up to 2 (1 + 1/φ), beta up to 4 and gamma up to 2; negative weights are left out. */
const ADMISSIBLE = { alpha: 2.25, beta: 4, gamma: 2.25 } as const;

/** Prepares the search of form for series y with seasons of m. `season` is what `seasonalValues` gives, if known. */
export function searchOf(
  y: Float64Array,
  form: SmoothingForm,
  m: number,
  options: { readonly caution: number; readonly bounds: Bounds },
  season?: Float64Array,
): Search {
  const layout = layoutOf(form, m);
  const guess = startStates(y, form, m, season);
  const likelihood = likelihoodOf(y, form, m, layout, guess, options);
  const lower = new Float64Array(layout.size).fill(-Infinity);
  const upper = new Float64Array(layout.size).fill(Infinity);
  const bound = (at: number, from: number, to: number): void => {
    if (at < 0) return;
    lower[at] = from;
    upper[at] = to;
  };
  const { low, high, phiLow, phiHigh } = WEIGHT_BOUNDS;
  const usual = options.bounds !== 'admissible';
  bound(0, low, usual ? high : ADMISSIBLE.alpha);
  bound(layout.beta, 0, usual ? 1 : ADMISSIBLE.beta);
  bound(layout.gamma, 0, usual ? 1 : ADMISSIBLE.gamma);
  bound(layout.phi, usual ? phiLow : 0, usual ? phiHigh : 1);
  const slope = isGrowing(form) ? 1 : 0;
  const neutral = form.season === 'multiplicative' ? 1 : 0;
  return {
    form,
    layout,
    likelihood,
    lower,
    upper,
    guesses: [
      guess,
      { level: mean(y), slope, season: guess.season },
      { level: mean(y), slope, season: guess.season.map(() => neutral) },
    ],
    bounds: options.bounds,
    work: newSquaresWork(layout.size),
    pointAt(x) {
      likelihood.value(x);
      const { weights, start } = likelihood.point;
      return { weights: { ...weights }, start: { ...start, season: start.season.slice() } };
    },
  };
}

/** The points of a grid of weights, each with the start states of least squares for it, best first. */
export function gridStarts(search: Search, grid: number = GRID.length): Minimum[] {
  const { layout, likelihood, guesses, bounds, work } = search;
  const lower = search.lower.slice();
  const upper = search.upper.slice();
  const starts: Minimum[] = [];
  for (const [alpha, betaShare, gammaShare, phi] of GRID.slice(0, grid)) {
    const beta = bounds === 'admissible' ? betaShare * alpha : betaShare;
    const gamma = bounds === 'admissible' ? gammaShare * (1 - alpha) : gammaShare;
    for (const { level, slope, season } of guesses) {
      const first = new Float64Array(layout.size);
      first[0] = alpha;
      if (layout.beta >= 0) first[layout.beta] = beta;
      if (layout.gamma >= 0) first[layout.gamma] = gamma;
      if (layout.phi >= 0) first[layout.phi] = phi;
      first[layout.level] = level;
      if (layout.slope >= 0) first[layout.slope] = slope;
      if (layout.season >= 0) first.set(season.subarray(0, season.length - 1), layout.season);
      if (!Number.isFinite(likelihood.value(first))) continue;
      // The weights stay while one step brings the states to their least squares.
      lower.set(first.subarray(0, layout.level));
      upper.set(first.subarray(0, layout.level));
      starts.push(minimiseSquares(likelihood, first, { lower, upper, work, maxIterations: 1 }));
      break;
    }
  }
  return starts.sort((a, b) => a.value - b.value);
}

/** Whether the first `weights` parameters of two points all lie within 0.03 of each other. */
function near(a: Float64Array, b: Float64Array, weights: number): boolean {
  for (let j = 0; j < weights; j++) if (Math.abs(a[j]! - b[j]!) > 0.03) return false;
  return true;
}

export interface DescentOptions {
  /** How many of the starts are followed to their end; defaults to 3. */
  readonly finalists?: number;
  /** A value above which the form is of no use: such searches are cut short. */
  readonly target?: number;
  /** Share of the sum of squares below which a further step is not worth it; defaults to 1e-8. */
  readonly tolerance?: number;
}

/** Follows the first few starts down and returns the lowest point found, or undefined where none was allowed. */
export function descend(
  { layout, likelihood, lower, upper, work }: Search,
  starts: readonly Pick<Minimum, 'x'>[],
  { finalists = 3, target = Number.POSITIVE_INFINITY, tolerance = 1e-8 }: DescentOptions = {},
): Minimum | undefined {
  const options = { lower, upper, work, target, tolerance };
  let best: Minimum | undefined;
  for (const { x } of starts.slice(0, finalists)) {
    let found = minimiseSquares(likelihood, x, { ...options, maxIterations: 6 });
    // A start that comes down to the best weights so far is on the way to the same optimum.
    if (best && near(found.x, best.x, layout.level)) continue;
    found = minimiseSquares(likelihood, found.x, options);
    if (!best || found.value < best.value) best = found;
  }
  return best && Number.isFinite(best.value) ? best : undefined;
}
