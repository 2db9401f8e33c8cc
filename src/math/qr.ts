// Householder QR of a tall matrix with dependent columns set aside (Businger and Golub 1965; LINPACK's dqrdc2).

export interface QrFactor {
  /** Columns in the factor, in their given order; the others depend on those before them. */
  readonly kept: Int32Array;
  /** Upper triangle of R, row-major, rank × rank, over the kept columns. */
  readonly r: Float64Array;
  /** Qᵀy: the first `rank` values belong to the kept columns, the rest to the residual. */
  readonly effects: Float64Array;
}

/**
 * Factors the n × p matrix `a` (column-major) and applies Qᵀ to y; both arrays are overwritten.
 * A column of which less than `tolerance` of its length is left after the columns before it is set aside,
 * as R's `lm` does; tolerance defaults to 1e-7.
 */
export function householderQr(
  a: Float64Array,
  y: Float64Array,
  n: number,
  p: number,
  tolerance = 1e-7,
): QrFactor {
  const kept = new Int32Array(p);
  const whole = new Float64Array(p);
  for (let j = 0; j < p; j++) {
    let squares = 0;
    for (let i = j * n; i < (j + 1) * n; i++) squares += a[i]! * a[i]!;
    whole[j] = Math.sqrt(squares);
  }
  let rank = 0;
  for (let j = 0; j < p && rank < n; j++) {
    const from = j * n + rank;
    const end = (j + 1) * n;
    let squares = 0;
    for (let i = from; i < end; i++) squares += a[i]! * a[i]!;
    const length = Math.sqrt(squares);
    if (!(length > tolerance * whole[j]!)) continue;
    // v = x ± |x| e₁ lies in the column itself; beta = 2 / vᵀv. R's diagonal is ∓|x|.
    const head = a[from]!;
    const diagonal = head > 0 ? -length : length;
    a[from] = head - diagonal;
    const beta = 1 / (squares - head * diagonal);
    for (let k = j + 1; k < p; k++) reflect(a, from, end, a, k * n + rank, beta);
    reflect(a, from, end, y, rank, beta);
    // The reflector has done its work; the column becomes a column of R.
    a[from] = diagonal;
    kept[rank++] = j;
  }
  const r = new Float64Array(rank * rank);
  for (let c = 0; c < rank; c++) {
    for (let i = 0; i <= c; i++) r[i * rank + c] = a[kept[c]! * n + i]!;
  }
  return { kept: kept.slice(0, rank), r, effects: y };
}

/** x −= beta · v (vᵀx), with v at [from, end) of `store` and x from `start` of `target`. */
function reflect(
  store: Float64Array,
  from: number,
  end: number,
  target: Float64Array,
  start: number,
  beta: number,
): void {
  const shift = start - from;
  let product = 0;
  for (let i = from; i < end; i++) product += store[i]! * target[i + shift]!;
  const step = beta * product;
  for (let i = from; i < end; i++) target[i + shift] = target[i + shift]! - step * store[i]!;
}

/** Solves R x = b (upper triangle, row-major, m × m) from the first m values of b. */
export function solveUpper(r: Float64Array, m: number, b: ArrayLike<number>): Float64Array {
  const x = new Float64Array(m);
  for (let i = m - 1; i >= 0; i--) {
    let s = b[i]!;
    for (let k = i + 1; k < m; k++) s -= r[i * m + k]! * x[k]!;
    x[i] = s / r[i * m + i]!;
  }
  return x;
}

/** Solves Rᵀ z = x in place: afterwards |z|² = xᵀ (RᵀR)⁻¹ x. */
export function solveUpperTransposed(r: Float64Array, m: number, x: Float64Array): void {
  for (let i = 0; i < m; i++) {
    let s = x[i]!;
    for (let k = 0; k < i; k++) s -= r[k * m + i]! * x[k]!;
    x[i] = s / r[i * m + i]!;
  }
}

/** Diagonal of (RᵀR)⁻¹. */
export function inverseDiagonal(r: Float64Array, m: number): Float64Array {
  const out = new Float64Array(m);
  const unit = new Float64Array(m);
  for (let j = 0; j < m; j++) {
    unit.fill(0);
    unit[j] = 1;
    solveUpperTransposed(r, m, unit);
    let squares = 0;
    for (let i = j; i < m; i++) squares += unit[i]! * unit[i]!;
    out[j] = squares;
  }
  return out;
}
