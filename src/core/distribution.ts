// Forecast distributions: a mean and quantiles for each step ahead. Intervals and levels are views of them.
import { normalQuantile, studentQuantile } from '../math/special.ts';
import { quantileSorted } from '../math/statistics.ts';

/** Normal at each step; sd 0 is a certain value. */
export interface NormalDistribution {
  readonly kind: 'normal';
  /** One value a step ahead, in units of y. */
  readonly mean: Float64Array;
  readonly sd: Float64Array;
}

/** Student's t at each step: location `mean`, scale `sd` and `df` degrees of freedom. */
export interface StudentDistribution {
  readonly kind: 'student';
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  readonly df: number;
}

/** Quantiles at fixed probabilities; between them they are interpolated, beyond them held. */
export interface QuantileDistribution {
  readonly kind: 'quantiles';
  readonly mean: Float64Array;
  /** Ascending probabilities in (0, 1). */
  readonly probabilities: Float64Array;
  /** Step-major: quantile k of step s is values[s · probabilities.length + k]. */
  readonly values: Float64Array;
}

/** Sample paths, path-major: step s of path k is paths[k · h + s]. */
export interface SampleDistribution {
  readonly kind: 'samples';
  readonly mean: Float64Array;
  readonly paths: Float64Array;
}

/** Plain data, so that it crosses threads and disk as it is. */
export type Distribution =
  | NormalDistribution
  | StudentDistribution
  | QuantileDistribution
  | SampleDistribution;

function interpolate(d: QuantileDistribution, step: number, p: number): number {
  const { probabilities, values } = d;
  const count = probabilities.length;
  const base = step * count;
  if (p <= probabilities[0]!) return values[base]!;
  for (let k = 1; k < count; k++) {
    const right = probabilities[k]!;
    // Not left + (right − left): that may fall short of right by a rounding, and quantiles would cross.
    if (p === right) return values[base + k]!;
    if (p < right) {
      const left = probabilities[k - 1]!;
      const share = (p - left) / (right - left);
      return values[base + k - 1]! + share * (values[base + k]! - values[base + k - 1]!);
    }
  }
  return values[base + count - 1]!;
}

/** The number of steps ahead that a distribution covers. */
export const horizonOf = (d: Distribution): number => d.mean.length;

/** The p-quantile (0 < p < 1) at each step ahead. */
export function quantile(d: Distribution, p: number): Float64Array {
  const h = horizonOf(d);
  const out = new Float64Array(h);
  switch (d.kind) {
    case 'normal': {
      const z = normalQuantile(p);
      for (let s = 0; s < h; s++) out[s] = d.mean[s]! + z * d.sd[s]!;
      break;
    }
    case 'student': {
      const t = studentQuantile(p, d.df);
      for (let s = 0; s < h; s++) out[s] = d.mean[s]! + t * d.sd[s]!;
      break;
    }
    case 'quantiles':
      for (let s = 0; s < h; s++) out[s] = interpolate(d, s, p);
      break;
    case 'samples': {
      const paths = d.paths.length / h;
      const column = new Float64Array(paths);
      for (let s = 0; s < h; s++) {
        for (let k = 0; k < paths; k++) column[k] = d.paths[k * h + s]!;
        out[s] = quantileSorted(column.sort(), p);
      }
      break;
    }
  }
  return out;
}

/** The spread of each step as a standard deviation; where only quantiles are known, from the central 68 %. */
export function spread(d: Distribution): Float64Array {
  if (d.kind === 'normal') return d.sd;
  if (d.kind === 'student') {
    // The variance of Student's t is sd² df / (df − 2); below 3 degrees of freedom it is cut off there.
    const factor = Math.sqrt(d.df / Math.max(d.df - 2, 1));
    return d.sd.map((sd) => sd * factor);
  }
  const low = quantile(d, 0.158655);
  const high = quantile(d, 0.841345);
  return low.map((value, s) => (high[s]! - value) / 2);
}

/** The two probabilities that bound a central interval of a level in percent: 80 → 0.1 and 0.9. */
export function bounds(level: number): [low: number, high: number] {
  const tail = (100 - level) / 200;
  return [tail, 1 - tail];
}
