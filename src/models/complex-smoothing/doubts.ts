// What a fit of complex exponential smoothing does not know about its weights and first states, to first order.
import { householderQr, solveUpper } from '../../math/qr.ts';
import { type ComplexStates, type ComplexWeights, copyStates, pass, turned } from './filter.ts';

/** Weights and last states of a fit. */
export interface ComplexEnd extends ComplexWeights {
  readonly end: ComplexStates;
}

/** Doubts about a fit, as plain data. */
export interface ComplexDoubts {
  /** The fit with one parameter moved by `NEAR`. */
  readonly beside: readonly ComplexEnd[];
  /** Row k: how far the kth independent doubt moves each of these parameters, at one standard deviation. */
  readonly root: readonly Float64Array[];
}

/** How far a parameter is moved, near enough for straight lines: a weight by itself, a state as a share of the values. */
const NEAR = 1e-4;

/** Standard deviation of a weight before anything is seen: that of an even spread over a range of 1.8. */
const WEIGHT_PRIOR = 0.52;

/**
 * Independent doubts about the weights x, whose first states are backcast anew, and about a shift of all first levels and
 * one of all first potentials: a root of σ² (J′J + σ² P)⁻¹, J being the slopes of the one-step means and P
 * the precision before anything was seen, when a state could be as large as the values are. `at` gives the weights and
 * first states that belong to an x. A perfect fit has no doubts.
 */
export function complexDoubts(
  y: Float64Array,
  x: Float64Array,
  sigma2: number,
  at: (x: Float64Array) => ComplexWeights & { readonly start: ComplexStates },
): ComplexDoubts {
  const n = y.length;
  let squares = 0;
  let count = 0;
  for (let t = 0; t < n; t++) {
    if (Number.isNaN(y[t]!)) continue;
    squares += y[t]! * y[t]!;
    count++;
  }
  const unit = Math.sqrt(squares / count);
  const sigma = Math.sqrt(sigma2);
  if (!(sigma > 1e-12 * unit)) return { beside: [], root: [] };
  const size = x.length;
  const k = size + 2;
  const run = (weights: ComplexWeights, start: ComplexStates): { means: Float64Array; last: ComplexEnd } => {
    const { hold, alpha0, alpha1, beta0, beta1 } = weights;
    const means = new Float64Array(n);
    pass(y, weights, start, false, means);
    return { means, last: { hold, alpha0, alpha1, beta0, beta1, end: turned(start, n) } };
  };
  const found = at(x);
  const fit = run(found, copyStates(found.start));
  const steps = Array.from({ length: k }, (_, j) => {
    if (j < size) {
      const moved = x.slice();
      moved[j] = moved[j]! + NEAR;
      const other = at(moved);
      return run(other, other.start);
    }
    const start = copyStates(found.start);
    const states = j === size ? start.level : start.potential;
    for (let i = 0; i < states.length; i++) states[i] = states[i]! + NEAR * unit;
    return run(found, start);
  });
  // Below the slopes, a row a parameter for what was known before.
  const rows = n + k;
  const design = new Float64Array(rows * k);
  for (let j = 0; j < k; j++) {
    const { means } = steps[j]!;
    for (let t = 0; t < n; t++) {
      if (!Number.isNaN(y[t]!)) design[j * rows + t] = (means[t]! - fit.means[t]!) / NEAR;
    }
    design[j * rows + n + j] = sigma / (j < size ? WEIGHT_PRIOR : 1);
  }
  const { r, kept } = householderQr(design, new Float64Array(rows), rows, k);
  const one = new Float64Array(kept.length);
  const root = Array.from(kept, (_, doubt) =>
    solveUpper(r, kept.length, one.fill(0).fill(sigma, doubt, doubt + 1)),
  );
  return { beside: Array.from(kept, (j) => steps[j]!.last), root };
}

/** What each doubt moves the forecasts by, from the forecasts of the fit and a way to make those beside it. */
export function doubtsAhead(
  { beside, root }: ComplexDoubts,
  mean: Float64Array,
  meansAhead: (at: ComplexEnd) => Float64Array,
): Float64Array[] {
  const doubts = root.map(() => new Float64Array(mean.length));
  for (let j = 0; j < beside.length; j++) {
    const near = meansAhead(beside[j]!);
    for (let d = 0; d < root.length; d++) {
      const times = root[d]![j]! / NEAR;
      const doubt = doubts[d]!;
      for (let s = 0; s < mean.length; s++) doubt[s] = doubt[s]! + times * (near[s]! - mean[s]!);
    }
  }
  return doubts;
}
