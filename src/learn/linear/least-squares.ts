// Least squares by Householder QR, with standard errors and prediction intervals (Draper and Smith 1998).

import { refuseUnknownOptions } from '../../core/errors.ts';
import { householderQr, inverseDiagonal, solveUpper, solveUpperTransposed } from '../../math/qr.ts';
import { studentCdf } from '../../math/special.ts';

/** A fitted linear model. Plain data: it is stored and crosses threads as it is. */
export interface LinearFit {
  /** Whether the first coefficient is an intercept. */
  readonly intercept: boolean;
  /** The intercept, where there is one, then one coefficient a column; 0 for a column that was dropped. */
  readonly coefficients: Float64Array;
  /** Places in `coefficients` that were estimated; the rest depend linearly on columns before them. */
  readonly kept: Int32Array;
  /** Upper triangle R (row-major, over `kept`): the coefficients' covariance is sigma² (RᵀR)⁻¹. */
  readonly factor: Float64Array;
  /** Standard deviation of the error, in units of y; 0 where no degree of freedom is left. */
  readonly sigma: number;
  /** Residual degrees of freedom; ridge regressions have fractions of them. */
  readonly df: number;
  /** Weighted residual sum of squares. */
  readonly rss: number;
  readonly rSquared: number;
  readonly adjustedRSquared: number;
}

export interface LeastSquaresOptions {
  /** Whether to fit an intercept; defaults to true. */
  readonly intercept?: boolean;
  /** One weight ≥ 0 a row: the inverse of its error variance. A row of weight 0 is left out. */
  readonly weights?: ArrayLike<number>;
  /** A column of which less than this share is new is dropped; defaults to 1e-7, as in R's `lm`. */
  readonly tolerance?: number;
}

/** √weight times the columns (the intercept first, column-major) and y, over the rows of weight above 0. */
function weighRows(
  columns: readonly ArrayLike<number>[],
  y: ArrayLike<number>,
  rows: Int32Array,
  intercept: boolean,
  weights: ArrayLike<number> | undefined,
): { a: Float64Array; target: Float64Array; p: number } {
  const first = intercept ? 1 : 0;
  const p = columns.length + first;
  const n = rows.length;
  const a = new Float64Array(n * p);
  const target = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = rows[i]!;
    const w = weights ? Math.sqrt(weights[row]!) : 1;
    target[i] = w * y[row]!;
    if (intercept) a[i] = w;
    for (let j = first; j < p; j++) a[j * n + i] = w * columns[j - first]![row]!;
  }
  return { a, target, p };
}

/**
 * Fits y ≈ b₀ + Σ bⱼ·columnⱼ by least squares; each column and y hold one finite value a row.
 * A column that depends on those before it is dropped, as `droppedColumns` tells.
 */
export function leastSquares(
  columns: readonly ArrayLike<number>[],
  y: ArrayLike<number>,
  options: LeastSquaresOptions = {},
): LinearFit {
  refuseUnknownOptions('leastSquares', options, ['intercept', 'weights', 'tolerance']);
  const { intercept = true, weights, tolerance = 1e-7 } = options;
  const rows = usedRows(y.length, weights);
  const n = rows.length;
  const { a, target, p } = weighRows(columns, y, rows, intercept, weights);
  const total = totalSquares(y, rows, weights, intercept);
  const { kept, r, effects } = householderQr(a, target, n, p, tolerance);
  const rank = kept.length;
  const solved = solveUpper(r, rank, effects);
  const coefficients = new Float64Array(p);
  for (let k = 0; k < rank; k++) coefficients[kept[k]!] = solved[k]!;
  let rss = 0;
  for (let i = rank; i < n; i++) rss += effects[i]! * effects[i]!;
  const first = intercept ? 1 : 0;
  return { intercept, coefficients, kept, factor: r, ...quality(rss, total, n - rank, n - first) };
}

/**
 * The residual sums of squares of all nested models at once: entry j is that of the intercept and the first j
 * columns, and `ranks` counts their independent coefficients. One QR serves them all.
 */
export function nestedResiduals(
  columns: readonly ArrayLike<number>[],
  y: ArrayLike<number>,
  weights?: ArrayLike<number>,
): { rss: Float64Array; ranks: Int32Array } {
  const rows = usedRows(y.length, weights);
  const n = rows.length;
  const { a, target, p } = weighRows(columns, y, rows, true, weights);
  const { kept, effects } = householderQr(a, target, n, p);
  const tails = new Float64Array(n + 1);
  for (let i = n - 1; i >= 0; i--) tails[i] = tails[i + 1]! + effects[i]! * effects[i]!;
  const rss = new Float64Array(p);
  const ranks = new Int32Array(p);
  let rank = 0;
  for (let j = 0; j < p; j++) {
    if (kept[rank] === j) rank++;
    ranks[j] = rank;
    rss[j] = tails[rank]!;
  }
  return { rss, ranks };
}

/** What follows from the sums of squares: sigma, df, R² and its adjusted form. */
export function quality(
  rss: number,
  total: number,
  df: number,
  totalDf: number,
): Pick<LinearFit, 'sigma' | 'df' | 'rss' | 'rSquared' | 'adjustedRSquared'> {
  const rSquared = total > 0 ? 1 - rss / total : 0;
  return {
    sigma: df > 0 ? Math.sqrt(rss / df) : 0,
    df,
    rss,
    rSquared,
    adjustedRSquared: df > 0 ? 1 - (1 - rSquared) * (totalDf / df) : 0,
  };
}

