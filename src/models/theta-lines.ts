// The lines of the Theta models: the straight line through the past at each moment, and the dynamic model's recursion.
import { observedCount } from './model.ts';

/** A straight line through the observed cells so far, by least squares; time counts 1, 2, … */
export interface Line {
  readonly count: number;
  readonly meanTime: number;
  readonly meanValue: number;
  /** Σ (t − mean t)² */
  readonly spread: number;
  /** Σ (t − mean t)(y − mean y) */
  readonly product: number;
  readonly slope: number;
}

/** The line after one more observation; the update keeps sums of deviations, so that long series lose no digits. */
export function extendLine(line: Line, time: number, value: number): Line {
  const count = line.count + 1;
  const deltaTime = time - line.meanTime;
  const deltaValue = value - line.meanValue;
  const meanTime = line.meanTime + deltaTime / count;
  const spread = line.spread + deltaTime * (time - meanTime);
  const product = line.product + (time - meanTime) * deltaValue;
  const slope = spread > 0 ? product / spread : 0;
  return { count, meanTime, meanValue: line.meanValue + deltaValue / count, spread, product, slope };
}

/** The view from the first observed cell on. */
export function fromFirstObserved(y: Float64Array): Float64Array {
  return y.subarray(
    Math.max(
      0,
      y.findIndex((value) => !Number.isNaN(value)),
    ),
  );
}

/** Intercepts and slopes of the line before each cell (both 0 before the first), and the line through them all. */
export function runningLine(y: Float64Array): { intercept: Float64Array; slope: Float64Array; end: Line } {
  const intercept = new Float64Array(y.length);
  const slope = new Float64Array(y.length);
  let line: Line = { count: 0, meanTime: 0, meanValue: 0, spread: 0, product: 0, slope: 0 };
  for (let t = 0; t < y.length; t++) {
    slope[t] = line.slope;
    intercept[t] = line.meanValue - line.slope * line.meanTime;
    if (!Number.isNaN(y[t]!)) line = extendLine(line, t + 1, y[t]!);
  }
  return { intercept, slope, end: line };
}

/** What one smoothing weight makes of a series. */
export interface ThetaFit {
  readonly alpha: number;
  /** 1 − 1/θ: the share of the straight line in the forecast. */
  readonly omega: number;
  /** Level before the series. */
  readonly first: number;
  /** Level at its end. */
  readonly level: number;
  /** Sum of squared one-step errors that count. */
  readonly errors: number;
  /** Variance of ω over the variance of one error. */
  readonly doubt: number;
}

/**
 * The dynamic optimised Theta model of Fiorucci et al. (2016) on a series without season, seen from one smoothing
 * weight alpha: with ω = 1 − 1/θ, l the level and A, B the line so far,
 *
 *     μ_t = l_{t−1} + ω [(1 − α)^{t−1} A_{t−1} + (1 − (1 − α)^t) / α · B_{t−1}],   l_t = l_{t−1} + α (y_t − μ*_t)
 *
 * where μ* is l_{t−1} for an observed cell. A missing cell is taken to be as forecast, y_t = μ_t. A and B do not depend
 * on the parameters, so the errors are linear in the first level and in ω: both have closed forms, and alpha alone is
 * left to search.
 */
export function thetaModel(y: Float64Array): {
  /** How many errors count. */
  readonly count: number;
  readonly end: Line;
  /**
   * The best fit for an alpha with ω in [0, 1]. `anchor` is the weight, in observations, of the first value as an
   * observation of the first level.
   */
  readonly fit: (alpha: number, anchor: number) => ThetaFit;
  /** How the spread of a fit's errors goes with the size of the forecast. */
  readonly relativeSpread: (fit: ThetaFit) => number;
} {
  const n = y.length;
  const { intercept, slope, end } = runningLine(y);
  // As in the authors' forecTheta, the first three errors do not count.
  const skipped = 3;
  const fit = (alpha: number, anchor: number): ThetaFit => {
    // The level is base + share · first level + tilt · ω.
    let base = 0;
    let share = 1;
    let tilt = 0;
    let power = 1; // (1 − α)^{t−1}
    let seen = 0;
    let ss = anchor;
    let sd = 0;
    let dd = 0;
    let sy = anchor * y[0]!;
    let dy = 0;
    let yy = anchor * y[0]! * y[0]!;
    for (let t = 0; t < n; t++) {
      const next = power * (1 - alpha);
      const line = power * intercept[t]! + ((1 - next) / alpha) * slope[t]!;
      const rest = y[t]! - base;
      if (Number.isNaN(rest)) {
        tilt += alpha * line;
      } else {
        const direction = tilt + line;
        if (++seen > skipped) {
          ss += share * share;
          sd += share * direction;
          dd += direction * direction;
          sy += share * rest;
          dy += direction * rest;
          yy += rest * rest;
        }
        base += alpha * rest;
        share *= 1 - alpha;
        tilt *= 1 - alpha;
      }
      power = next;
    }
    const slack = dd - (sd * sd) / ss;
    const free = slack > 1e-12 * dd ? (dy - (sd * sy) / ss) / slack : 0.5;
    const omega = Math.min(1, Math.max(0, free));
    const first = ss > 0 ? (sy - omega * sd) / ss : 0;
    const errors =
      yy - 2 * first * sy - 2 * omega * dy + first * first * ss + 2 * first * omega * sd + omega * omega * dd;
    return {
      alpha,
      omega,
      first,
      level: base + share * first + tilt * omega,
      errors: Math.max(0, errors),
      doubt: slack > 1e-12 * dd ? 1 / slack : 0,
    };
  };

  /**
   * Σ(e/μ)² / Σe² where errors in proportion to the forecast μ are more likely than errors of one size, 0 otherwise.
   * Both are normal; proportional ones need a positive series with positive forecasts.
   */
  const relativeSpread = ({ alpha, omega, first }: ThetaFit): number => {
    let level = first;
    let power = 1;
    let seen = 0;
    let squares = 0;
    let shares = 0;
    let logs = 0;
    for (let t = 0; t < n; t++) {
      const next = power * (1 - alpha);
      const forecast = level + omega * (power * intercept[t]! + ((1 - next) / alpha) * slope[t]!);
      power = next;
      if (Number.isNaN(y[t]!)) {
        level += alpha * (forecast - level);
        continue;
      }
      if (++seen > skipped) {
        if (y[t]! <= 0 || forecast <= 0) return 0;
        const error = y[t]! - forecast;
        squares += error * error;
        shares += (error / forecast) ** 2;
        logs += Math.log(forecast);
      }
      level += alpha * (y[t]! - level);
    }
    const gain = ((seen - skipped) / 2) * Math.log(squares / shares) - logs;
    return gain > 0 ? shares / squares : 0;
  };
  return { count: Math.max(0, observedCount(y) - skipped), end, fit, relativeSpread };
}

/** Means of the steps ahead, the forecasts being taken as observations of the line and the level on the way. */
export function thetaPath(
  { alpha, omega, level }: ThetaFit,
  end: Line,
  length: number,
  out: Float64Array,
): void {
  let l = level;
  let line = end;
  for (let s = 0; s < out.length; s++) {
    const t = length + s + 1;
    const power = (1 - alpha) ** (t - 1);
    const intercept = line.meanValue - line.slope * line.meanTime;
    const rise = omega * (power * intercept + ((1 - power * (1 - alpha)) / alpha) * line.slope);
    out[s] = l + rise;
    line = extendLine(line, t, out[s]!);
    l += alpha * rise;
  }
}
