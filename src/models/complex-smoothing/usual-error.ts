// How large the errors of a series usually are, before any model of it is fitted.
import { median } from '../../math/statistics.ts';

/** Median absolute value of a standard normal variable, inverted. */
const NORMAL = 1.4826;

/**
 * A robust standard deviation of what neither level, trend nor a fixed season of m periods (1: none) foretells, in units of
 * y: the median absolute difference of neighbours in y_t − y_{t−m}, over what the differences of independent normal errors
 * would show. 0 where nothing tells it or more than half of the differences are 0, as on intermittent series.
 */
export function usualError(y: Float64Array, m: number): number {
  const seasonal = m > 1 ? y.subarray(m).map((value, i) => value - y[i]!) : y;
  const steps = seasonal.subarray(1).map((value, i) => Math.abs(value - seasonal[i]!));
  const scale = (NORMAL * median(steps)) / (m > 1 ? 2 : Math.SQRT2);
  return Number.isNaN(scale) ? 0 : scale;
}
