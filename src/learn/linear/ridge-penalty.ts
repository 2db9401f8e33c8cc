// The ridge penalty with the least cross-validation error, all candidates scored from one decomposition.
import { minimiseOnInterval } from '../../math/minimise.ts';
import { householderQr } from '../../math/qr.ts';
import { singularValues } from '../../math/singular-values.ts';

/** A regression with centred columns of spread 1. */
export interface Standardised {
  /** √weight times the centred, scaled columns, column-major; columns without spread are left out. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly meanY: number;
  /** Which of the given columns each column of x is. */
  readonly places: number[];
  readonly centre: number[];
  readonly scale: number[];
  /** Sum of the weights. */
  readonly weight: number;
  /** √weight of each row. */
  readonly root: Float64Array;
}

/** What every penalty's score is made of. */
export interface Spectrum {
  /** Singular values of the standardised columns. */
  readonly values: Float64Array;
  /** y along each left singular vector. */
  readonly along: Float64Array;
  /** Squares of y outside all of them. */
  readonly outside: number;
  /** For leave-one-out: left singular vectors (column-major), y, and the leverage of the mean. */
  readonly left?: Float64Array;
  readonly y: Float64Array;
  readonly base: Float64Array;
}

/** Singular values through R of a QR: the rotations then work on p × p numbers. Dependent columns take the long way. */
export function decompose(
  { x, y, weight, root }: Standardised,
  n: number,
  p: number,
  vectors: boolean,
): Spectrum {
  const { kept, r, effects } = householderQr(Float64Array.from(x), Float64Array.from(y), n, p, 1e-12);
  const rank = kept.length;
  const full = rank === p;
  const source = full ? transposed(r, p) : x;
  const height = full ? p : n;
  const { values, scaledLeft, vectors: v } = singularValues(source, height, p);
  const answer = full ? effects : y;
  const along = new Float64Array(p);
  let inside = 0;
  const largest = values.reduce((a, b) => Math.max(a, b), 0);
  for (let k = 0; k < p; k++) {
    if (!(values[k]! > 1e-12 * largest)) values[k] = 0;
    if (values[k] === 0) continue;
    let product = 0;
    for (let i = 0; i < height; i++) product += scaledLeft[k * height + i]! * answer[i]!;
    along[k] = product / values[k]!;
    inside += along[k]! * along[k]!;
  }
  let squares = 0;
  for (let i = 0; i < n; i++) squares += y[i]! * y[i]!;
  const spectrum = {
    values,
    along,
    outside: Math.max(0, squares - inside),
    y,
    base: root.map((w) => (w * w) / weight),
  };
  return vectors ? { ...spectrum, left: leftVectors(x, v, values, n, p) } : spectrum;
}

/** Row-major to column-major. */
function transposed(r: Float64Array, p: number): Float64Array {
  const out = new Float64Array(p * p);
  for (let i = 0; i < p; i++) for (let j = i; j < p; j++) out[j * p + i] = r[i * p + j]!;
  return out;
}

function leftVectors(
  x: Float64Array,
  v: Float64Array,
  values: Float64Array,
  n: number,
  p: number,
): Float64Array {
  const left = new Float64Array(n * p);
  for (let k = 0; k < p; k++) {
    if (values[k] === 0) continue;
    for (let j = 0; j < p; j++) {
      const share = v[k * p + j]! / values[k]!;
      for (let i = 0; i < n; i++) left[k * n + i] = left[k * n + i]! + share * x[j * n + i]!;
    }
  }
  return left;
}

/** Σ d² / (d² + lambda). */
export function degrees(values: Float64Array, lambda: number): number {
  let total = 0;
  for (const d of values) if (d > 0) total += (d * d) / (d * d + lambda);
  return total;
}

/** Generalised cross-validation: n · RSS / (n − effective parameters)². */
function gcv({ values, along, outside }: Spectrum, n: number, lambda: number): number {
  let rss = outside;
  for (let k = 0; k < values.length; k++) {
    const left = lambda / (values[k]! * values[k]! + lambda);
    rss += (left * along[k]!) ** 2;
  }
  return (n * rss) / (n - 1 - degrees(values, lambda)) ** 2;
}

/** Mean squared leave-one-out error, from residuals and leverages (Allen's PRESS, 1974). */
function loocv({ values, along, left, y, base }: Spectrum, n: number, lambda: number): number {
  let total = 0;
  for (let i = 0; i < n; i++) {
    let fitted = 0;
    let hat = base[i]!;
    for (let k = 0; k < values.length; k++) {
      const d2 = values[k]! * values[k]!;
      const u = left![k * n + i]!;
      const share = d2 > 0 ? d2 / (d2 + lambda) : 0;
      fitted += u * share * along[k]!;
      hat += u * u * share;
    }
    total += ((y[i]! - fitted) / Math.max(1 - hat, 1e-12)) ** 2;
  }
  return total / n;
}

/** The penalty with the least score: a grid over ten decades around n, then Brent's method beside the best. */
export function choosePenalty(spectrum: Spectrum, n: number, by: 'gcv' | 'loocv'): number {
  const score = by === 'gcv' ? gcv : loocv;
  const at = (log: number): number => score(spectrum, n, Math.exp(log));
  const low = Math.log(1e-6 * n);
  const high = Math.log(1e4 * n);
  const steps = 40;
  const width = (high - low) / steps;
  let best = low;
  let bestScore = Infinity;
  for (let k = 0; k <= steps; k++) {
    const value = at(low + k * width);
    if (value < bestScore) {
      bestScore = value;
      best = low + k * width;
    }
  }
  const refined = minimiseOnInterval(at, Math.max(low, best - width), Math.min(high, best + width), {
    tolerance: 1e-4,
  });
  return Math.exp(refined.value < bestScore ? refined.x : best);
}
