// Minimises a sum of squares inside box bounds by the method of Levenberg (1944) and Marquardt (1963).
import type { Minimum } from './minimise.ts';

/** A sum of squares Σ rᵢ(x)² with its first derivatives. */
export interface SquaresProblem {
  /** The sum at x; Infinity or NaN where x is not allowed. */
  value(x: Float64Array): number;
  /** Returns the sum and fills the gradient Jᵀr and the lower triangle of JᵀJ (row-major, n × n). */
  linearise(x: Float64Array, gradient: Float64Array, normal: Float64Array): number;
}

export interface SquaresOptions {
  /** Bounds, one pair a coordinate; none by default. A coordinate whose bounds are equal is held. */
  readonly lower?: Float64Array;
  readonly upper?: Float64Array;
  /** Stops when the next step promises a smaller share of the sum than this; defaults to 1e-9. */
  readonly tolerance?: number;
  /** Linearisations at most; defaults to 60. */
  readonly maxIterations?: number;
  /**
   * A sum above which the minimum is of no use: from the third step on, the search is given up where four times the
   * fall that the next step promises would not reach it. Infinity by default.
   */
  readonly target?: number;
  /** Room for the search from `newSquaresWork`, to be used by one search at a time; made anew by default. */
  readonly work?: SquaresWork;
}

/** Scratch space of a search over n coordinates. */
export interface SquaresWork {
  readonly trial: Float64Array;
  readonly step: Float64Array;
  readonly short: Float64Array;
  readonly gradient: Float64Array;
  readonly normal: Float64Array;
  readonly factor: Float64Array;
  readonly damping: Float64Array;
  readonly held: Uint8Array;
}

export const newSquaresWork = (n: number): SquaresWork => ({
  trial: new Float64Array(n),
  step: new Float64Array(n),
  short: new Float64Array(n),
  gradient: new Float64Array(n),
  normal: new Float64Array(n * n),
  factor: new Float64Array(n * n),
  damping: new Float64Array(n),
  held: new Uint8Array(n),
});

/**
 * Solves (N + λD) d = −g over the free coordinates in place: `factor` receives the Cholesky factor and
 * `step` the solution. Held coordinates keep the displacement that `step` already has.
 * Returns false when the matrix is not positive definite to working precision.
 */
