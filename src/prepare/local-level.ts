// The local level model, y = μ + ε, μ moving by η: likelihood and smoothing with missing values (Durbin and Koopman 2012, ch. 2).
import { minimiseOnInterval } from '../math/minimise.ts';

/**
 * Runs the Kalman filter with the variance of ε set to 1 and that of η to q.
 * `level` and `variance` receive the prediction of μ for each cell from those before it.
 * Returns minus twice the concentrated diffuse log-likelihood, up to a constant.
 */
function filter(y: Float64Array, q: number, level: Float64Array, variance: Float64Array): number {
  let a = 0;
  let p = Number.POSITIVE_INFINITY;
  let squares = 0;
  let logs = 0;
  let count = 0;
  for (let t = 0; t < y.length; t++) {
    level[t] = a;
    variance[t] = p;
    const value = y[t]!;
    if (!Number.isNaN(value)) {
      if (p === Number.POSITIVE_INFINITY) {
        // The first observation of a diffuse level is all that is known of it.
        a = value;
        p = 1;
      } else {
        const f = p + 1;
        const error = value - a;
        squares += (error * error) / f;
        logs += Math.log(f);
        count++;
        const gain = p / f;
        a += gain * error;
        p = gain;
      }
    }
    p += q;
  }
  return count > 0 && squares > 0 ? count * Math.log(squares / count) + logs : 0;
}

/** The ratio of the variances of η and ε of greatest likelihood, between 1e-6 and 1e4. */
export function signalToNoise(y: Float64Array): number {
  const level = new Float64Array(y.length);
  const variance = new Float64Array(y.length);
  const { x } = minimiseOnInterval((logQ) => filter(y, Math.exp(logQ), level, variance), -13.8, 9.2, {
    tolerance: 1e-6,
  });
  return Math.exp(x);
}

/** The level at every cell given all observed values; q is estimated where it is not given. All NaN without any value. */
export function smoothLocalLevel(y: Float64Array, q: number = signalToNoise(y)): Float64Array {
  const n = y.length;
  const level = new Float64Array(n);
  const variance = new Float64Array(n);
  filter(y, q, level, variance);
  const first = y.findIndex((value) => !Number.isNaN(value));
  if (first < 0) return new Float64Array(n).fill(Number.NaN);
  const out = new Float64Array(n);
  // Backwards: r sums the weighted errors still to come, as each cell's level sees them.
  let r = 0;
  for (let t = n - 1; t > first; t--) {
    const p = variance[t]!;
    if (!Number.isNaN(y[t]!)) {
      const f = p + 1;
      r = (y[t]! - level[t]!) / f + (1 - p / f) * r;
    }
    out[t] = level[t]! + p * r;
  }
  // After the first observation the level has mean y and variance 1; before it nothing moves it.
  out[first] = y[first]! + r;
  out.fill(out[first]!, 0, first);
  return out;
}
