// ARIMA with seasons, regressors and missing cells (Box & Jenkins 1970), its order given or found by itself
// (Hyndman & Khandakar 2008).
import type { NormalDistribution } from '../core/distribution.ts';
import { ModelRefusal, refuseUnknownOptions, UsageError } from '../core/errors.ts';
import { frequency, label } from '../core/frequency.ts';
import type { Future, Series } from '../core/panel.ts';
import type { Random } from '../core/random.ts';
import { stl } from '../features/stl.ts';
import {
  type ArimaFit,
  type Criterion,
  fitOrder,
  fittedValues,
  type Method,
  unfittedCount,
} from './arima/fit.ts';
import { forecastFit, meanParts, simulateFit } from './arima/forecast.ts';
import { givenCount, lostCount, type Order, parameterCount } from './arima/order.ts';
import { constantColumn, type Sample, sampleOf } from './arima/sample.ts';
import { type Members, type SelectionOptions, selectArima } from './arima/selection.ts';
import { longerSeason, selectTwoSeasons } from './arima/two-seasons.ts';
import { type Waves, waveColumns } from './arima/waves.ts';
import { type Components, type Context, type Model, requireObservations } from './model.ts';
import { chooseCovariates } from './regression-design.ts';
import { type CovariateTerm, termColumns, termWidth } from './regression-terms.ts';

export interface ArimaOptions {
  /** [p, d, q]; found by itself by default. */
  readonly order?: readonly [p: number, d: number, q: number];
  /** [P, D, Q]; found by itself by default, [0, 0, 0] where `order` is given. */
  readonly seasonal_order?: readonly [P: number, D: number, Q: number];
  /** Whether there is a mean where nothing is differenced; by default if it helps, and always where `order` is given. */
  readonly mean?: boolean;
  /** Whether there is a drift where one difference is taken; by default if it helps, and never where `order` is given. */
  readonly drift?: boolean;
  /** Known-future columns as regressors: all (the default), none, or those named. */
  readonly covariates?: boolean | readonly string[];
  /**
   * How parameters are estimated: `ml`, the default, by exact maximum likelihood; `css-ml` the same, started from the least
   * conditional sum of squares; `css` by the latter alone, which refuses series with missing cells.
   */
  readonly method?: Method;
  /** First and seasonal differences; by default as many as tests ask for, up to max_d and max_D. */
  readonly d?: number;
  readonly D?: number;
  readonly max_d?: number;
  readonly max_D?: number;
  /** Bounds of the search, and where it starts. */
  readonly max_p?: number;
  readonly max_q?: number;
  readonly max_P?: number;
  readonly max_Q?: number;
  readonly max_order?: number;
  readonly start_p?: number;
  readonly start_q?: number;
  readonly start_P?: number;
  readonly start_Q?: number;
  /** Whether neighbours of the best are tried (the default) or all models up to max_order. */
  readonly stepwise?: boolean;
  /** Candidates of a stepwise search at most; defaults to 94. */
  readonly nmodels?: number;
  /** What is compared; defaults to `aicc`. */
  readonly ic?: Criterion;
  /** Whether models nearly as good as the best share the forecast; defaults to true. False is `auto.arima` to the letter. */
  readonly average?: boolean;
}

export interface ArimaState {
  /** The models that share the forecast, the best first; one where the order was given. */
  readonly members: Members;
  readonly terms: readonly CovariateTerm[];
  /** Waves of a longer season, where there is one; regressors after those of the terms. */
  readonly waves?: Waves;
  /** Alias of the frequency, for messages. */
  readonly freq: string;
  /** Regressors that were left out and why, one fragment each. */
  readonly notes: readonly string[];
}

/** The search's bounds and starts, as in R. */
const COUNTS = {
  max_d: 2,
  max_D: 1,
  max_p: 5,
  max_q: 5,
  max_P: 2,
  max_Q: 2,
  max_order: 5,
  start_p: 2,
  start_q: 2,
  start_P: 1,
  start_Q: 1,
  nmodels: 94,
};
const OPTIONS = [
  ...Object.keys(COUNTS),
  ...['order', 'seasonal_order', 'mean', 'drift', 'covariates', 'method', 'd', 'D'],
  ...['stepwise', 'ic', 'average'],
];
const CHOICES = { ic: ['aicc', 'aic', 'bic'], method: ['ml', 'css-ml', 'css'] };
/** The largest order that may be asked for. */
const LARGEST = 24;

