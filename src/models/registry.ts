// The models by name. Adding a model adds one line here.
import { didYouMean, UsageError } from '../core/errors.ts';
import { additive } from './additive.ts';
import { adida } from './adida.ts';
import { arima } from './arima.ts';
import { autoTheta } from './auto-theta.ts';
import { ces } from './ces.ts';
import { countDemand } from './count-demand.ts';
import { croston } from './croston.ts';
import { damped } from './damped.ts';
import { drift } from './drift.ts';
import { dynamicOptimisedTheta } from './dynamic-optimised-theta.ts';
import { dynamicTheta } from './dynamic-theta.ts';
import { ets } from './ets.ts';
import { holt } from './holt.ts';
import { holtWinters, holtWintersMultiplicative } from './holt-winters.ts';
import { imapa } from './imapa.ts';
import { linearRegression, ridgeRegression } from './linear-regression.ts';
import { mean } from './mean.ts';
import type { Model, ModelSpec } from './model.ts';
import { mstl } from './mstl.ts';
import { naive } from './naive.ts';
import { optimisedTheta } from './optimised-theta.ts';
import { sba } from './sba.ts';
import { seasonalNaive } from './seasonal-naive.ts';
import { seasonalPool } from './seasonal-pool.ts';
import { ses } from './ses.ts';
import { shapeLevel } from './shape-level.ts';
import { tbats } from './tbats.ts';
import { theta } from './theta.ts';
import { tsb } from './tsb.ts';
import { windowAverage } from './window-average.ts';
import { type RegressorOptions, withRegressors } from './with-regressors.ts';
import { zero } from './zero.ts';

export interface ModelEntry {
  // The options of each factory are its own; the factory refuses those it does not know.
  // biome-ignore lint/suspicious/noExplicitAny: a registry of factories with different options
  readonly create: (options?: any) => Model<any>;
  /** What it is, in one sentence, for `bellwether models`. */
  readonly summary: string;
}

export const MODELS: Readonly<Record<string, ModelEntry>> = {
  naive: {
    create: naive,
    summary: 'The last value, from now on: the bar that every other model has to clear.',
  },
  'seasonal-naive': {
    create: seasonalNaive,
    summary: 'Each period repeats the same period of the last season: the bar where there is a season.',
  },
  drift: { create: drift, summary: 'The line from the first to the last value, carried on.' },
  mean: { create: mean, summary: 'The average of all values: for sales that wander around one level.' },
  'window-average': {
    create: windowAverage,
    summary: 'The average of the last season: steady, and quick to forget what is long past.',
  },
  ses: { create: ses, summary: 'Simple exponential smoothing: a level that moves, no trend, no season.' },
  holt: { create: holt, summary: "Holt's linear trend: a level and a slope that move." },
  damped: { create: damped, summary: 'A trend that fades: the safest of the smoothing models with a trend.' },
  'holt-winters': {
    create: holtWinters,
    summary: 'Trend and a season that is added to the level, all of them moving.',
  },
  'holt-winters-multiplicative': {
    create: holtWintersMultiplicative,
    summary: 'Trend and a season that grows with the level; for values above zero.',
  },
  ets: {
    create: ets,
    summary:
      'Automatic exponential smoothing: all forms of level, trend and season, averaged by how well they fit.',
  },
  'linear-regression': {
    create: linearRegression,
    summary: 'Least squares on trend, seasons and known-future columns, with Student intervals.',
  },
  'ridge-regression': {
    create: ridgeRegression,
    summary: 'The same regression, shrunk: for many columns, or columns that move together.',
  },
  ces: {
    create: ces,
    summary:
      'Complex exponential smoothing: levels, trends and cycles in one recursion, averaged over kinds of season.',
  },
  additive: {
    create: additive,
    summary:
      'A trend with kinks, seasons, holidays and known-future columns, each shrunk by what the data say.',
  },
  theta: {
    create: theta,
    summary: 'The Theta method as published: smoothed level, half the trend, a tested season.',
  },
  'dynamic-optimised-theta': {
    create: dynamicOptimisedTheta,
    summary:
      'Theta with its share of the trend fitted, averaged over smoothing weights, with a shrunken season.',
  },
  'optimised-theta': {
    create: optimisedTheta,
    summary:
      'Theta with its share of the trend fitted, the trend being the one line through the whole series.',
  },
  'dynamic-theta': {
    create: dynamicTheta,
    summary: 'Theta with half the trend, the trend being estimated anew in every period.',
  },
  'auto-theta': {
    create: autoTheta,
    summary: 'All four Theta models, averaged by what the data say of each.',
  },
  mstl: {
    create: (options) => mstl(createModel, options),
    summary: 'Several seasons at once (week and year) are taken out; another model forecasts what is left.',
  },
  tbats: {
    create: tbats,
    summary:
      'Seasons of any length, several of them, as turning harmonics, with trend and ARMA errors (TBATS).',
  },
  arima: {
    create: arima,
    summary:
      'Differences, lags and past errors, chosen by AICc and fitted exactly; known-future columns as regressors.',
  },
  'seasonal-pool': {
    create: seasonalPool,
    summary:
      'What seasons changed by and what the phase had before, drawn as they were: intervals without a curve.',
  },
  'shape-level': {
    create: shapeLevel,
    summary:
      "The last cycles' shape times a level of blocks that a ridge carries on: quick, for steady seasons.",
  },
  croston: {
    create: croston,
    summary: 'Intermittent demand: size of demands over the gap between them, each smoothed on its own.',
  },
  sba: { create: sba, summary: "Croston's method without its upward bias (Syntetos and Boylan)." },
  tsb: {
    create: tsb,
    summary: 'Intermittent demand that may end: a probability of demand, updated in every period.',
  },
  adida: {
    create: adida,
    summary:
      'Intermittent demand added up over buckets as wide as the gaps between demands, and smoothed there.',
  },
  imapa: {
    create: imapa,
    summary: 'Intermittent demand smoothed in buckets of every width up to the mean gap, and averaged.',
  },
  'count-demand': {
    create: countDemand,
    summary: 'Sales as whole pieces: probabilities of 0, 1, 2, … from moving negative binomials and hurdles.',
  },
  'with-regressors': {
    create: (options?: RegressorOptions) => withRegressors(createModel, options),
    summary: 'Takes the effect of holidays, events, prices and promotions out in front of any other model.',
  },
  zero: { create: zero, summary: 'Nothing was ever observed: forecasts zero and claims no more.' },
};

/** Makes the model that a name or a spec describes. */
export function createModel(spec: ModelSpec | string): Model {
  const { model, options } = typeof spec === 'string' ? { model: spec, options: undefined } : spec;
  const entry = MODELS[model];
  if (!entry) throw new UsageError(`model "${model}" is not known.${didYouMean(model, Object.keys(MODELS))}`);
  return entry.create(options);
}
