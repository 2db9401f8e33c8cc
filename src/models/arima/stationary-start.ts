// Where the exact filter of an ARMA model starts: autocovariances of the process, without solving equations.
// Autocovariances by Levinson's recursion in reverse, then the moving average laid over them (Demeure & Mullis 1989).
import type { Polynomials, SparsePolynomial } from './polynomials.ts';

/** Room that `stationaryStart` needs; made once a model. */
export interface StartRoom {
  readonly partials: Float64Array;
  readonly a: Float64Array;
  /** Autocovariances of the autoregression alone. */
  readonly gammaU: Float64Array;
  /** Autocovariances of the whole process. */
  readonly gamma: Float64Array;
  /** Weights of past errors: w(t) = Σ ψₖ e(t − k). */
  readonly psi: Float64Array;
  /** Autocovariances of the moving average alone. */
  readonly c: Float64Array;
}

export function startRoom({ phi, theta }: Polynomials): StartRoom {
  const p = phi.degree;
  const q = theta.degree;
  return {
    partials: new Float64Array(p),
    a: new Float64Array(p),
    gammaU: new Float64Array(Math.max(p, 1) + q + 1),
    gamma: new Float64Array(Math.max(p, 1)),
    psi: new Float64Array(Math.max(q, 1)),
    c: new Float64Array(q + 1),
  };
}

/** Autocovariances 0 … length − 1 of the autoregression u(t) = Σ φᵢ u(t − i) + e(t), Var e = 1. False: not stationary. */
function autoregressive(phi: SparsePolynomial, { partials, a, gammaU }: StartRoom): boolean {
  const p = phi.degree;
  a.fill(0);
  for (let k = 0; k < phi.count; k++) a[phi.lags[k]! - 1]! += phi.coefficients[k]!;
  let variance = 1;
  for (let k = p - 1; k >= 0; k--) {
    const r = a[k]!;
    partials[k] = r;
    const rest = 1 - r * r;
    if (!(rest > 0)) return false;
    variance /= rest;
    if (r === 0) continue;
    for (let i = 0, j = k - 1; i <= j; i++, j--) {
      const left = a[i]!;
      const right = a[j]!;
      a[i] = (left + r * right) / rest;
      a[j] = (right + r * left) / rest;
    }
  }
  gammaU[0] = variance;
  let innovation = variance;
  for (let k = 0; k < p; k++) {
    const r = partials[k]!;
    let sum = r * innovation;
    for (let i = 0; i < k; i++) sum += a[i]! * gammaU[k - i]!;
    gammaU[k + 1] = sum;
    if (r !== 0) {
      for (let i = 0, j = k - 1; i <= j; i++, j--) {
        const left = a[i]!;
        const right = a[j]!;
        a[i] = left - r * right;
        if (i !== j) a[j] = right - r * left;
      }
    }
    a[k] = r;
    innovation *= 1 - r * r;
  }
  for (let k = p + 1; k < gammaU.length; k++) {
    let sum = 0;
    for (let i = 0; i < phi.count; i++) sum += phi.coefficients[i]! * gammaU[k - phi.lags[i]!]!;
    gammaU[k] = sum;
  }
  return true;
}

/**
 * Fills `gain`, the covariance of the next state with the first value, and returns the first value's variance (both
 * for errors of variance 1); 0 where the process is not stationary. The state is Harvey's: its i-th element is what
 * is known at t of w(t + i − 1).
 */
export function stationaryStart(polynomials: Polynomials, room: StartRoom, gain: Float64Array): number {
  const { phi, theta } = polynomials;
  const { gammaU, gamma, psi, c } = room;
  const p = phi.degree;
  const q = theta.degree;
  if (!autoregressive(phi, room)) return 0;

  c.fill(0);
  c[0] = 1;
  for (let j = 0; j < theta.count; j++) {
    const b = theta.coefficients[j]!;
    c[theta.lags[j]!]! += b;
    for (let k = 0; k < theta.count; k++) {
      const lag = theta.lags[j]! - theta.lags[k]!;
      if (lag >= 0) c[lag]! += b * theta.coefficients[k]!;
    }
  }
  gamma.fill(0);
  for (let lag = 0; lag <= q; lag++) {
    const weight = c[lag]!;
    if (weight === 0) continue;
    for (let k = 0; k < gamma.length; k++) {
      const near = gammaU[Math.abs(k - lag)]!;
      gamma[k]! += lag === 0 ? weight * near : weight * (near + gammaU[k + lag]!);
    }
  }
  psi[0] = 1;
  for (let k = 1; k < q; k++) {
    let sum = 0;
    for (let i = 0; i < phi.count; i++) {
      const lag = phi.lags[i]!;
      if (lag <= k) sum += phi.coefficients[i]! * psi[k - lag]!;
    }
    for (let j = 0; j < theta.count; j++) if (theta.lags[j] === k) sum += theta.coefficients[j]!;
    psi[k] = sum;
  }

  gain.fill(0);
  for (let k = 0; k < phi.count; k++) {
    const lag = phi.lags[k]!;
    const b = phi.coefficients[k]!;
    for (let i = 1; i <= lag; i++) gain[i - 1]! += b * gamma[lag - i]!;
  }
  for (let k = 0; k < theta.count; k++) {
    const lag = theta.lags[k]!;
    const b = theta.coefficients[k]!;
    for (let i = 1; i <= lag; i++) gain[i - 1]! += b * psi[lag - i]!;
  }
  return p === 0 ? c[0]! : gamma[0]!;
}