function refuseValues(options: ArimaOptions): void {
  const whole = (value: unknown): boolean =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LARGEST;
  for (const name of ['order', 'seasonal_order'] as const) {
    const value = options[name];
    if (value === undefined || (Array.isArray(value) && value.length === 3 && value.every(whole))) continue;
    throw new UsageError(
      `arima option "${name}" is ${JSON.stringify(value)}; give three whole numbers from 0 to ${LARGEST}, as [1, 1, 1].`,
    );
  }
  for (const name of [...Object.keys(COUNTS), 'd', 'D'] as const) {
    const value = options[name as keyof ArimaOptions];
    if (value === undefined || whole(value) || (name === 'nmodels' && Number.isInteger(value))) continue;
    throw new UsageError(`arima option "${name}" is ${value}; give a whole number from 0 to ${LARGEST}.`);
  }
  for (const name of ['mean', 'drift', 'stepwise', 'average'] as const) {
    const value = options[name];
    if (value === undefined || typeof value === 'boolean') continue;
    throw new UsageError(`arima option "${name}" is ${value}; give true or false.`);
  }
  for (const name of ['ic', 'method'] as const) {
    const value = options[name];
    if (value === undefined || CHOICES[name].includes(value)) continue;
    throw new UsageError(`arima option "${name}" is "${value}"; choose from ${CHOICES[name].join(', ')}.`);
  }
}

/** The order that was asked for, with what was not said filled in. */
function givenOrder({ order, seasonal_order, mean = true, drift = false }: ArimaOptions, m: number): Order {
  const [p, d, q] = order ?? [0, 0, 0];
  const [P, D, Q] = m > 1 ? (seasonal_order ?? [0, 0, 0]) : [0, 0, 0];
  return { p, d, q, P, D, Q, m, constant: d + D === 0 ? mean : d + D === 1 && drift };
}

/** The columns of terms and waves over the periods start … start + n − 1. */
function columnsOf(
  { terms, waves }: Pick<ArimaState, 'terms' | 'waves'>,
  start: number,
  n: number,
  known: readonly Float64Array[],
): Float64Array[] {
  const columns = terms.flatMap((term) => termColumns(term, start, n, known));
  return waves ? [...columns, ...waveColumns(waves, start, n)] : columns;
}

/** The season that is modelled: none where the series does not hold two of it. */
const seasonOf = (y: Float64Array, { season_length }: Context): number =>
  season_length > 1 && y.length > season_length ? season_length : 1;

function fitArima(series: Series, context: Context, options: ArimaOptions): ArimaState {
  const { y } = series;
  requireObservations('arima', y, 3);
  const { used, terms, notes } = chooseCovariates(series, context, options.covariates ?? true);
  const observed = used.reduce((a, b) => a + b, 0);
  if (observed < 3) {
    throw new ModelRefusal(
      `has ${observed} rows in which y and all known-future columns are there; arima needs at least 3`,
    );
  }
  // Every regressor costs a coefficient: a third of the observed cells is the most that they can bear.
  const kept: CovariateTerm[] = [];
  let width = 0;
  for (const term of terms) {
    if (width + termWidth(term) <= observed / 3) {
      kept.push(term);
      width += termWidth(term);
    } else notes.push(`"${term.name}" has no room in ${observed} rows`);
  }
  const m = seasonOf(y, context);
  const sample = sampleOf(y, used, m, columnsOf({ terms: kept }, series.start, y.length, series.known));
  const gaps = sample.y.length - sample.observed;
  if (options.method === 'css' && gaps > 0) {
    const cells = gaps === 1 ? 'a missing cell' : `${gaps} missing cells`;
    throw new ModelRefusal(
      `has ${cells} between its first and last value; arima with method "css" cannot pass over them, use method "ml"`,
    );
  }
  const start = series.start + sample.lead;
  const { members, waves } = chooseMembers(sample, m, width, options, start, context.freq.seasons);
  if (members.length === 0 || !members.every(({ fit }) => fit.sigma2 < Infinity)) {
    throw new ModelRefusal('cannot be held by any ARIMA model; use theta or naive');
  }
  const state = { members, terms: kept, freq: context.freq.alias, notes };
  return waves ? { ...state, waves } : state;
}