/** Rows with a weight above 0. */
export function usedRows(n: number, weights?: ArrayLike<number>): Int32Array {
  const rows = new Int32Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) if (!weights || weights[i]! > 0) rows[count++] = i;
  return rows.subarray(0, count);
}

/** Weighted sum of squares of y about its weighted mean, or about 0 without an intercept. */
export function totalSquares(
  y: ArrayLike<number>,
  rows: Int32Array,
  weights: ArrayLike<number> | undefined,
  centred: boolean,
): number {
  let weight = 0;
  let centre = 0;
  for (const i of rows) {
    const w = weights ? weights[i]! : 1;
    weight += w;
    centre += w * y[i]!;
  }
  centre = centred ? centre / weight : 0;
  let squares = 0;
  for (const i of rows) squares += (weights ? weights[i]! : 1) * (y[i]! - centre) ** 2;
  return squares;
}

/** The columns (numbered as they were given) that were dropped because they depend on others. */
export function droppedColumns(fit: LinearFit): number[] {
  const first = fit.intercept ? 1 : 0;
  const kept = new Set(fit.kept);
  const dropped: number[] = [];
  for (let j = first; j < fit.coefficients.length; j++) if (!kept.has(j)) dropped.push(j - first);
  return dropped;
}

/** One line of a regression table. */
export interface Coefficient {
  readonly estimate: number;
  /** NaN for a dropped column, as are t and p. */
  readonly standard_error: number;
  readonly t: number;
  /** Two-sided p value of estimate = 0. */
  readonly p: number;
}

/** Estimates with standard errors, t and p values, in the order of `fit.coefficients`. */
export function coefficientTable(fit: LinearFit): Coefficient[] {
  const rank = fit.kept.length;
  const variance = inverseDiagonal(fit.factor, rank);
  const errors = new Float64Array(fit.coefficients.length).fill(Number.NaN);
  for (let k = 0; k < rank; k++) errors[fit.kept[k]!] = fit.sigma * Math.sqrt(variance[k]!);
  return Array.from(fit.coefficients, (estimate, j) => {
    const t = estimate / errors[j]!;
    return { estimate, standard_error: errors[j]!, t, p: 2 * studentCdf(-Math.abs(t), fit.df) };
  });
}

export interface LinearPrediction {
  /** One value a row, in units of y. */
  readonly mean: Float64Array;
  /** Standard error of the mean: what more rows would shrink. */
  readonly meanError: Float64Array;
  /** Standard error of a new observation of weight 1: √(meanError² + sigma²). */
  readonly observationError: Float64Array;
}

/** Predicts rows given as columns; intervals are mean ± t·error with Student's t of `fit.df` degrees. */
export function predictLinear(
  fit: LinearFit,
  columns: readonly ArrayLike<number>[],
  rows: number = columns[0]?.length ?? 0,
): LinearPrediction {
  const mean = new Float64Array(rows);
  const meanError = new Float64Array(rows);
  const observationError = new Float64Array(rows);
  const scratch = new Float64Array(fit.kept.length);
  for (let i = 0; i < rows; i++) {
    mean[i] = meanAt(fit, columns, i);
    const spread = leverageAt(fit, columns, i, scratch);
    meanError[i] = fit.sigma * Math.sqrt(spread);
    observationError[i] = fit.sigma * Math.sqrt(1 + spread);
  }
  return { mean, meanError, observationError };
}

function meanAt(fit: LinearFit, columns: readonly ArrayLike<number>[], i: number): number {
  const { intercept, coefficients } = fit;
  const first = intercept ? 1 : 0;
  let value = intercept ? coefficients[0]! : 0;
  for (let j = first; j < coefficients.length; j++) value += coefficients[j]! * columns[j - first]![i]!;
  return value;
}

/** xᵀ (XᵀX)⁻¹ x of row i; scratch has room for the kept columns. */
function leverageAt(
  fit: LinearFit,
  columns: readonly ArrayLike<number>[],
  i: number,
  scratch: Float64Array,
): number {
  const first = fit.intercept ? 1 : 0;
  const rank = fit.kept.length;
  for (let k = 0; k < rank; k++) {
    const j = fit.kept[k]!;
    scratch[k] = j < first ? 1 : columns[j - first]![i]!;
  }
  solveUpperTransposed(fit.factor, rank, scratch);
  let squares = 0;
  for (let k = 0; k < rank; k++) squares += scratch[k]! * scratch[k]!;
  return squares;
}

/**
 * Leverage of each row: the diagonal of the hat matrix, which sums to the number of coefficients.
 * For a weighted fit pass the same weights. Above 1 a row lies outside what the fit has seen.
 */
export function leverages(
  fit: LinearFit,
  columns: readonly ArrayLike<number>[],
  weights?: ArrayLike<number>,
  rows: number = columns[0]?.length ?? 0,
): Float64Array {
  const scratch = new Float64Array(fit.kept.length);
  return Float64Array.from(
    { length: rows },
    (_, i) => leverageAt(fit, columns, i, scratch) * (weights ? weights[i]! : 1),
  );
}
