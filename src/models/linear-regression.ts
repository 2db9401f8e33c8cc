// Linear regression on trend, seasons and covariates (Hyndman and Athanasopoulos 2021, chapter 7), or its ridge.
import type { Distribution } from '../core/distribution.ts';
import { ModelRefusal, refuseUnknownOptions, UsageError } from '../core/errors.ts';
import { frequency, label } from '../core/frequency.ts';
import type { Future, Series } from '../core/panel.ts';
import {
  type Coefficient,
  coefficientTable,
  type LinearFit,
  leastSquares,
  leverages,
  predictLinear,
} from '../learn/linear/least-squares.ts';
import { ridge } from '../learn/linear/ridge.ts';
import { studentQuantile } from '../math/special.ts';
import { type Context, type Model, requireObservations } from './model.ts';
import { designRegression, LEAST_ROWS } from './regression-design.ts';
import { exponential, regressionComponents, regressionPaths } from './regression-parts.ts';
import { type Term, termColumns, termNames } from './regression-terms.ts';

export interface LinearRegressionOptions {
  /** A straight line in time, or none; defaults to `linear`. */
  readonly trend?: 'linear' | 'none';
  /** `auto` (the default): one level a phase for seasons of up to 24 periods, Fourier pairs for longer ones. */
  readonly season?: 'auto' | 'fourier' | 'none';
  /** Most Fourier pairs of a season; AICc chooses how many of them. Defaults to 12. */
  readonly max_pairs?: number;
  /** Whether known-future columns are used, or the names of those that are; defaults to true. */
  readonly covariates?: boolean | readonly string[];
  /** `log` fits log y (sales above 0 only) and corrects the mean for it; defaults to `none`. */
  readonly transform?: 'none' | 'log';
  /** Ridge penalty, or how to choose it; defaults to 0, ordinary least squares. See `ridge`. */
  readonly lambda?: number | 'gcv' | 'loocv';
}

export interface LinearRegressionState {
  readonly terms: readonly Term[];
  readonly fit: LinearFit;
  readonly transform: 'none' | 'log';
  /** Mean of exp(residual) for `log`: what turns a median into a mean (Duan 1983); else 1. */
  readonly smear: number;
  /** Alias of the frequency, for messages. */
  readonly freq: string;
  /** What was left out and why, one fragment each: `"markdown" is missing in 61 % of the rows`. */
  readonly notes: readonly string[];
}

const OPTIONS = ['trend', 'season', 'max_pairs', 'covariates', 'transform', 'lambda'];
/** A period ahead with a greater leverage is refused: there the error of the line is over ten times the noise. */
const MOST_LEVERAGE = 100;
/** Probabilities at which a log forecast is told. */
const GRID = [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5];

/**
 * Regression of y on a line in time, seasons and the known-future columns, with Student intervals from the
 * regression itself. Short series lose their seasons first, then covariates, then the trend; below 4 observed
 * values it refuses. Residuals are taken as independent: see docs/models/linear-regression.md.
 */
export function linearRegression(options: LinearRegressionOptions = {}): Model<LinearRegressionState> {
  return regression('linear-regression', options);
}

/** The same regression with a ridge penalty chosen by generalised cross-validation unless `lambda` is given. */
export function ridgeRegression(options: LinearRegressionOptions = {}): Model<LinearRegressionState> {
  return regression('ridge-regression', { lambda: 'gcv', ...options });
}

function regression(name: string, options: LinearRegressionOptions): Model<LinearRegressionState> {
  refuseUnknownOptions(name, options, OPTIONS);
  const complete = {
    trend: 'linear',
    season: 'auto',
    max_pairs: 12,
    covariates: true,
    transform: 'none',
    lambda: 0,
    ...options,
  } as Required<LinearRegressionOptions>;
  refuseValues(name, complete);
  return {
    name,
    fit: (series, context) => fitRegression(name, series, context, complete),
    forecast: forecastRegression,
    components: (state, series, h, future) => {
      requireColumns(state, h, future);
      return regressionComponents(state, series, h, future);
    },
    simulate: (state, h, future, paths, draw) => {
      requireColumns(state, h, future);
      return regressionPaths(state, h, future, paths, draw);
    },
  };
}

