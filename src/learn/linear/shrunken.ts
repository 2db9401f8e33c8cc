// Least squares with groups of shrunken coefficients, each group by its own amount, which the data choose: the evidence
// of Bayesian linear regression, climbed by MacKay's (1992) fixed point.

/** Sums over rows: what a regression needs to know of its data, whatever the penalties. */
export interface Gram {
  readonly rows: number;
  readonly p: number;
  /** Upper triangle of ZᵀZ, row-major p × p. */
  readonly zz: Float64Array;
  readonly zy: Float64Array;
  readonly yy: number;
}

export interface ShrunkenFit {
  readonly coefficients: Float64Array;
  /** Cholesky factor R (upper, row-major) of ZᵀZ + Λ: coefficients have the covariance sigma² (RᵀR)⁻¹. */
  readonly factor: Float64Array;
  /** Penalty of each group; Infinity-like values mean that the group is not needed. */
  readonly lambda: Float64Array;
  readonly sigma2: number;
  /** Effective number of coefficients. */
  readonly effective: number;
  /** −2 log of the marginal likelihood, but for a constant that depends on the rows alone. */
  readonly deviance: number;
}

/** Free coefficients belong to this group. */
export const FREE = -1;
const LEAST = 1e-6;
const MOST = 1e9;

/** Sums of a row-major rows × p matrix and its answers. */
export function gramOf(z: Float64Array, y: Float64Array, rows: number, p: number): Gram {
  const zz = new Float64Array(p * p);
  const zy = new Float64Array(p);
  let yy = 0;
  for (let r = 0; r < rows; r++) {
    const at = r * p;
    const answer = y[r]!;
    yy += answer * answer;
    for (let i = 0; i < p; i++) {
      const left = z[at + i]!;
      if (left === 0) continue;
      zy[i] = zy[i]! + left * answer;
      const row = i * p;
      for (let j = i; j < p; j++) zz[row + j] = zz[row + j]! + left * z[at + j]!;
    }
  }
  return { rows, p, zz, zy, yy };
}

/** Upper Cholesky factor of a symmetric matrix given by its upper triangle; a pivot that vanishes is held off zero. */
function cholesky(a: Float64Array, p: number, out: Float64Array): void {
  for (let i = 0; i < p; i++) {
    for (let j = i; j < p; j++) {
      let s = a[i * p + j]!;
      for (let k = 0; k < i; k++) s -= out[k * p + i]! * out[k * p + j]!;
      if (i === j) out[i * p + i] = Math.sqrt(Math.max(s, 1e-12 * Math.max(a[i * p + i]!, 1e-300)));
      else out[i * p + j] = s / out[i * p + i]!;
    }
  }
}

/** Solves RᵀR x = b. */
function solve(r: Float64Array, p: number, b: Float64Array, x: Float64Array): void {
  for (let i = 0; i < p; i++) {
    let s = b[i]!;
    for (let k = 0; k < i; k++) s -= r[k * p + i]! * x[k]!;
    x[i] = s / r[i * p + i]!;
  }
  for (let i = p - 1; i >= 0; i--) {
    let s = x[i]!;
    for (let k = i + 1; k < p; k++) s -= r[i * p + k]! * x[k]!;
    x[i] = s / r[i * p + i]!;
  }
}

/** Diagonal of (RᵀR)⁻¹, by the rows of R⁻¹. */
function inverseDiagonal(r: Float64Array, p: number, inverse: Float64Array, out: Float64Array): void {
  for (let i = p - 1; i >= 0; i--) {
    inverse[i * p + i] = 1 / r[i * p + i]!;
    for (let j = i + 1; j < p; j++) {
      let s = 0;
      for (let k = i + 1; k <= j; k++) s -= r[i * p + k]! * inverse[k * p + j]!;
      inverse[i * p + j] = s / r[i * p + i]!;
    }
    let squares = 0;
    for (let j = i; j < p; j++) squares += inverse[i * p + j]! ** 2;
    out[i] = squares;
  }
}

/**
 * Fits with the prior b ~ N(0, sigma² / (lambda of its group · weight)) for each coefficient; group FREE has none. The
 * penalties start at `start` and move to where the evidence is greatest, or stay where `steps` is 0.
 */
export function shrunkenFit(
  { rows, p, zz, zy, yy }: Gram,
  groups: Int32Array,
  weights: Float64Array,
  start: Float64Array,
  steps = 12,
): ShrunkenFit {
  const count = start.length;
  const lambda = Float64Array.from(start);
  const a = new Float64Array(p * p);
  const factor = new Float64Array(p * p);
  const inverse = new Float64Array(p * p);
  const diagonal = new Float64Array(p);
  const b = new Float64Array(p);
  const size = new Float64Array(count);
  const known = new Float64Array(count);
  let free = 0;
  for (let j = 0; j < p; j++) if (groups[j] === FREE) free++;
  const df = Math.max(1, rows - free);
  let sigma2 = 0;
  let effective = free;
  let deviance = 0;
  for (let step = 0; ; step++) {
    a.set(zz);
    for (let j = 0; j < p; j++) {
      if (groups[j] !== FREE) a[j * p + j] = a[j * p + j]! + lambda[groups[j]!]! * weights[j]!;
    }
    cholesky(a, p, factor);
    solve(factor, p, zy, b);
    inverseDiagonal(factor, p, inverse, diagonal);
    let fit = 0;
    for (let j = 0; j < p; j++) fit += b[j]! * zy[j]!;
    // What rounding leaves of a perfect fit counts as noise, so that nothing divides by 0.
    const penalised = Math.max(yy - fit, 1e-14 * yy, 1e-300);
    sigma2 = penalised / df;
    let determinant = 0;
    for (let j = 0; j < p; j++) {
      determinant += 2 * Math.log(factor[j * p + j]!);
      if (groups[j] !== FREE) determinant -= Math.log(lambda[groups[j]!]! * weights[j]!);
    }
    deviance = df * Math.log(sigma2) + determinant;
    size.fill(0);
    known.fill(0);
    for (let j = 0; j < p; j++) {
      const g = groups[j]!;
      if (g === FREE) continue;
      size[g] = size[g]! + weights[j]! * b[j]! * b[j]!;
      known[g] = known[g]! + 1 - lambda[g]! * weights[j]! * diagonal[j]!;
    }
    effective = free;
    for (let g = 0; g < count; g++) effective += known[g]!;
    if (step >= steps) break;
    for (let g = 0; g < count; g++) {
      const next = (Math.max(known[g]!, 1e-9) * sigma2) / Math.max(size[g]!, 1e-300);
      lambda[g] = Math.min(MOST, Math.max(LEAST, next));
    }
  }
  return { coefficients: b, factor, lambda, sigma2, effective, deviance };
}

/** xᵀ (RᵀR)⁻¹ x; scratch has room for p values. */
export function shrunkenLeverage(r: Float64Array, p: number, x: Float64Array, scratch: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < p; i++) {
    let s = x[i]!;
    for (let k = 0; k < i; k++) s -= r[k * p + i]! * scratch[k]!;
    scratch[i] = s / r[i * p + i]!;
    squares += scratch[i]! * scratch[i]!;
  }
  return squares;
}
