// Lag polynomials of a seasonal ARMA model: from partial autocorrelations to sparse products.
// Barndorff-Nielsen & Schou (1973): any values in (−1, 1) are the partial autocorrelations of a stationary process.
import type { Order } from './order.ts';

/** The terms of Σ cᵢ Bⁱ that are there: lags from 1 up, and their coefficients. Only the first `count` count. */
export interface SparsePolynomial {
  readonly lags: Int32Array;
  readonly coefficients: Float64Array;
  count: number;
  /** The highest lag. */
  degree: number;
}

/** An ARMA model w(t) = Σ φᵢ w(t − i) + e(t) + Σ θⱼ e(t − j), its seasonal factors multiplied out. */
export interface Polynomials {
  readonly phi: SparsePolynomial;
  readonly theta: SparsePolynomial;
}

function room(factor: number, seasonal: number, m: number): SparsePolynomial {
  const size = (factor + 1) * (seasonal + 1) - 1;
  return {
    lags: new Int32Array(size),
    coefficients: new Float64Array(size),
    count: size,
    degree: factor + seasonal * m,
  };
}

/** Room for the polynomials of a model. */
export const polynomialsOf = ({ p, q, P, Q, m }: Order): Polynomials => ({
  phi: room(p, P, m),
  theta: room(q, Q, m),
});

/** Turns `count` partial autocorrelations of x, from `at` on, into autoregressive coefficients in `out` (Durbin 1960). */
export function coefficientsOf(
  x: ArrayLike<number>,
  at: number,
  count: number,
  out: Float64Array = new Float64Array(count),
): Float64Array {
  for (let k = 0; k < count; k++) {
    const r = x[at + k]!;
    out[k] = r;
    for (let i = 0, j = k - 1; i <= j; i++, j--) {
      const left = out[i]!;
      const right = out[j]!;
      out[i] = left - r * right;
      if (i !== j) out[j] = right - r * left;
    }
  }
  return out;
}

/**
 * The partial autocorrelations of autoregressive coefficients (each multiplied by growthⁱ first), or undefined where
 * 1 − Σ cᵢ growthⁱ Bⁱ has a root on or inside the unit circle: the way back, by Durbin's recursion in reverse.
 */
export function partialsOf(coefficients: ArrayLike<number>, growth = 1): Float64Array | undefined {
  const count = coefficients.length;
  const partials = new Float64Array(count);
  const a = Float64Array.from(coefficients, (c, i) => c * growth ** (i + 1));
  for (let k = count - 1; k >= 0; k--) {
    const r = a[k]!;
    if (!(Math.abs(r) < 1)) return undefined;
    partials[k] = r;
    const rest = 1 - r * r;
    for (let i = 0, j = k - 1; i <= j; i++, j--) {
      const left = a[i]!;
      const right = a[j]!;
      a[i] = (left + r * right) / rest;
      a[j] = (right + r * left) / rest;
    }
  }
  return partials;
}

const small = new Float64Array(32);
const large = new Float64Array(32);

/** sign · ((1 − Σ aᵢBⁱ)(1 − Σ AⱼBʲᵐ) − 1) as terms of `out`. */
function multiply(
  a: Float64Array,
  p: number,
  A: Float64Array,
  P: number,
  m: number,
  sign: number,
  out: SparsePolynomial,
): void {
  let at = 0;
  for (let j = 0; j <= P; j++) {
    const left = j === 0 ? 1 : -A[j - 1]!;
    for (let i = j === 0 ? 1 : 0; i <= p; i++) {
      out.lags[at] = i + j * m;
      out.coefficients[at++] = sign * left * (i === 0 ? 1 : -a[i - 1]!);
    }
  }
}

/**
 * Fills `out` from the partial autocorrelations x of the four factors, in the order p, q, P, Q. Those of a moving
 * average are of 1 − Σ(−θⱼ)Bʲ, so that values in [−1, 1] are the invertible ones.
 */
export function expand(x: ArrayLike<number>, { p, q, P, Q, m }: Order, out: Polynomials): void {
  coefficientsOf(x, 0, p, small);
  coefficientsOf(x, p + q, P, large);
  multiply(small, p, large, P, m, -1, out.phi);
  coefficientsOf(x, p, q, small);
  coefficientsOf(x, p + q + P, Q, large);
  multiply(small, q, large, Q, m, 1, out.theta);
}

/** The coefficients of the four factors, named and signed as R does. */
export interface Factors {
  readonly ar: readonly number[];
  readonly ma: readonly number[];
  readonly sar: readonly number[];
  readonly sma: readonly number[];
}

export function factors(x: ArrayLike<number>, { p, q, P, Q }: Order): Factors {
  const plain = (at: number, count: number): number[] => Array.from(coefficientsOf(x, at, count));
  const minus = (at: number, count: number): number[] => plain(at, count).map((v) => -v);
  return { ar: plain(0, p), ma: minus(p, q), sar: plain(p + q, P), sma: minus(p + q + P, Q) };
}
