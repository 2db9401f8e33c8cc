// The Theta models of Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler (2016) as one recursion.
import { observedCount } from './model.ts';
import { extendLine, type Line, runningLine } from './theta-lines.ts';

/** Which of the four Theta models of the paper: the line through all of the past or through that of the moment, θ 2 or found. */
export interface ThetaForm {
  /** Whether the line is estimated anew in each period. */
  readonly dynamic: boolean;
  /** Whether θ is found by least squares; else it is 2, half the line. */
  readonly optimised: boolean;
}

/** What one smoothing weight makes of a series. */
export interface ThetaFit extends ThetaForm {
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
 * A Theta model of Fiorucci et al. (2016) on a series without season, seen from one smoothing weight alpha: with
 * ω = 1 − 1/θ, l the level and A, B the line so far (of all periods where the form is not dynamic),
 *
 *     μ_t = l_{t−1} + ω [(1 − α)^{t−1} A_{t−1} + (1 − (1 − α)^t) / α · B_{t−1}],   l_t = l_{t−1} + α (y_t − μ*_t)
 *
 * where μ* is l_{t−1} for an observed cell. A missing cell is taken to be as forecast, y_t = μ_t. A and B do not depend
 * on the parameters, so the errors are linear in the first level and in ω: both have closed forms, and alpha alone is
 * left to search.
 */
export function thetaModel(
  y: Float64Array,
  { dynamic, optimised }: ThetaForm = { dynamic: true, optimised: true },
): {
  /** How many errors count. */
  readonly count: number;
  readonly end: Line;
  /**
   * The best fit for an alpha with ω in [0, 1]. `anchor` is the weight, in observations, of the first value as an
   * observation of the first level.
   */
  readonly fit: (alpha: number, anchor: number) => ThetaFit;
  /** Fills the level and the share of the line, ω[…], whose sum μ is the one-step mean of each cell. */
  readonly trace: (fit: ThetaFit, levels: Float64Array, rises: Float64Array) => void;
  /**
   * Σ(e/μ)² / Σe² where errors in proportion to the forecast μ are more likely than errors of one size, 0 otherwise.
   * Both are normal; proportional ones need a positive series with positive forecasts.
   */
  readonly relativeSpread: (fit: ThetaFit) => number;
} {
  const n = y.length;
  const { intercept, slope, end } = runningLine(y);
  if (!dynamic) {
    intercept.fill(end.meanValue - end.slope * end.meanTime);
    slope.fill(end.slope);
  }
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
    const free = optimised && slack > 1e-12 * dd;
    const omega = free ? Math.min(1, Math.max(0, (dy - (sd * sy) / ss) / slack)) : 0.5;
    const first = ss > 0 ? (sy - omega * sd) / ss : 0;
    const errors =
      yy - 2 * first * sy - 2 * omega * dy + first * first * ss + 2 * first * omega * sd + omega * omega * dd;
    return {
      dynamic,
      optimised,
      alpha,
      omega,
      first,
      level: base + share * first + tilt * omega,
      errors: Math.max(0, errors),
      doubt: free ? 1 / slack : 0,
    };
  };

  const trace = ({ alpha, omega, first }: ThetaFit, levels: Float64Array, rises: Float64Array): void => {
    let level = first;
    let power = 1;
    for (let t = 0; t < n; t++) {
      const next = power * (1 - alpha);
      levels[t] = level;
      rises[t] = omega * (power * intercept[t]! + ((1 - next) / alpha) * slope[t]!);
      power = next;
      level += alpha * (Number.isNaN(y[t]!) ? rises[t]! : y[t]! - level);
    }
  };

  const relativeSpread = (found: ThetaFit): number => {
    const levels = new Float64Array(n);
    const rises = new Float64Array(n);
    trace(found, levels, rises);
    let seen = 0;
    let squares = 0;
    let shares = 0;
    let logs = 0;
    for (let t = 0; t < n; t++) {
      if (Number.isNaN(y[t]!) || ++seen <= skipped) continue;
      const forecast = levels[t]! + rises[t]!;
      if (y[t]! <= 0 || forecast <= 0) return 0;
      const error = y[t]! - forecast;
      squares += error * error;
      shares += (error / forecast) ** 2;
      logs += Math.log(forecast);
    }
    const gain = ((seen - skipped) / 2) * Math.log(squares / shares) - logs;
    return gain > 0 ? shares / squares : 0;
  };
  return { count: Math.max(0, observedCount(y) - skipped), end, fit, trace, relativeSpread };
}

/**
 * Fills the level and the share of the line of the steps ahead, whose sum is the mean. The forecasts are taken as
 * observations of the level on the way, and of the line where it is dynamic.
 */
export function thetaPath(
  { dynamic, alpha, omega, level }: ThetaFit,
  end: Line,
  length: number,
  levels: Float64Array,
  rises: Float64Array,
): void {
  let l = level;
  let line = end;
  for (let s = 0; s < levels.length; s++) {
    const t = length + s + 1;
    const power = (1 - alpha) ** (t - 1);
    const intercept = line.meanValue - line.slope * line.meanTime;
    const rise = omega * (power * intercept + ((1 - power * (1 - alpha)) / alpha) * line.slope);
    levels[s] = l;
    rises[s] = rise;
    if (dynamic) line = extendLine(line, t, l + rise);
    l += alpha * rise;
  }
}
