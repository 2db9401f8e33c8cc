// The support of a target: what values it can take. Forecasts, quantiles and samples alike are held to it.
import type { Distribution } from './distribution.ts';

export interface Support {
  /** Least possible value; defaults to 0 for a series that was never negative, else none. */
  readonly min?: number;
  /** Greatest possible value (a capacity); defaults to none. */
  readonly max?: number;
  /** Whether the target comes in whole numbers; defaults to false, so that slow sellers keep their fractions. */
  readonly whole?: boolean;
}

/** The support of one series: the given one, with min 0 where nothing negative was ever observed. */
export function supportOf(y: Float64Array, given: Support = {}): Support {
  if (given.min !== undefined) return given;
  for (let t = 0; t < y.length; t++) if (y[t]! < 0) return given;
  return { ...given, min: 0 };
}

/** Clips values into [min, max], in place. */
function clip(values: Float64Array, { min = -Infinity, max = Infinity }: Support): void {
  for (let s = 0; s < values.length; s++) {
    if (values[s]! < min) values[s] = min;
    else if (values[s]! > max) values[s] = max;
  }
}

/**
 * Rounds to whole numbers so that running totals stay within half a unit of the unrounded ones:
 * seven days at 0.3 become 0, 1, 0, 0, 1, 0, 0 instead of seven zeros.
 */
function roundRunning(values: Float64Array): void {
  let total = 0;
  let rounded = 0;
  for (let s = 0; s < values.length; s++) {
    total += values[s]!;
    const whole = Math.round(total) - rounded;
    rounded += whole;
    values[s] = whole;
  }
}

/** Holds a mean (one value a step) to the support, in place. */
export function constrainMean(mean: Float64Array, support: Support): void {
  clip(mean, support);
  if (support.whole) {
    roundRunning(mean);
    clip(mean, support);
  }
}

/** Holds quantile columns, in the order of ascending probabilities, to the support, in place; they never cross. */
export function constrainQuantiles(columns: readonly Float64Array[], support: Support): void {
  for (const [k, column] of columns.entries()) {
    if (support.whole) for (let s = 0; s < column.length; s++) column[s] = Math.round(column[s]!);
    clip(column, support);
    const below = columns[k - 1];
    if (below) for (let s = 0; s < column.length; s++) column[s] = Math.max(column[s]!, below[s]!);
  }
}

/** Holds one sample path (one value a step) to the support, in place. */
export function constrainPath(path: Float64Array, support: Support): void {
  if (support.whole) for (let s = 0; s < path.length; s++) path[s] = Math.round(path[s]!);
  clip(path, support);
}

/** A copy of a model's mean, held to the support. */
export function constrainedMean(d: Distribution, support: Support): Float64Array {
  const mean = Float64Array.from(d.mean);
  constrainMean(mean, support);
  return mean;
}
