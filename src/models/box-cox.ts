// A Box–Cox transformation (1964) in front of any model, its power given or taken from the data as by Guerrero (1993).
import { type Distribution, quantile } from '../core/distribution.ts';
import { ModelRefusal, refuseUnknownOptions, UsageError } from '../core/errors.ts';
import type { Future, Series } from '../core/panel.ts';
import { guerreroLambda, inverseBoxCox, boxCox as transform } from '../math/box-cox.ts';
import { normalCdf } from '../math/special.ts';
import { mean } from '../math/statistics.ts';
import { DEMAND_PROBABILITIES } from './demand-distribution.ts';
import { type Model, type ModelSpec, requireObservations } from './model.ts';
import { drawPaths } from './simulation.ts';

export interface BoxCoxOptions {
  /** The model of the transformed values; defaults to `arima`. */
  readonly model?: string | ModelSpec;
  /** The power: 1 changes nothing, 0 takes logarithms, −1 the reciprocal; by default found by `guerrero`. */
  readonly lambda?: number | 'guerrero';
  /** Where `guerrero` looks; default to 0 and 1. */
  readonly lower?: number;
  readonly upper?: number;
  /**
   * Whether the mean is that of the distribution transformed back (the default), or the inner model's mean transformed back:
   * the median, where its errors are symmetric.
   */
  readonly bias_adjustment?: boolean;
}

export interface BoxCoxState {
  readonly lambda: number;
  /** What y is divided by before it is transformed: its mean. */
  readonly unit: number;
  /** The largest value observed, in units of y; holds what is transformed back. */
  readonly largest: number;
  /** Whether means are those of the distribution transformed back. */
  readonly adjusted: boolean;
  readonly inner: unknown;
}

const NAME = 'box-cox';
/** The least power where there are zeros: below the fourth root a zero is an outlier of its own. */
const LEAST_WITH_ZEROS = 0.25;
const FARTHEST = 5;
/** Beside a transformed value beyond this the others would drown in rounding. */
const WIDEST = 1e12;
/** Nothing is known beyond so many times all that was seen and the median; a median may be five times as far. */
const REACH = 20;

/** Points on the normal scale at which a distribution is read for its mean, and their weights: a trapezoid rule. */
const SCORES = Float64Array.from({ length: 33 }, (_, k) => (k - 16) / 4);
const READ = Float64Array.from(SCORES, normalCdf);
const DENSITY = SCORES.map((z) => Math.exp((-z * z) / 2));
const TOTAL = DENSITY.reduce((a, b) => a + b);
const WEIGHTS = DENSITY.map((weight) => weight / TOTAL);

/** The weighted sum of what `of` says at each point. */
const expected = (of: (k: number) => number): number =>
  WEIGHTS.reduce((sum, weight, k) => sum + weight * of(k), 0);

type Scale = Pick<BoxCoxState, 'lambda' | 'unit' | 'largest' | 'adjusted'>;

const forth = (y: number, { lambda, unit }: Scale): number => transform(y / unit, lambda);
const back = (z: number, { lambda, unit }: Scale, limit: number): number =>
  Math.min(unit * inverseBoxCox(z, lambda), limit);

/** The greatest value that a step with this median may have, in units of y. */
function limitOf(middle: number, scale: Scale): number {
  return REACH * Math.max(scale.largest, back(middle, scale, 5 * REACH * scale.largest));
}

/** The series from its transformed side. */
const transformed = (series: Series, scale: Scale): Series => ({
  ...series,
  y: series.y.map((value) => forth(value, scale)),
});

/** What the inner model says of each step, and what that means on the scale of y. */
interface Steps {
  readonly distribution: Distribution;
  /** Quantiles at READ, transformed. */
  readonly columns: readonly Float64Array[];
  readonly limits: Float64Array;
  /** Means on the scale of y. */
  readonly mean: Float64Array;
}

/**
 * The mean of a value whose transform is distributed as `column` around `centre`: the transform of the centre undone, and
 * what the curve of the transformation adds to it.
 */
function meanOf(column: (k: number) => number, centre: number, scale: Scale, limit: number): number {
  if (!scale.adjusted) return back(centre, scale, limit);
  const curve = expected((k) => back(column(k), scale, limit)) - back(expected(column), scale, limit);
  return Math.min(Math.max(back(centre, scale, limit) + curve, 0), limit);
}

function stepsOf(distribution: Distribution, scale: Scale): Steps {
  const columns = Array.from(READ, (p) => quantile(distribution, p));
  const limits = quantile(distribution, 0.5).map((middle) => limitOf(middle, scale));
  const means = distribution.mean.map((centre, s) =>
    meanOf((k) => columns[k]![s]!, centre, scale, limits[s]!),
  );
  return { distribution, columns, limits, mean: means };
}

