// Fits a trigonometric model by least squares over its weights and the states before the first cell at once.
import { minimiseSquares, type SquaresProblem } from '../../math/levenberg-marquardt.ts';
import {
  FIRST_HARMONIC,
  stateCount,
  type TrigonometricForm,
  type TrigonometricWeights,
  trigonometricPass,
  turnsOf,
} from './filter.ts';
import { aiccOf, type HarmonicStart } from './harmonics.ts';

/** A fitted model as plain data. */
export interface TrigonometricFit {
  readonly form: TrigonometricForm;
  readonly weights: TrigonometricWeights;
  /** States before the first cell and after the last. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Variance of the one-step errors. */
  readonly sigma2: number;
  readonly squares: number;
  readonly aicc: number;
  readonly parameters: number;
}

/** Where weights stand in the vector that is searched; −1 where the form lacks them. The free states follow. */
function layoutOf({ slope, ar, ma, periods }: TrigonometricForm) {
  let size = 1;
  const take = (wanted: boolean, count = 1): number => {
    if (!wanted) return -1;
    size += count;
    return size - count;
  };
  return {
    beta: take(slope),
    phi: take(slope),
    gamma: take(periods.length > 0, 2 * periods.length),
    ar: take(ar),
    ma: take(ma),
    level: take(true),
    slope: take(slope),
    values: size,
  };
}

/**
 * Fits `form` to y (NaN: not observed) from a start. Weights are kept where errors die out: alpha in (0, 1), the slope
 * no quicker than the level, phi from 0.8 to 0.98, and the harmonics of a season together no quicker than 0.5.
 * `floor` is the sum of squares that is only rounding.
 */
export function fitTrigonometric(
  y: Float64Array,
  form: TrigonometricForm,
  start: HarmonicStart,
  observed: number,
  floor: number,
): TrigonometricFit {
  const n = y.length;
  const at = layoutOf(form);
  const harmonics = form.harmonics.length;
  const size = at.values + 2 * harmonics;
  const turns = turnsOf(form);
  const lower = new Float64Array(size).fill(-Infinity);
  const upper = new Float64Array(size).fill(Infinity);
  const first = new Float64Array(size);
  const bound = (i: number, from: number, value: number, to: number): void => {
    if (i < 0) return;
    lower[i] = from;
    first[i] = value;
    upper[i] = to;
  };
  bound(0, 1e-4, start.alpha, 0.9999);
  bound(at.beta, 0, 0.02, 1);
  bound(at.phi, 0.8, 0.97, 0.98);
  form.periods.forEach((_, i) => {
    const own = form.harmonics.filter(({ season }) => season === i).length;
    // A season without harmonics has nothing to move.
    bound(at.gamma + 2 * i, 0, own > 0 ? 0.002 : 0, own > 0 ? 0.5 / own : 0);
    bound(at.gamma + 2 * i + 1, own > 0 ? -0.2 / own : 0, 0, own > 0 ? 0.2 / own : 0);
  });
  bound(at.ar, -0.95, 0.05, 0.95);
  bound(at.ma, -0.95, 0.05, 0.95);
  first[at.level] = start.level;
  if (at.slope >= 0) first[at.slope] = start.slope;
  first.set(start.values, at.values);

  const weights: TrigonometricWeights = {
    alpha: 0,
    beta: 0,
    phi: 1,
    gamma: new Float64Array(2 * harmonics),
    ar: 0,
    ma: 0,
  };
  const states = new Float64Array(stateCount(form));
  const place = (x: Float64Array): void => {
    weights.alpha = x[0]!;
    if (at.beta >= 0) {
      // As a share of alpha, so that its bounds are plain numbers.
      weights.beta = x[at.beta]! * x[0]!;
      weights.phi = x[at.phi]!;
    }
    for (let j = 0; j < harmonics; j++) {
      const own = at.gamma + 2 * form.harmonics[j]!.season;
      weights.gamma[2 * j] = x[own]!;
      weights.gamma[2 * j + 1] = x[own + 1]!;
    }
    if (at.ar >= 0) weights.ar = x[at.ar]!;
    if (at.ma >= 0) weights.ma = x[at.ma]!;
    states.fill(0);
    states[0] = x[at.level]!;
    if (at.slope >= 0) states[1] = x[at.slope]!;
    for (let k = 0; k < 2 * harmonics; k++) states[FIRST_HARMONIC + k] = x[at.values + k]!;
  };

  const errors = new Float64Array(n);
  const moved = new Float64Array(n);
  const jacobian = Array.from({ length: size }, () => new Float64Array(n));
  const shifted = new Float64Array(size);
  const nothing = y.map((value) => (Number.isNaN(value) ? Number.NaN : 0));
  const problem: SquaresProblem = {
    value(x) {
      place(x);
      return trigonometricPass(y, turns, weights, states);
    },
    linearise(x, gradient, normal) {
      place(x);
      const squares = trigonometricPass(y, turns, weights, states, { errors });
      for (let i = 0; i < size; i++) {
        const column = jacobian[i]!;
        if (i < at.level) {
          // Weights by differences, away from a bound.
          const step = x[i]! + 1e-5 > upper[i]! ? -1e-5 : 1e-5;
          shifted.set(x);
          shifted[i] = x[i]! + step;
          place(shifted);
          trigonometricPass(y, turns, weights, states, { errors: moved });
          for (let t = 0; t < n; t++) column[t] = (moved[t]! - errors[t]!) / step;
        } else {
          // Errors are linear in the states: their derivative is the model's own response.
          shifted.fill(0);
          shifted.set(x.subarray(0, at.level));
          shifted[i] = 1;
          place(shifted);
          trigonometricPass(nothing, turns, weights, states, { errors: column });
        }
      }
      for (let i = 0; i < size; i++) {
        const column = jacobian[i]!;
        let sum = 0;
        for (let t = 0; t < n; t++) sum += column[t]! * errors[t]!;
        gradient[i] = sum;
        for (let j = 0; j <= i; j++) {
          const other = jacobian[j]!;
          let product = 0;
          for (let t = 0; t < n; t++) product += column[t]! * other[t]!;
          normal[i * size + j] = product;
        }
      }
      return squares;
    },
  };
  const { x } = minimiseSquares(problem, first, { lower, upper, tolerance: 1e-5, maxIterations: 15 });
  place(x);
  const before = states.slice();
  const squares = Math.max(trigonometricPass(y, turns, weights, states), floor);
  const idle = form.periods.filter((_, i) => form.harmonics.every(({ season }) => season !== i)).length;
  const parameters = size + 1 - 2 * idle;
  return {
    form,
    weights,
    start: before,
    end: states.slice(),
    sigma2: squares / Math.max(observed - size, observed / 2, 1),
    squares,
    aicc: aiccOf(observed, squares, parameters),
    parameters,
  };
}
