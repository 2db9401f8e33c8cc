// Ridge regression (Hoerl and Kennard 1970), its penalty chosen by generalised or leave-one-out cross-validation.
import { refuseUnknownOptions, UsageError } from '../../core/errors.ts';
import { householderQr, solveUpper } from '../../math/qr.ts';
import { type LinearFit, quality, totalSquares, usedRows } from './least-squares.ts';
import { choosePenalty, decompose, degrees, type Standardised } from './ridge-penalty.ts';

export interface RidgeOptions {
  /**
   * The penalty on the squared coefficients of standardised columns (divisor n, as `MASS::lm.ridge`); or how to
   * choose it: `gcv` (Golub, Heath and Wahba 1979; the default) or `loocv`, the leave-one-out error at the
   * scales of all rows.
   */
  readonly lambda?: number | 'gcv' | 'loocv';
  /** One weight ≥ 0 a row, used as it is: doubling all of them halves the penalty. */
  readonly weights?: ArrayLike<number>;
}

export interface RidgeFit extends LinearFit {
  readonly lambda: number;
  /** Effective number of coefficients, the intercept among them. */
  readonly effectiveParameters: number;
}

/**
 * Fits y ≈ b₀ + Σ bⱼ·columnⱼ with the penalty lambda·Σ (sdⱼ·bⱼ)²; the intercept is free.
 * Standard errors and intervals are those of the Bayesian view, sigma² (XᵀX + penalty)⁻¹, which count the
 * uncertainty that shrinking hides. A constant column gets the coefficient 0.
 */
export function ridge(
  columns: readonly ArrayLike<number>[],
  y: ArrayLike<number>,
  options: RidgeOptions = {},
): RidgeFit {
  refuseUnknownOptions('ridge', options, ['lambda', 'weights']);
  const { lambda: wanted = 'gcv', weights } = options;
  if (typeof wanted === 'number' ? !(wanted >= 0 && wanted < Infinity) : !['gcv', 'loocv'].includes(wanted)) {
    throw new UsageError(`lambda is ${wanted}; give a number of at least 0, "gcv" or "loocv".`);
  }
  const rows = usedRows(y.length, weights);
  const n = rows.length;
  const standard = standardise(columns, y, rows, weights);
  const p = standard.places.length;
  const spectrum = decompose(standard, n, p, wanted === 'loocv');
  const lambda = typeof wanted === 'number' ? wanted : choosePenalty(spectrum, n, wanted);

  // The penalty as p more rows √lambda·I with the answer 0: one QR gives coefficients and covariance.
  const tall = n + p;
  const a = new Float64Array(tall * p);
  for (let j = 0; j < p; j++) {
    a.set(standard.x.subarray(j * n, (j + 1) * n), j * tall);
    a[j * tall + n + j] = Math.sqrt(lambda);
  }
  const target = new Float64Array(tall);
  target.set(standard.y);
  const { kept, r, effects } = householderQr(a, target, tall, p);
  const rank = kept.length;
  const solved = solveUpper(r, rank, effects);

  const residuals = Float64Array.from(standard.y);
  const coefficients = new Float64Array(columns.length + 1);
  coefficients[0] = standard.meanY;
  for (let k = 0; k < rank; k++) {
    const j = kept[k]!;
    for (let i = 0; i < n; i++) residuals[i] = residuals[i]! - solved[k]! * standard.x[j * n + i]!;
    const slope = solved[k]! / standard.scale[j]!;
    coefficients[standard.places[j]! + 1] = slope;
    coefficients[0] -= slope * standard.centre[j]!;
  }
  let rss = 0;
  for (let i = 0; i < n; i++) rss += residuals[i]! * residuals[i]!;
  const effectiveParameters = 1 + degrees(spectrum.values, lambda);
  return {
    intercept: true,
    coefficients,
    ...originalFactor(standard, kept, r),
    ...quality(rss, totalSquares(y, rows, weights, true), n - effectiveParameters, n - 1),
    lambda,
    effectiveParameters,
  };
}

function standardise(
  columns: readonly ArrayLike<number>[],
  y: ArrayLike<number>,
  rows: Int32Array,
  weights: ArrayLike<number> | undefined,
): Standardised {
  const n = rows.length;
  const root = Float64Array.from(rows, (i) => (weights ? Math.sqrt(weights[i]!) : 1));
  let weight = 0;
  for (const w of root) weight += w * w;
  const meanOf = (values: ArrayLike<number>): number => {
    let total = 0;
    for (let i = 0; i < n; i++) total += root[i]! * root[i]! * values[rows[i]!]!;
    return total / weight;
  };
  const places: number[] = [];
  const centre: number[] = [];
  const scale: number[] = [];
  const x = new Float64Array(n * columns.length);
  for (const [j, column] of columns.entries()) {
    const middle = meanOf(column);
    const at = places.length * n;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const value = root[i]! * (column[rows[i]!]! - middle);
      x[at + i] = value;
      squares += value * value;
    }
    const sd = Math.sqrt(squares / weight);
    // Rounding leaves a spread of about 1e-16 of its size in a constant column.
    if (!(sd > 1e-10 * Math.abs(middle))) continue;
    for (let i = 0; i < n; i++) x[at + i] = x[at + i]! / sd;
    places.push(j);
    centre.push(middle);
    scale.push(sd);
  }
  const meanY = meanOf(y);
  const target = Float64Array.from(rows, (row, i) => root[i]! * (y[row]! - meanY));
  return { x: x.subarray(0, n * places.length), y: target, meanY, places, centre, scale, weight, root };
}

/**
 * The factor over the intercept and the columns as they were given. With z = (x − centre) / scale the error of
 * a prediction is 1/Σw + zᵀ(RᵀR)⁻¹z, which is the factor [√Σw, √Σw·centre; 0, R·diag(scale)] of a row (1, x).
 */
function originalFactor(
  { places, centre, scale, weight }: Standardised,
  kept: Int32Array,
  r: Float64Array,
): { kept: Int32Array; factor: Float64Array } {
  const rank = kept.length;
  const size = rank + 1;
  const factor = new Float64Array(size * size);
  factor[0] = Math.sqrt(weight);
  for (let c = 0; c < rank; c++) {
    const j = kept[c]!;
    factor[c + 1] = Math.sqrt(weight) * centre[j]!;
    for (let i = 0; i <= c; i++) factor[(i + 1) * size + c + 1] = r[i * rank + c]! * scale[j]!;
  }
  return { kept: Int32Array.from([0, ...Array.from(kept, (j) => places[j]! + 1)]), factor };
}