/** Throws a ModelRefusal for values that have no transform. */
function scaleOf(y: Float64Array, m: number, options: Required<BoxCoxOptions>): Scale {
  let [least, largest] = [Infinity, 0];
  for (const value of y) {
    if (value < least) least = value;
    if (value > largest) largest = value;
  }
  if (least < 0) throw new ModelRefusal(`has the value ${least}; ${NAME} needs values of 0 or more`);
  const { lambda: wanted, lower, upper, bias_adjustment: adjusted } = options;
  const zeros = least === 0;
  if (zeros && wanted !== 'guerrero' && wanted <= 0) {
    throw new ModelRefusal(
      `has the value 0; ${NAME} with lambda ${wanted} needs values above 0, or give a lambda above 0`,
    );
  }
  const low = zeros ? Math.max(lower, LEAST_WITH_ZEROS) : lower;
  const lambda = wanted === 'guerrero' ? guerreroLambda(y, m, low, Math.max(low, upper)) : wanted;
  const scale = { lambda, unit: mean(y) || 1, largest, adjusted };
  if (Math.max(...[least, largest].map((value) => Math.abs(forth(value, scale)))) > WIDEST) {
    throw new ModelRefusal(`spans ${least} to ${largest}, too much for ${NAME} with lambda ${lambda}`);
  }
  return scale;
}

/**
 * Values are divided by their mean and transformed, (y^λ − 1) / λ, and the inner model fits and forecasts what results.
 * Quantiles and sample paths are its own, transformed back; the mean is that of the distribution transformed back, not the
 * median. All of them stay at 0 or above. Values below 0 are refused; with zeros, λ must be above 0, and `guerrero` looks
 * from 0.25 on. Missing cells stay missing. `create` makes the inner model; what that refuses is refused.
 */
export function boxCox(
  create: (spec: ModelSpec | string) => Model,
  options: BoxCoxOptions = {},
): Model<BoxCoxState> {
  refuseUnknownOptions(NAME, options, ['model', 'lambda', 'lower', 'upper', 'bias_adjustment']);
  const { model = 'arima', lambda = 'guerrero', lower = 0, upper = 1, bias_adjustment = true } = options;
  if ((typeof model === 'string' ? model : model.model) === NAME) {
    throw new UsageError(`${NAME} cannot have itself as its model.`);
  }
  const numbers = { lower, upper, ...(lambda === 'guerrero' ? {} : { lambda }) };
  for (const [option, value] of Object.entries(numbers)) {
    if (!(Math.abs(value) <= FARTHEST)) {
      const or = option === 'lambda' ? '"guerrero" or ' : '';
      throw new UsageError(
        `${NAME} option "${option}" is "${value}"; use ${or}a number from -${FARTHEST} to ${FARTHEST}.`,
      );
    }
  }
  if (!(lower < upper)) {
    throw new UsageError(`${NAME} option "lower" is ${lower}, not below "upper", ${upper}.`);
  }
  if (typeof bias_adjustment !== 'boolean') {
    throw new UsageError(`${NAME} option "bias_adjustment" is "${bias_adjustment}"; use true or false.`);
  }
  const inner = create(model);
  const settings = { model, lambda, lower, upper, bias_adjustment };
  const ahead = (state: BoxCoxState, h: number, future: Future): Steps =>
    stepsOf(inner.forecast(state.inner, h, future), state);

  return {
    name: NAME,
    fit(series, context) {
      requireObservations(NAME, series.y, 1);
      const scale = scaleOf(series.y, context.season_length, settings);
      return { ...scale, inner: inner.fit(transformed(series, scale), context) };
    },
    forecast(state, h, future): Distribution {
      const { distribution, limits, mean: means } = ahead(state, h, future);
      const count = DEMAND_PROBABILITIES.length;
      const values = new Float64Array(h * count);
      for (const [k, p] of DEMAND_PROBABILITIES.entries()) {
        const column = quantile(distribution, p);
        for (let s = 0; s < h; s++) values[s * count + k] = back(column[s]!, state, limits[s]!);
      }
      return {
        kind: 'quantiles',
        mean: means,
        probabilities: Float64Array.from(DEMAND_PROBABILITIES),
        values,
      };
    },
    components(state, series, h, future) {
      const parts = inner.components(state.inner, transformed(series, state), h, future);
      const { columns, distribution, limits, mean: means } = ahead(state, h, future);
      const n = series.y.length;
      const [level, trend, seasonal, regressors] = [0, 1, 2, 3].map(() => new Float64Array(n + h));
      for (let t = 0; t < n + h; t++) {
        const flat = parts.level[t]!;
        const risen = flat + parts.trend[t]!;
        const season = risen + parts.seasonal[t]!;
        const whole = season + parts.regressors[t]!;
        if (Number.isNaN(whole)) {
          level![t] = Number.NaN;
          continue;
        }
        const limit = t < n ? limitOf(whole, state) : limits[t - n]!;
        const [a, b, c, d] = [flat, risen, season, whole].map((z) => back(z, state, limit));
        trend![t] = b! - a!;
        seasonal![t] = c! - b!;
        regressors![t] = d! - c!;
        // In the past a step is as unsure as the first one ahead.
        const off = whole - distribution.mean[0]!;
        const total = t < n ? meanOf((k) => columns[k]![0]! + off, whole, state, limit) : means[t - n]!;
        level![t] = total - trend![t]! - seasonal![t]! - regressors![t]!;
      }
      return { level: level!, trend: trend!, seasonal: seasonal!, regressors: regressors! };
    },
    simulate(state, h, future, paths, draw) {
      const { limits } = ahead(state, h, future);
      const drawn = drawPaths(inner, state.inner, h, future, paths, draw);
      return drawn.map((z, at) => back(z, state, limits[at % h]!));
    },
  };
}
