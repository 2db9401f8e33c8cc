// The mean method: the average of all observed values, from now on (fpp3 section 5.2).
import { refuseUnknownOptions } from '../core/errors.ts';
import { mean as meanOf, variance as varianceOf } from '../math/statistics.ts';
import { type Model, observedCount, requireObservations } from './model.ts';
import { onlyLevel } from './parts.ts';

export interface MeanState {
  readonly mean: number;
  /** Standard deviation of a new value around the estimated mean. */
  readonly sd: number;
  /** Observed values that the mean is made of. */
  readonly count: number;
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
      return { mean: centre, sd: Math.sqrt(variance * (1 + 1 / count)), count };
    },
    forecast(state, h) {
      return {
        kind: 'normal',
        mean: new Float64Array(h).fill(state.mean),
        sd: new Float64Array(h).fill(state.sd),
      };
    },
    components(state, { y }, h) {
      // The fit of a cell is the mean of those before it.
      const level = new Float64Array(y.length + h).fill(state.mean);
      let total = 0;
      let count = 0;
      for (let t = 0; t < y.length; t++) {
        level[t] = total / count;
        if (Number.isNaN(y[t]!)) continue;
        total += y[t]!;
        count++;
      }
      return onlyLevel(level);
    },
    simulate(state, h, _future, paths, draw) {
      const out = new Float64Array(paths * h);
      // Of the variance, 1/T is what the mean may be off by: a path is off by the same all along.
      const shared = state.sd / Math.sqrt(1 + state.count);
      const own = shared * Math.sqrt(state.count);
      for (let k = 0; k < paths; k++) {
        const centre = state.mean + shared * draw.normal();
        for (let s = 0; s < h; s++) out[k * h + s] = centre + own * draw.normal();
      }
      return out;
    },
  };
}
