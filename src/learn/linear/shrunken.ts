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
/** Penalties stand still once none moves its group's effective coefficients by more than about this. */
const SETTLED = 1e-4;

/** Sums of a row-major rows × p matrix and its answers. */
export function gramOf(z: Float64Array, y: Float64Array, rows: number, p: number): Gram {
  const zz = new Float64Array(p * p);
  const zy = new Float64Array(p);
  let yy = 0;
  for (let r = 0; r < rows; r++) yy += y[r]! * y[r]!;
  // Four rows at a time: each sum is read and written once for four products.
  let r = 0;
  for (; r + 3 < rows; r += 4) {
    const a = r * p;
    const b = a + p;
    const c = b + p;
    const d = c + p;
    for (let i = 0; i < p; i++) {
      const za = z[a + i]!;
      const zb = z[b + i]!;
      const zc = z[c + i]!;
      const zd = z[d + i]!;
      // Ramps that have not begun and holidays that are not near leave whole blocks of zeros.
      if (za === 0 && zb === 0 && zc === 0 && zd === 0) continue;
      zy[i] = zy[i]! + za * y[r]! + zb * y[r + 1]! + zc * y[r + 2]! + zd * y[r + 3]!;
      const row = i * p;
      for (let j = i; j < p; j++) {
        zz[row + j] = zz[row + j]! + za * z[a + j]! + zb * z[b + j]! + zc * z[c + j]! + zd * z[d + j]!;
      }
    }
  }
  for (; r < rows; r++) {
    const a = r * p;
    for (let i = 0; i < p; i++) {
      const za = z[a + i]!;
      zy[i] = zy[i]! + za * y[r]!;
      for (let j = i; j < p; j++) zz[i * p + j] = zz[i * p + j]! + za * z[a + j]!;
    }
  }
  return { rows, p, zz, zy, yy };
}

/** Upper Cholesky factor of a symmetric matrix given by its upper triangle; a pivot that vanishes is held off zero. */
export function cholesky(
  a: Float64Array,
  p: number,
  out: Float64Array = new Float64Array(p * p),
): Float64Array {
  out.set(a);
  for (let i = 0; i < p; i++) {
    const row = i * p;
    for (let k = 0; k < i; k++) {
      const share = out[k * p + i]!;
      if (share === 0) continue;
      const above = k * p;
      for (let j = i; j < p; j++) out[row + j] = out[row + j]! - share * out[above + j]!;
    }
    const pivot = Math.sqrt(Math.max(out[row + i]!, 1e-12 * Math.max(a[row + i]!, 1e-300)));
    out[row + i] = pivot;
    for (let j = i + 1; j < p; j++) out[row + j] = out[row + j]! / pivot;
  }
  return out;
}

/** Solves Rᵀ x = b. */
export function solveForward(r: Float64Array, p: number, b: Float64Array, x: Float64Array): void {
  for (let i = 0; i < p; i++) {
    let s = b[i]!;
    for (let k = 0; k < i; k++) s -= r[k * p + i]! * x[k]!;
    x[i] = s / r[i * p + i]!;
  }
}

/** Solves RᵀR x = b. */
function solve(r: Float64Array, p: number, b: Float64Array, x: Float64Array): void {
  solveForward(r, p, b, x);
  for (let i = p - 1; i >= 0; i--) {
    let s = x[i]!;
    for (let k = i + 1; k < p; k++) s -= r[i * p + k]! * x[k]!;
    x[i] = s / r[i * p + i]!;
  }
}

/** Diagonal of (RᵀR)⁻¹, by the rows of R⁻¹. */
function inverseDiagonal(r: Float64Array, p: number, inverse: Float64Array, out: Float64Array): void {
  for (let i = p - 1; i >= 0; i--) {
    const row = i * p;
    const pivot = 1 / r[row + i]!;
    inverse.fill(0, row, row + p);
    for (let k = i + 1; k < p; k++) {
      const share = -pivot * r[row + k]!;
      if (share === 0) continue;
      const below = k * p;
      for (let j = k; j < p; j++) inverse[row + j] = inverse[row + j]! + share * inverse[below + j]!;
    }
    inverse[row + i] = pivot;
    let squares = 0;
    for (let j = i; j < p; j++) squares += inverse[row + j]! * inverse[row + j]!;
    out[i] = squares;
  }
}

/**
 * Fits with the prior b ~ N(0, sigma² / (lambda of its group · weight)) for each coefficient; group FREE has none. The
 * penalties start at `start` and move to where the evidence is greatest, or stay where `most` is 0.
 */
export function shrunkenFit(
  { rows, p, zz, zy, yy }: Gram,
  groups: Int32Array,
  weights: Float64Array,
  start: Float64Array,
  most = 12,
): ShrunkenFit {
  let steps = most;
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
    let moved = 0;
    for (let g = 0; g < count; g++) {
      const next = (Math.max(known[g]!, 1e-9) * sigma2) / Math.max(size[g]!, 1e-300);
      const held = Math.min(MOST, Math.max(LEAST, next));
      // A group that is all but shrunk away may go on shrinking; it moves nothing.
      moved = Math.max(moved, known[g]! * Math.abs(held / lambda[g]! - 1));
      lambda[g] = held;
    }
    if (moved < SETTLED) steps = step + 1;
  }
  return { coefficients: b, factor, lambda, sigma2, effective, deviance };
}

/** xᵀ (RᵀR)⁻¹ x; scratch has room for p values. */
export function shrunkenLeverage(r: Float64Array, p: number, x: Float64Array, scratch: Float64Array): number {
  solveForward(r, p, x, scratch);
  let squares = 0;
  for (let i = 0; i < p; i++) squares += scratch[i]! * scratch[i]!;
  return squares;
}
