// The mean method: the average of all observed values, from now on (fpp3 section 5.2).
import { refuseUnknownOptions } from '../core/errors.ts';
import { mean as meanOf, variance as varianceOf } from '../math/statistics.ts';
import { type Model, observedCount, requireObservations } from './model.ts';

export interface MeanState {
  readonly mean: number;
  /** Standard deviation of a new value around the estimated mean. */
  readonly sd: number;
}

/** Forecasts the mean of all T observed values with standard deviation σ √(1 + 1/T). It has no options. */
export function mean(options: Record<string, never> = {}): Model<MeanState> {
  refuseUnknownOptions('mean', options, []);
  return {
    name: 'mean',
    fit({ y }) {
      requireObservations('mean', y, 1);
      const centre = meanOf(y);
      const count = observedCount(y);
      // One value alone shows no spread; it is taken to be as uncertain as it is large.
      const variance = count > 1 ? varianceOf(y) : centre * centre;
      return { mean: centre, sd: Math.sqrt(variance * (1 + 1 / count)) };
    },
    forecast(state, h) {
      return {
        kind: 'normal',
        mean: new Float64Array(h).fill(state.mean),
        sd: new Float64Array(h).fill(state.sd),
      };
    },
  };
}