function refuseValues(name: string, o: Required<LinearRegressionOptions>): void {
  const choose = (option: string, value: unknown, choices: readonly string[]): void => {
    if (!choices.includes(value as string)) {
      throw new UsageError(`${name}: ${option} is "${value}"; choose from ${choices.join(', ')}.`);
    }
  };
  choose('trend', o.trend, ['linear', 'none']);
  choose('season', o.season, ['auto', 'fourier', 'none']);
  choose('transform', o.transform, ['none', 'log']);
  if (!(Number.isInteger(o.max_pairs) && o.max_pairs >= 0)) {
    throw new UsageError(`${name}: max_pairs is ${o.max_pairs}; give a whole number of at least 0.`);
  }
  if (
    typeof o.lambda === 'number'
      ? !(o.lambda >= 0 && o.lambda < Infinity)
      : !['gcv', 'loocv'].includes(o.lambda)
  ) {
    throw new UsageError(`${name}: lambda is ${o.lambda}; give a number of at least 0, "gcv" or "loocv".`);
  }
}

function fitRegression(
  name: string,
  series: Series,
  context: Context,
  options: Required<LinearRegressionOptions>,
): LinearRegressionState {
  requireObservations(name, series.y, LEAST_ROWS);
  const y = options.transform === 'log' ? logarithms(series, context) : series.y;
  const { terms, columns, used, notes } = designRegression(y, series, context, options);
  const fit =
    options.lambda === 0
      ? leastSquares(columns, y, { weights: used })
      : ridge(columns, y, { weights: used, lambda: options.lambda });
  return {
    terms,
    fit,
    transform: options.transform,
    smear: options.transform === 'log' ? smearing(fit, columns, y, used) : 1,
    freq: context.freq.alias,
    notes,
  };
}

/** Log y; refuses a series with a value that has none. */
function logarithms(series: Series, context: Context): Float64Array {
  const low = series.y.findIndex((value) => value <= 0);
  if (low >= 0) {
    const when = label(context.freq, series.start + low);
    throw new ModelRefusal(`has the value ${series.y[low]} at ${when}; transform "log" needs values above 0`);
  }
  return series.y.map(Math.log);
}

function smearing(
  fit: LinearFit,
  columns: readonly Float64Array[],
  y: Float64Array,
  used: Uint8Array,
): number {
  const { mean } = predictLinear(fit, columns, y.length);
  let total = 0;
  let count = 0;
  for (let t = 0; t < y.length; t++) {
    if (!used[t]) continue;
    total += Math.exp(y[t]! - mean[t]!);
    count++;
  }
  return total / count;
}

/** Throws a ModelRefusal that names the column and the period of a future value that is not there. */
function requireColumns({ terms, freq }: LinearRegressionState, h: number, future: Future): void {
  for (const term of terms) {
    if (term.kind !== 'number' && term.kind !== 'category') continue;
    const values = future.known[term.column];
    for (let s = 0; s < h; s++) {
      if (values === undefined || Number.isNaN(values[s] ?? Number.NaN)) {
        throw new ModelRefusal(
          `has no value of "${term.name}" for ${label(frequency(freq), future.start + s)}; give its future or leave it out`,
        );
      }
    }
  }
}

function forecastRegression(state: LinearRegressionState, h: number, future: Future): Distribution {
  const { terms, fit, transform, smear } = state;
  const when = (step: number): string => label(frequency(state.freq), future.start + step);
  requireColumns(state, h, future);
  const columns = terms.flatMap((term) => termColumns(term, future.start, h, future.known));
  const far = leverages(fit, columns, undefined, h).findIndex((value) => value > MOST_LEVERAGE);
  if (far >= 0) {
    throw new ModelRefusal(`is asked about ${when(far)}, too far outside what the regression has seen`);
  }
  const { mean, observationError } = predictLinear(fit, columns, h);
  if (transform === 'none') return { kind: 'student', mean, sd: observationError, df: fit.df };

  const probabilities = Float64Array.from([...GRID, ...GRID.slice(0, -1).map((p) => 1 - p)]).sort();
  const scores = probabilities.map((p) => studentQuantile(p, fit.df));
  const values = new Float64Array(h * scores.length);
  for (let s = 0; s < h; s++) {
    for (let k = 0; k < scores.length; k++) {
      values[s * scores.length + k] = exponential(mean[s]! + scores[k]! * observationError[s]!);
    }
  }
  return { kind: 'quantiles', mean: mean.map((value) => smear * exponential(value)), probabilities, values };
}

/** The regression's table: each term's name with its coefficient, standard error, t and p value. */
export function regressionTable({ terms, fit }: LinearRegressionState): ({ term: string } & Coefficient)[] {
  const names = ['intercept', ...terms.flatMap(termNames)];
  return coefficientTable(fit).map((row, j) => ({ term: names[j]!, ...row }));
}
