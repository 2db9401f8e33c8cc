// What a single series holds of a global model: its own forecast, made when the model was fitted to the whole panel.
// It stands in a blend like the state of any model of one series.
import type { QuantileDistribution } from '../core/distribution.ts';
import { ModelRefusal, UsageError } from '../core/errors.ts';
import type { Components, Model } from './model.ts';

/** Plain data. */
export interface Share {
  /** One value a step. */
  readonly mean: Float64Array;
  readonly probabilities: Float64Array;
  /** Step-major, as in a QuantileDistribution. */
  readonly values: Float64Array;
}

/** The first h steps of a share. */
function firstSteps(name: string, { mean, probabilities, values }: Share, h: number): QuantileDistribution {
  if (h > mean.length) {
    throw new UsageError(
      `${name} was fitted to ${mean.length} periods ahead, and ${h} are asked for; train anew with -H ${h}.`,
    );
  }
  return {
    kind: 'quantiles',
    mean: mean.slice(0, h),
    probabilities,
    values: values.slice(0, h * probabilities.length),
  };
}

/**
 * A global model as a model of one series. Fitting it hands out the share it was made with; without one, it refuses:
 * nothing can be learned from a single series that the panel did not teach.
 */
export function sharing(name: string, share?: Share): Model<Share> {
  return {
    name,
    fit() {
      if (!share)
        throw new ModelRefusal(`${name} learns from a whole panel; it cannot serve a single series`);
      return share;
    },
    forecast: (state, h) => firstSteps(name, state, h),
    components(state, series, h): Components {
      const n = series.y.length;
      const part = (): Float64Array => new Float64Array(n + h);
      // What drives the level is told by the model of the panel itself; a past that was not forecast has no fit.
      const level = part().fill(Number.NaN, 0, n);
      level.set(firstSteps(name, state, h).mean, n);
      return { level, trend: part(), seasonal: part(), regressors: part() };
    },
  };
}

/** The share of one series in a global forecast. */
export function shareOf(distribution: QuantileDistribution): Share {
  const { mean, probabilities, values } = distribution;
  return { mean, probabilities, values };
}