function solveDamped(
  normal: Float64Array,
  gradient: Float64Array,
  damping: Float64Array,
  lambda: number,
  held: Uint8Array,
  factor: Float64Array,
  step: Float64Array,
): boolean {
  const n = step.length;
  for (let i = 0; i < n; i++) {
    if (held[i]) continue;
    let right = -gradient[i]!;
    for (let j = 0; j < n; j++) {
      if (held[j]) right -= (j < i ? normal[i * n + j]! : normal[j * n + i]!) * step[j]!;
    }
    for (let j = 0; j <= i; j++) {
      if (held[j]) continue;
      let s = normal[i * n + j]!;
      if (i === j) s += lambda * damping[i]!;
      for (let k = 0; k < j; k++) if (!held[k]) s -= factor[i * n + k]! * factor[j * n + k]!;
      if (i !== j) {
        factor[i * n + j] = s / factor[j * n + j]!;
      } else {
        if (!(s > 1e-14 * (normal[i * n + i]! + lambda * damping[i]!))) return false;
        factor[i * n + i] = Math.sqrt(s);
      }
    }
    for (let k = 0; k < i; k++) if (!held[k]) right -= factor[i * n + k]! * step[k]!;
    step[i] = right / factor[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    if (held[i]) continue;
    let s = step[i]!;
    for (let k = i + 1; k < n; k++) if (!held[k]) s -= factor[k * n + i]! * step[k]!;
    step[i] = s / factor[i * n + i]!;
  }
  return true;
}

/**
 * Minimises a sum of squares from an allowed start. Coordinates at a bound are held while the sum would push
 * them outward; the rest of the step is solved for again when a coordinate meets its bound on the way.
 */
export function minimiseSquares(
  problem: SquaresProblem,
  start: ArrayLike<number>,
  { lower, upper, tolerance = 1e-9, maxIterations = 60, target = Infinity, work }: SquaresOptions = {},
): Minimum {
  const n = start.length;
  const x = Float64Array.from(start);
  const { trial, step, short, gradient, normal, factor, damping, held } = work ?? newSquaresWork(n);
  let lambda = 1e-3;
  let growth = 2;
  let evaluations = 0;
  let value = Number.POSITIVE_INFINITY;
  let best = Number.POSITIVE_INFINITY;

  /** How much the linearised sum falls along a displacement. */
  const promise = (d: Float64Array): number => {
    let fall = 0;
    for (let i = 0; i < n; i++) {
      let product = normal[i * n + i]! * d[i]!;
      for (let j = 0; j < i; j++) product += 2 * normal[i * n + j]! * d[j]!;
      fall -= d[i]! * (2 * gradient[i]! + product);
    }
    return fall;
  };

  /** Fills `step`, kept inside the bounds, and returns its promise; 0 where it cannot be solved for. */
  const solve = (): number => {
    for (let i = 0; i < n; i++) {
      const low = lower !== undefined && x[i]! <= lower[i]! && gradient[i]! >= 0;
      const high = upper !== undefined && x[i]! >= upper[i]! && gradient[i]! <= 0;
      held[i] = low || high ? 1 : 0;
      step[i] = 0;
    }
    let shortPromise = 0;
    for (let round = 0; round <= n; round++) {
      if (!solveDamped(normal, gradient, damping, lambda, held, factor, step)) return 0;
      let share = 1;
      for (let i = 0; i < n; i++) {
        if (held[i]) continue;
        const room = step[i]! < 0 ? (lower ? lower[i]! : -Infinity) : upper ? upper[i]! : Infinity;
        if (step[i]! !== 0) share = Math.min(share, (room - x[i]!) / step[i]!);
      }
      if (share === 1) break;
      if (round === 0) {
        // The first step, cut at the first bound it meets, always promises something.
        for (let i = 0; i < n; i++) short[i] = step[i]! * share;
        shortPromise = promise(short);
      }
      for (let i = 0; i < n; i++) {
        if (held[i]) continue;
        const at = x[i]! + step[i]!;
        const bound = lower && at < lower[i]! ? lower[i]! : upper && at > upper[i]! ? upper[i]! : at;
        if (bound === at) continue;
        step[i] = bound - x[i]!;
        held[i] = 1;
      }
    }
    const promised = promise(step);
    if (promised >= shortPromise) return promised;
    step.set(short);
    return shortPromise;
  };

  for (let iteration = 0; iteration < maxIterations; iteration++) {
    value = problem.linearise(x, gradient, normal);
    evaluations++;
    if (!Number.isFinite(value)) break;
    best = value;
    let largest = 0;
    for (let i = 0; i < n; i++) largest = Math.max(largest, normal[i * n + i]!);
    if (!(largest > 0) || !(value > 0)) break;
    for (let i = 0; i < n; i++) damping[i] = Math.max(normal[i * n + i]!, 1e-10 * largest);

    let accepted = false;
    while (lambda < 1e12) {
      const promised = solve();
      if (promised > 0) {
        if (promised <= tolerance * value) break;
        if (iteration >= 2 && value - 4 * promised > target) break;
        for (let i = 0; i < n; i++) {
          // The bounds themselves, not a rounding away from them.
          const at = x[i]! + step[i]!;
          trial[i] = lower && at < lower[i]! ? lower[i]! : upper && at > upper[i]! ? upper[i]! : at;
        }
        const next = problem.value(trial);
        evaluations++;
        if (next < value) {
          const ratio = Math.min((value - next) / promised, 1);
          lambda = Math.max(lambda * Math.max(1 / 3, 1 - (2 * ratio - 1) ** 3), 1e-9);
          growth = 2;
          x.set(trial);
          best = next;
          accepted = true;
          break;
        }
      }
      lambda *= growth;
      growth *= 2;
    }
    if (!accepted) break;
  }
  return { x, value: best, evaluations };
}