/** `start` is the ordinal of the sample's first cell, `seasons` are those that its frequency usually has. */
function chooseMembers(
  sample: Sample,
  m: number,
  width: number,
  options: ArimaOptions,
  start: number,
  seasons: readonly number[],
): Pick<ArimaState, 'members' | 'waves'> {
  const { method = 'ml' } = options;
  if (!options.order && !options.seasonal_order) {
    const { mean = true, drift = true, stepwise = true, average = true, ic = 'aicc', d, D } = options;
    const settled = { mean, drift, stepwise, average, ic, method, d, D };
    const search: SelectionOptions = { ...COUNTS, ...options, ...settled };
    const period = longerSeason(sample, m, seasons);
    const two = period === undefined ? undefined : selectTwoSeasons(sample, m, period, start, search);
    return two ?? { members: selectArima(sample, m, search) };
  }
  const order = givenOrder(options, m);
  const given = method === 'css' ? givenCount(order) : 0;
  const least = lostCount(order) + given + parameterCount(order) + width + 2;
  if (sample.observed < least) {
    throw new ModelRefusal(
      `has ${sample.observed} observed values; this arima order needs at least ${least}`,
    );
  }
  return { members: [{ fit: fitOrder(sample, order, method), weight: 1 }] };
}

/** Regressors and the constant over the `n` periods after the last observed cell, `trail` of which are known. */
function columnsAhead(fit: ArimaFit, state: ArimaState, n: number, future: Future): Float64Array[] {
  const { terms, freq } = state;
  const { trail } = fit;
  const h = n - trail;
  for (const term of terms) {
    for (let s = 0; s < h; s++) {
      if (Number.isNaN(future.known[term.column]?.[s] ?? Number.NaN)) {
        const when = label(frequency(freq), future.start + s);
        throw new ModelRefusal(`has no value of "${term.name}" for ${when}; give its future or leave it out`);
      }
    }
  }
  const columns = columnsOf(state, future.start, h, future.known);
  // What the columns were in the empty cells at the end bears on nothing that is asked for.
  const ahead: Float64Array[] = columns.map((column) => {
    const whole = new Float64Array(n);
    whole.set(column, trail);
    return whole;
  });
  if (fit.order.constant) ahead.push(constantColumn(fit.order, 1, n));
  return ahead;
}

/** The weighted sum of the members' parts. */
function componentsOf(state: ArimaState, series: Series, h: number, future: Future): Components {
  const names = ['level', 'trend', 'seasonal', 'regressors'] as const;
  const length = series.y.length + h;
  const sum = {
    level: new Float64Array(length),
    trend: new Float64Array(length),
    seasonal: new Float64Array(length),
    regressors: new Float64Array(length),
  };
  for (const { fit, weight } of state.members) {
    const parts = memberComponents(fit, state, series, h, future);
    for (const name of names) for (let t = 0; t < length; t++) sum[name][t]! += weight * parts[name][t]!;
  }
  return sum;
}

