// Several models on one series, combined step by step (Petropoulos and Svetunkov 2020, "A simple combination of univariate models").
import { type Distribution, quantile } from '../core/distribution.ts';
import { didYouMean, ModelRefusal, refuseUnknownOptions, UsageError } from '../core/errors.ts';
import { mean, median, sorted } from '../math/statistics.ts';
import { DEMAND_PROBABILITIES } from './demand-distribution.ts';
import type { Model, ModelSpec } from './model.ts';

export interface CombinationOptions {
  /** The members, two or more, by name or spec; defaults to `COMBINED`. Each counts as often as it is named. */
  readonly models?: readonly (string | ModelSpec)[];
  /**
   * What is made of the members' values: their `median` (the default), their `mean`, or the `trimmed-mean`, which leaves
   * out the least and the greatest where there are three or more.
   */
  readonly combine?: Combine;
}

type Combine = 'median' | 'mean' | 'trimmed-mean';

export interface CombinationState {
  /** Those that serve the series: their places in the option `models`, and their states. */
  readonly members: readonly { readonly at: number; readonly state: unknown }[];
  /** Who refused the series and why, one fragment each. */
  readonly notes: readonly string[];
}

const NAME = 'combination';

/** The members by default: those of the best simple submission to M4. ARIMA goes without regressors, which cost much. */
export const COMBINED: readonly ModelSpec[] = [
  { model: 'ets' },
  { model: 'arima', options: { covariates: false } },
  { model: 'ces' },
  { model: 'dynamic-optimised-theta' },
];

/** Each grows, or stays, when one of the values grows: so quantiles that are combined one by one stay in their order. */
const COMBINE: Readonly<Record<Combine, (values: ArrayLike<number>) => number>> = {
  median,
  mean,
  'trimmed-mean': (values) =>
    mean(values.length < 3 ? values : sorted(values).subarray(1, values.length - 1)),
};

const nameOf = (spec: string | ModelSpec): string => (typeof spec === 'string' ? spec : spec.model);

function membersOf(models: CombinationOptions['models']): readonly (string | ModelSpec)[] {
  if (!models) return COMBINED;
  if (!Array.isArray(models) || models.length < 2) {
    throw new UsageError(`${NAME} needs two models or more, such as models: ['ets', 'theta'].`);
  }
  if (models.some((spec) => nameOf(spec) === NAME)) {
    throw new UsageError(`${NAME} cannot have itself among its models; name its members instead.`);
  }
  return models;
}

/**
 * Every member is fitted to the series and forecasts it; at each step the means are combined, and so is the quantile of each
 * probability. A member that refuses the series is left out, and noted in the state; only where all refuse it is the series
 * refused. `create` makes the members.
 */
export function combination(
  create: (spec: ModelSpec | string) => Model,
  options: CombinationOptions = {},
): Model<CombinationState> {
  refuseUnknownOptions(NAME, options, ['models', 'combine']);
  const { combine = 'median' } = options;
  if (!Object.hasOwn(COMBINE, combine)) {
    throw new UsageError(
      `${NAME} cannot combine by "${combine}".${didYouMean(`${combine}`, Object.keys(COMBINE))}`,
    );
  }
  const combined = COMBINE[combine];
  const models = membersOf(options.models).map(create);

  return {
    name: NAME,
    fit(series, context) {
      const members: { at: number; state: unknown }[] = [];
      const notes: string[] = [];
      for (const [at, model] of models.entries()) {
        try {
          members.push({ at, state: model.fit(series, context) });
        } catch (error) {
          if (!(error instanceof ModelRefusal)) throw error;
          notes.push(`${model.name} ${error.message}`);
        }
      }
      if (members.length === 0) throw new ModelRefusal(`is refused by every member: ${notes.join('; ')}`);
      return { members, notes };
    },
    forecast({ members }, h, future): Distribution {
      const each = members.map(({ at, state }) => models[at]!.forecast(state, h, future));
      const at = (columns: readonly Float64Array[], s: number): number =>
        combined(columns.map((column) => column[s]!));
      const means = each.map((d) => d.mean);
      const count = DEMAND_PROBABILITIES.length;
      const values = new Float64Array(h * count);
      for (const [k, p] of DEMAND_PROBABILITIES.entries()) {
        const columns = each.map((d) => quantile(d, p));
        for (let s = 0; s < h; s++) values[s * count + k] = at(columns, s);
      }
      return {
        kind: 'quantiles',
        mean: Float64Array.from({ length: h }, (_, s) => at(means, s)),
        probabilities: Float64Array.from(DEMAND_PROBABILITIES),
        values,
      };
    },
    components({ members }, series, h, future) {
      const each = members.map(({ at, state }) => models[at]!.components(state, series, h, future));
      const sums = each.map(({ level, trend, seasonal, regressors }) =>
        level.map((value, t) => value + trend[t]! + seasonal[t]! + regressors[t]!),
      );
      const n = series.y.length + h;
      const level = new Float64Array(n).fill(Number.NaN);
      const [trend, seasonal, regressors] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
      for (let t = 0; t < n; t++) {
        const fitting = [...sums.keys()].filter((i) => !Number.isNaN(sums[i]![t]!));
        if (fitting.length === 0) continue;
        const shared = (part: 'trend' | 'seasonal' | 'regressors'): number =>
          mean(fitting.map((i) => each[i]![part][t]!));
        trend[t] = shared('trend');
        seasonal[t] = shared('seasonal');
        regressors[t] = shared('regressors');
        // The parts of whichever member is the median would jump with it; averaged they do not, and the level has the rest.
        level[t] = combined(fitting.map((i) => sums[i]![t]!)) - trend[t]! - seasonal[t]! - regressors[t]!;
      }
      return { level, trend, seasonal, regressors };
    },
  };
}
