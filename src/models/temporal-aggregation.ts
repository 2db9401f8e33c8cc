// Demand added up over buckets of periods, where it is less intermittent and easier to smooth (Nikolopoulos et al. 2011).
import { refuseUnknownOptions } from '../core/errors.ts';
import {
  averagedShares,
  checkWeight,
  type Demands,
  flatModel,
  type IntermittentState,
  usualSize,
} from './intermittent-demand.ts';
import type { Model } from './model.ts';

export interface AggregationOptions {
  /** Smoothing weight of the bucket sums in [0, 1]; by default averaged over 0 to 0.3 by likelihood. */
  readonly alpha?: number;
}

/** Observed values, oldest first, added up in buckets of `width` periods; those left over at the start are not used. */
export function bucketSums(observed: Float64Array, width: number): Float64Array {
  const count = Math.floor(observed.length / width);
  const sums = new Float64Array(count);
  const from = observed.length - count * width;
  for (let t = 0; t < count * width; t++) {
    const k = Math.floor(t / width);
    sums[k] = sums[k]! + observed[from + t]!;
  }
  return sums;
}

/** Weights that are tried: sums of several periods are few, and a quick one would follow their noise. */
const WEIGHTS: readonly number[] = Array.from({ length: 7 }, (_, i) => i / 20);

/** The level that simple exponential smoothing has after the sums; it starts from `start`. */
function smoothed(sums: Float64Array, alpha: number, start: number): { level: number; errors: number } {
  let level = start;
  let errors = 0;
  for (let k = 0; k < sums.length; k++) {
    const error = sums[k]! - level;
    errors += error * error;
    level += alpha * error;
  }
  return { level, errors };
}

/** Demand a period from buckets of `width` periods. A weight that is given starts from the first bucket. */
export function bucketRate(observed: Float64Array, width: number, alpha: number | undefined): number {
  const sums = bucketSums(observed, width);
  if (alpha !== undefined) return smoothed(sums, alpha, sums[0]!).level / width;
  const start = sums.reduce((total, sum) => total + sum, 0) / sums.length;
  const found = WEIGHTS.map((weight) => smoothed(sums, weight, start));
  const least = Math.min(...found.map(({ errors }) => errors));
  let total = 0;
  let level = 0;
  for (const each of found) {
    // The normal likelihood with its variance at the best value.
    const share = least > 0 ? (least / each.errors) ** (sums.length / 2) : 1;
    total += share;
    level += share * each.level;
  }
  return level / total / width;
}

/** The mean gap between demands in whole periods, at most what two buckets fit into. */
export function meanGap({ gaps }: Demands, periods: number): number {
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  return Math.max(1, Math.min(Math.round(mean), Math.floor(periods / 2)));
}

/**
 * A model of intermittent demand from a rate a period: `rateOf` the values is the demand, `rateOf` whether there was
 * any its probability, and one over the other the size. The forecast is flat.
 */
export function aggregationModel(
  name: string,
  options: AggregationOptions,
  rateOf: (observed: Float64Array, demands: Demands, alpha: number | undefined) => number,
): Model<IntermittentState> {
  refuseUnknownOptions(name, options, ['alpha']);
  const { alpha } = options;
  checkWeight(name, 'alpha', alpha);
  return flatModel(
    name,
    (demands, y, shares) => {
      const observed = y.filter((value) => !Number.isNaN(value));
      const often = observed.map((value) => (value > 0 ? 1 : 0));
      const probability = rateOf(often, demands, alpha);
      // After a long silence a weight of 1 leaves no probability; the size of demands is then the usual one.
      const size =
        probability > 0 ? rateOf(observed, demands, alpha) / probability : usualSize(demands, shares);
      return { size, probability };
    },
    averagedShares,
  );
}