function memberComponents(
  fit: ArimaFit,
  state: ArimaState,
  series: Series,
  h: number,
  future: Future,
): Components {
  const { terms, waves } = state;
  const n = series.y.length;
  const { order, beta, trail } = fit;
  const used = Uint8Array.from(series.y, (v) => (Number.isNaN(v) ? 0 : 1));
  for (const { column } of terms)
    series.known[column]!.forEach((v, t) => {
      if (Number.isNaN(v)) used[t] = 0;
    });
  const past = columnsOf(state, series.start, n, series.known);
  const ahead = columnsOf(state, future.start, h, future.known);
  const sample = sampleOf(series.y, used, order.m, past);
  const { lead } = sample;
  const { path } = meanParts(fit, columnsAhead(fit, state, trail + h, future), trail + h);

  const level = new Float64Array(n + h).fill(Number.NaN, 0, lead);
  level.set(fittedValues(sample, fit), lead);
  const end = n - trail;
  level.set(path, end);
  const regressors = new Float64Array(n + h);
  const trend = new Float64Array(n + h);
  const seasonal = new Float64Array(n + h);
  const given = past.length - (waves ? 2 * waves.harmonics.length : 0);
  for (let c = 0; c < past.length; c++) {
    const part = c < given ? regressors : seasonal;
    for (let t = lead; t < n + h; t++) {
      const value = t < n ? past[c]![t]! : ahead[c]![t - n]!;
      if (!Number.isNaN(value)) part[t]! += beta[c]! * value;
    }
  }
  for (let t = lead; t < end; t++) level[t]! -= regressors[t]! + seasonal[t]!;
  const count = past.length;
  if (order.constant && order.d + order.D === 1) {
    // Drift counts from the first cell, so that the level is what is left when it is taken off the fit.
    const slope = beta[count]!;
    for (let t = lead; t < n + h; t++) trend[t] = slope * (t - lead);
    for (let t = lead; t < end; t++) level[t]! -= trend[t]!;
    for (let t = end; t < n + h; t++) level[t]! += slope * (t - end + 1) - trend[t]!;
  } else if (order.constant) {
    for (let t = end; t < n + h; t++) level[t]! += beta[count]!;
  }

  const from = lead + unfittedCount(fit);
  if (order.P + order.D + order.Q > 0 && n + h - from > 2 * order.m) {
    const { season } = stl(level.subarray(from), order.m, { seasonWindow: 11 });
    for (let t = from; t < n + h; t++) {
      seasonal[t]! += season[t - from]!;
      level[t]! -= season[t - from]!;
    }
  }
  return { level, trend, seasonal, regressors };
}

/** The members' mixture, as a normal distribution with its mean and variance. */
function forecastMembers(state: ArimaState, h: number, future: Future): NormalDistribution {
  const mean = new Float64Array(h);
  const sd = new Float64Array(h);
  const parts = state.members.map(({ fit, weight }) => {
    const n = fit.trail + h;
    const part = forecastFit(fit, columnsAhead(fit, state, n, future), n);
    return { weight, mean: part.mean.subarray(fit.trail), sd: part.sd.subarray(fit.trail) };
  });
  for (const part of parts) for (let s = 0; s < h; s++) mean[s]! += part.weight * part.mean[s]!;
  for (let s = 0; s < h; s++) {
    let variance = 0;
    for (const part of parts) variance += part.weight * (part.sd[s]! ** 2 + (part.mean[s]! - mean[s]!) ** 2);
    sd[s] = Math.sqrt(variance);
  }
  return { kind: 'normal', mean, sd };
}

/** Each path is drawn from one member, the heavier the more often. */
function simulateMembers(
  state: ArimaState,
  h: number,
  future: Future,
  paths: number,
  draw: Random,
): Float64Array {
  const owners = Array.from({ length: paths }, () => {
    let left = draw.uniform();
    let at = 0;
    while (at < state.members.length - 1 && left >= state.members[at]!.weight) {
      left -= state.members[at]!.weight;
      at++;
    }
    return at;
  });
  const out = new Float64Array(paths * h);
  for (const [at, { fit }] of state.members.entries()) {
    const { trail } = fit;
    const n = trail + h;
    const count = owners.filter((owner) => owner === at).length;
    const drawn = simulateFit(fit, columnsAhead(fit, state, n, future), n, count, draw);
    let next = 0;
    for (let k = 0; k < paths; k++) {
      if (owners[k] !== at) continue;
      out.set(drawn.subarray(next * n + trail, (next + 1) * n), k * h);
      next++;
    }
  }
  return out;
}

/**
 * ARIMA by exact maximum likelihood, or by conditional sum of squares with `method: 'css'`. By default its order is found by itself: differences by tests, then a stepwise
 * walk to the least AICc. Known-future columns become regressors; missing cells are left out of the likelihood, not
 * filled. Forecasts are normal; their variance counts in that regression coefficients are estimates.
 * It refuses series of fewer than 3 observed values.
 */
export function arima(options: ArimaOptions = {}): Model<ArimaState> {
  refuseUnknownOptions('arima', options, OPTIONS);
  refuseValues(options);
  return {
    name: 'arima',
    fit: (series, context) => fitArima(series, context, options),
    forecast: forecastMembers,
    components: componentsOf,
    simulate: simulateMembers,
  };
}
