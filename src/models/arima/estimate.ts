// Maximum likelihood of an ARIMA model: Gauss–Newton on its weighted innovations, over partial autocorrelations in a box.
import { minimiseSquares } from '../../math/levenberg-marquardt.ts';
import type { Likelihood } from './likelihood.ts';
import { parameterCount } from './order.ts';

export interface Estimate {
  /** Partial autocorrelations of the four factors, in the order p, q, P, Q. */
  readonly x: Float64Array;
  /** What `Likelihood.evaluate` gives there. */
  readonly value: number;
}

/** An autoregression stays this far from a unit root; differencing is for those. A moving average may have one. */
const LARGEST = 0.99999;
/** Step of the numerical derivatives: near the cube root of rounding, small beside any change that matters. */
const STEP = 1e-6;

export interface EstimateOptions {
  /** Share of the sum of squares below which a further step is not worth it. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
}

/** Climbs from `start` to a maximum of the likelihood. */
export function estimate(
  likelihood: Likelihood,
  start: ArrayLike<number>,
  { tolerance = 1e-10, maxIterations = 60 }: EstimateOptions = {},
): Estimate {
  const { order, filtered, evaluation } = likelihood;
  const size = parameterCount(order);
  if (size === 0) return { x: new Float64Array(0), value: likelihood.evaluate([]) };
  const n = filtered[0]!.length;
  const base = new Float64Array(n);
  const slopes = Array.from({ length: size }, () => new Float64Array(n));
  const moved = new Float64Array(size);
  const upper = new Float64Array(size).fill(1);
  upper.fill(LARGEST, 0, order.p);
  upper.fill(LARGEST, order.p + order.q, order.p + order.q + order.P);
  const lower = upper.map((v) => -v);

  const residuals = (x: Float64Array, out: Float64Array): number => {
    const value = likelihood.evaluate(x);
    if (!Number.isFinite(value)) return value;
    const scale = Math.exp(evaluation.logs / (2 * evaluation.used));
    const e = filtered[0]!;
    for (let t = 0; t < n; t++) out[t] = e[t]! * scale;
    return value;
  };

  const { x, value } = minimiseSquares(
    {
      value: (at) => likelihood.evaluate(at),
      linearise(at, gradient, normal) {
        const total = residuals(at, base);
        if (!Number.isFinite(total)) return total;
        for (let i = 0; i < size; i++) {
          moved.set(at);
          const step = at[i]! > 0 ? -STEP : STEP;
          moved[i] = at[i]! + step;
          const slope = slopes[i]!;
          if (!Number.isFinite(residuals(moved, slope))) return Number.POSITIVE_INFINITY;
          let g = 0;
          for (let t = 0; t < n; t++) {
            const s = (slope[t]! - base[t]!) / step;
            slope[t] = s;
            g += s * base[t]!;
          }
          gradient[i] = g;
          for (let j = 0; j <= i; j++) {
            const other = slopes[j]!;
            let sum = 0;
            for (let t = 0; t < n; t++) sum += slope[t]! * other[t]!;
            normal[i * size + j] = sum;
          }
        }
        return total;
      },
    },
    Float64Array.from(start, (v, i) => Math.min(upper[i]!, Math.max(lower[i]!, v))),
    { lower, upper, tolerance, maxIterations },
  );
  return { x, value };
}

/** The maximised log-likelihood with its constants, as R's `arima` gives it, of values that were divided by `scale`. */
export function logLikelihood(value: number, used: number, scale: number): number {
  return -0.5 * used * (Math.log((2 * Math.PI * value) / used) + 1 + 2 * Math.log(scale));
}
