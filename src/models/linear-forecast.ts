// Forecasts that are linear in their errors, and mixtures of them: their moments and their sample paths.
import type { Random } from '../core/random.ts';

/**
 * One forecast of h steps: the value of step s is mean_s + sd_s (Σ_{j ≤ s} response_j z_{s−j} + (s + 1) tilt z*) +
 * Σ_k doubt_ks z*_k, the z standard normal and the z* one for the whole path.
 */
export interface LinearForecast {
  /** Its share in a mixture; the weights of a mixture sum to 1. */
  readonly weight: number;
  readonly mean: Float64Array;
  /** What an error of 1 does to its own step (1) and to those after it. */
  readonly response: Float64Array;
  /** What an error of 1 is at each step, in units of y. */
  readonly sd: Float64Array;
  /** How uncertain the slope is, in errors per period; defaults to 0. */
  readonly tilt?: number;
  /** What each independent doubt about the parameters moves the steps by at one standard deviation; defaults to none. */
  readonly doubts?: readonly Float64Array[];
}

/** Mean and standard deviation of each step of a mixture, the spread between its members included. */
export function mixtureMoments(members: readonly LinearForecast[]): { mean: Float64Array; sd: Float64Array } {
  const h = members[0]!.mean.length;
  const mean = new Float64Array(h);
  const sd = new Float64Array(h);
  for (const { weight, mean: own } of members) {
    for (let s = 0; s < h; s++) mean[s] = mean[s]! + weight * own[s]!;
  }
  for (const { weight, mean: own, response, sd: error, tilt = 0, doubts = [] } of members) {
    let growth = 0;
    for (let s = 0; s < h; s++) {
      growth += response[s]! * response[s]!;
      const off = own[s]! - mean[s]!;
      let variance = error[s]! * error[s]! * (growth + ((s + 1) * tilt) ** 2) + off * off;
      for (let d = 0; d < doubts.length; d++) variance += doubts[d]![s]! ** 2;
      sd[s] = sd[s]! + weight * variance;
    }
  }
  return { mean, sd: sd.map(Math.sqrt) };
}

/** Sample paths of a mixture, path-major: each path follows one member, drawn as often as it weighs. */
export function mixturePaths(members: readonly LinearForecast[], paths: number, draw: Random): Float64Array {
  const h = members[0]!.mean.length;
  const out = new Float64Array(paths * h);
  const errors = new Float64Array(h);
  for (let k = 0; k < paths; k++) {
    let i = 0;
    for (let u = draw.uniform() - members[0]!.weight; u > 0 && i < members.length - 1; )
      u -= members[++i]!.weight;
    const { mean, response, sd, tilt = 0, doubts = [] } = members[i]!;
    const slope = tilt > 0 ? tilt * draw.normal() : 0;
    const leaning = doubts.map(() => draw.normal());
    for (let s = 0; s < h; s++) {
      errors[s] = draw.normal();
      let value = (s + 1) * slope;
      for (let j = 0; j <= s; j++) value += response[j]! * errors[s - j]!;
      value = mean[s]! + sd[s]! * value;
      for (let d = 0; d < doubts.length; d++) value += doubts[d]![s]! * leaning[d]!;
      out[k * h + s] = value;
    }
  }
  return out;
}
