// The models by name. Adding a model adds one line here.
import { didYouMean, UsageError } from '../core/errors.ts';
import type { Panel } from '../core/panel.ts';
import { nativeHindrance } from '../learn/network/runtime.ts';
import { additive } from './additive.ts';
import { adida } from './adida.ts';
import { arima } from './arima.ts';
import { autoTheta } from './auto-theta.ts';
import { boostedEfforts } from './boosted/cost.ts';
import { type BoostedOptions, boosted } from './boosted.ts';
import { type BoxCoxOptions, boxCox } from './box-cox.ts';
import { ces } from './ces.ts';
import { cnn } from './cnn.ts';
import { COMBINED, type CombinationOptions, combination } from './combination.ts';
import { countDemand } from './count-demand.ts';
import { croston } from './croston.ts';
import { damped } from './damped.ts';
import { type DeepName, deepEfforts } from './deep/cost.ts';
import type { DeepState } from './deep/forecaster.ts';
import type { DeepOptions } from './deep/options.ts';
import { deepar } from './deepar.ts';
import { drift } from './drift.ts';
import { dynamicOptimisedTheta } from './dynamic-optimised-theta.ts';
import { dynamicTheta } from './dynamic-theta.ts';
import { ets } from './ets.ts';
import type { Effort, GlobalModel, GlobalPlan } from './global-model.ts';
import { gru } from './gru.ts';
import { holt } from './holt.ts';
import { holtWinters, holtWintersMultiplicative } from './holt-winters.ts';
import { imapa } from './imapa.ts';
import { linearRegression, ridgeRegression } from './linear-regression.ts';
import { lstm } from './lstm.ts';
import { mean } from './mean.ts';
import { mlp } from './mlp.ts';
import type { Model, ModelSpec } from './model.ts';
import { type MstlModelOptions, mstl } from './mstl.ts';
import { naive } from './naive.ts';
import { nhits } from './nhits.ts';
import { optimisedTheta } from './optimised-theta.ts';
import { patchTransformer } from './patch-transformer.ts';
import { rnn } from './rnn.ts';
import { sba } from './sba.ts';
import { seasonalNaive } from './seasonal-naive.ts';
import { seasonalPool } from './seasonal-pool.ts';
import { ses } from './ses.ts';
import { shapeLevel } from './shape-level.ts';
import { sharing } from './share.ts';
import { tbats } from './tbats.ts';
import { tft } from './tft.ts';
import { theta } from './theta.ts';
import { tsb } from './tsb.ts';
import { tsmixer } from './tsmixer.ts';
import { windowAverage } from './window-average.ts';
import { type RegressorOptions, withRegressors } from './with-regressors.ts';
import { zero } from './zero.ts';

export interface ModelEntry {
  // The options of each factory are its own; the factory refuses those it does not know.
  // biome-ignore lint/suspicious/noExplicitAny: a registry of factories with different options
  readonly create: (options?: any) => Model<any>;
  /** What it is, in one sentence, for `bellwether models`. */
  readonly summary: string;
  /**
   * Nominal CPU milliseconds of one fit and forecast of n cells with m periods in a season, on an ordinary core:
   * measured once and written down, so that what is tried within a budget does not depend on how busy a machine is.
   */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly cost?: (n: number, m: number, options?: any) => number;
  /** The option that holds the model or the models that it works with, where it has one. */
  readonly inner?: 'model' | 'models';
  /**
   * Of a model that learns from the whole panel at once, how it is made; `create` then makes what a single series holds
   * of it. Its cost is that of the panel, and not of series.
   */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly global?: (options?: any) => GlobalModel<any>;
  /** Ways in which a model of the whole panel can be tried, the most thorough first, given the user's options. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly efforts?: (panel: Panel, plan: GlobalPlan, options?: any) => readonly Effort[];
  /** Why it had better not be tried on this machine unless it is asked for, in a clause; undefined where nothing speaks against it. */
  readonly hindrance?: () => Promise<string | undefined>;
  /** Whether its distributions are those of whole pieces, zeros included: for intermittent demand. */
  readonly countsPieces?: true;
}

/** A network over the whole panel. */
const deep = (
  name: DeepName,
  make: (options?: DeepOptions) => GlobalModel<DeepState>,
  summary: string,
): ModelEntry => ({
  create: () => sharing(name),
  global: make,
  efforts: (panel, plan, options: DeepOptions = {}) => deepEfforts(name, panel, plan, options),
  hindrance: nativeHindrance,
  summary,
  cost: () => 0.001,
});

export const MODELS: Readonly<Record<string, ModelEntry>> = {
  naive: {
    create: naive,
    summary: 'The last value, from now on: the bar that every other model has to clear.',
    cost: (n) => 0.001 + 2e-6 * n,
  },
  'seasonal-naive': {
    create: seasonalNaive,
    summary: 'Each period repeats the same period of the last season: the bar where there is a season.',
    cost: (n) => 0.003 + 3e-6 * n,
  },
  drift: {
    create: drift,
    summary: 'The line from the first to the last value, carried on.',
    cost: (n) => 0.001 + 4e-6 * n,
  },
  mean: {
    create: mean,
    summary: 'The average of all values: for sales that wander around one level.',
    cost: (n) => 0.001 + 1e-5 * n,
  },
  'window-average': {
    create: windowAverage,
    summary: 'The average of the last season: steady, and quick to forget what is long past.',
    cost: (n) => 0.003 + 4e-5 * n,
  },
  ses: {
    create: ses,
    summary: 'Simple exponential smoothing: a level that moves, no trend, no season.',
    cost: (n) => 0.05 + 0.001 * n,
  },
  holt: {
    create: holt,
    summary: "Holt's linear trend: a level and a slope that move.",
    cost: (n) => 0.1 + 0.002 * n,
  },
  damped: {
    create: damped,
    summary: 'A trend that fades: the safest of the smoothing models with a trend.',
    cost: (n) => 0.1 + 0.003 * n,
  },
  'holt-winters': {
    create: holtWinters,
    summary: 'Trend and a season that is added to the level, all of them moving.',
    cost: (n, m) => (n < 2 * m ? 0.01 : 0.4 + 0.007 * n),
  },
  'holt-winters-multiplicative': {
    create: holtWintersMultiplicative,
    summary: 'Trend and a season that grows with the level; for values above zero.',
    cost: (n, m) => (n < 2 * m ? 0.01 : 0.5 + 0.007 * n),
  },
  ets: {
    create: ets,
    summary:
      'Automatic exponential smoothing: all forms of level, trend and season, averaged by how well they fit.',
    cost: (n, m) => (m > 1 && m <= 24 ? 0.5 + 0.01 * n + 0.004 * n * m : 0.4 + 0.007 * n),
  },
  'linear-regression': {
    create: linearRegression,
    summary: 'Least squares on trend, seasons and known-future columns, with Student intervals.',
    cost: (n) => 0.03 + 0.002 * n,
  },
  'ridge-regression': {
    create: ridgeRegression,
    summary: 'The same regression, shrunk: for many columns, or columns that move together.',
    cost: (n) => 0.06 + 0.003 * n,
  },
  ces: {
    create: ces,
    summary:
      'Complex exponential smoothing: levels, trends and cycles in one recursion, averaged over kinds of season.',
    cost: (n) => 0.2 + 0.015 * n,
  },
  additive: {
    create: additive,
    summary:
      'A trend with kinks, seasons, holidays and known-future columns, each shrunk by what the data say.',
    cost: (n) => 1.5 + 0.012 * n,
  },
  theta: {
    create: theta,
    summary: 'The Theta method as published: smoothed level, half the trend, a tested season.',
    cost: (n) => 0.02 + 3e-4 * n,
  },
  'dynamic-optimised-theta': {
    create: dynamicOptimisedTheta,
    summary:
      'Theta with its share of the trend fitted, averaged over smoothing weights, with a shrunken season.',
    cost: (n) => 0.06 + 0.001 * n,
  },
  'optimised-theta': {
    create: optimisedTheta,
    summary:
      'Theta with its share of the trend fitted, the trend being the one line through the whole series.',
    cost: (n) => 0.1 + 0.001 * n,
  },
  'dynamic-theta': {
    create: dynamicTheta,
    summary: 'Theta with half the trend, the trend being estimated anew in every period.',
    cost: (n) => 0.1 + 0.001 * n,
  },
  'auto-theta': {
    create: autoTheta,
    summary: 'All four Theta models, averaged by what the data say of each.',
    cost: (n) => 0.2 + 0.0015 * n,
  },
  mstl: {
    create: (options?: MstlModelOptions) => mstl(createInner, options),
    summary: 'Several seasons at once (week and year) are taken out; another model forecasts what is left.',
    cost: (n, _, { model = 'dynamic-optimised-theta' }: MstlModelOptions = {}) =>
      0.4 + 2e-4 * n + nominalCost(specOf(model), n, 1),
    inner: 'model',
  },
  tbats: {
    create: tbats,
    summary:
      'Seasons of any length, several of them, as turning harmonics, with trend and ARMA errors (TBATS).',
    cost: (n) => 0.5 + 0.04 * n,
  },
  arima: {
    create: arima,
    summary:
      'Differences, lags and past errors, chosen by AICc and fitted exactly; known-future columns as regressors.',
    cost: (n, m) =>
      m === 1 ? 0.5 + 0.05 * n : m <= 24 ? 0.1 * n + 5e-4 * n * n : n < 2 * m ? 0.05 * n : 0.5 * n,
  },
  boosted: {
    create: () => sharing('boosted'),
    global: (options?: BoostedOptions) => boosted(options),
    efforts: boostedEfforts,
    summary:
      'Boosted trees that learn from all series at once: lags, seasons, prices, promotions, attributes.',
    cost: () => 0.001,
  },
  rnn: deep('rnn', rnn, 'A plain recurrent network over all series at once: the past is read step by step.'),
  gru: deep(
    'gru',
    gru,
    'Gated recurrent units over all series at once: a recurrent network that can forget.',
  ),
  lstm: deep(
    'lstm',
    lstm,
    'Long short-term memory over all series at once: the recurrent network that remembers longest.',
  ),
  cnn: deep(
    'cnn',
    cnn,
    'Dilated causal convolutions over all series at once (a temporal convolutional network).',
  ),
  mlp: deep(
    'mlp',
    mlp,
    'Dense layers over the window of all series at once: the plainest network, and the cheapest.',
  ),
  nhits: deep(
    'nhits',
    nhits,
    'Blocks that look at the past at one grain each, coarse to fine, over all series at once (N-HiTS).',
  ),
  tsmixer: deep(
    'tsmixer',
    tsmixer,
    'Dense layers over time and over columns in turn, for all series at once (TSMixer).',
  ),
  'patch-transformer': deep(
    'patch-transformer',
    patchTransformer,
    'Attention among patches of the past of all series at once (PatchTST, with known columns).',
  ),
  tft: deep(
    'tft',
    tft,
    'Selected variables, LSTMs and attention over all series at once (Temporal Fusion Transformer).',
  ),
  deepar: deep(
    'deepar',
    deepar,
    'An LSTM that draws paths step by step, each step knowing the one before, over all series (DeepAR).',
  ),
  'seasonal-pool': {
    create: seasonalPool,
    summary:
      'What seasons changed by and what the phase had before, drawn as they were: intervals without a curve.',
    cost: (n) => 0.3 + 0.006 * n,
  },
  'shape-level': {
    create: shapeLevel,
    summary:
      "The last cycles' shape times a level of blocks that a ridge carries on: quick, for steady seasons.",
    cost: (n) => 4 + 0.006 * n,
  },
  croston: {
    create: croston,
    summary: 'Intermittent demand: size of demands over the gap between them, each smoothed on its own.',
    cost: (n) => 0.08 + 0.001 * n,
    countsPieces: true,
  },
  sba: {
    create: sba,
    summary: "Croston's method without its upward bias (Syntetos and Boylan).",
    cost: (n) => 0.08 + 0.001 * n,
    countsPieces: true,
  },
  tsb: {
    create: tsb,
    summary: 'Intermittent demand that may end: a probability of demand, updated in every period.',
    cost: (n) => 0.08 + 0.001 * n,
    countsPieces: true,
  },
  adida: {
    create: adida,
    summary:
      'Intermittent demand added up over buckets as wide as the gaps between demands, and smoothed there.',
    cost: (n) => 0.1 + 0.001 * n,
    countsPieces: true,
  },
  imapa: {
    create: imapa,
    summary: 'Intermittent demand smoothed in buckets of every width up to the mean gap, and averaged.',
    cost: (n) => 0.1 + 0.0015 * n,
    countsPieces: true,
  },
  'count-demand': {
    create: countDemand,
    summary: 'Sales as whole pieces: probabilities of 0, 1, 2, … from moving negative binomials and hurdles.',
    cost: (n) => 2 + 0.01 * n,
    countsPieces: true,
  },
  'with-regressors': {
    create: (options?: RegressorOptions) => withRegressors(createInner, options),
    summary: 'Takes the effect of holidays, events, prices and promotions out in front of any other model.',
    // The regression is that of `additive`; trees are grown beside it.
    cost: (n, m, { model = 'dynamic-optimised-theta', regressors }: RegressorOptions = {}) =>
      nominalCost({ model: 'additive' }, n, m) +
      (regressors === 'boosted' ? 10 + 0.04 * n : 0) +
      nominalCost(specOf(model), n, m),
    inner: 'model',
  },
  'box-cox': {
    create: (options?: BoxCoxOptions) => boxCox(createInner, options),
    summary:
      'A power of the values, or their logarithm, for any other model: where spread grows with the level.',
    cost: (n, m, { model = 'arima' }: BoxCoxOptions = {}) =>
      0.1 + 0.001 * n + nominalCost(specOf(model), n, m),
    inner: 'model',
  },
  combination: {
    create: (options?: CombinationOptions) => combination(createInner, options),
    summary: 'The median of several models at each step: of ETS, ARIMA, CES and Theta, or of those you name.',
    cost: (n, m, { models = COMBINED }: CombinationOptions = {}) =>
      models.reduce((sum, spec) => sum + nominalCost(specOf(spec), n, m), 0),
    inner: 'models',
  },
  zero: {
    create: zero,
    summary: 'Nothing was ever observed: forecasts zero and claims no more.',
    cost: () => 0.001,
  },
};

/** What a model without a figure of its own is taken to cost: more than most, so that it is tried with care. */
const unknownCost = (n: number): number => 2 + 0.1 * n;

/** Nominal CPU milliseconds of one fit and forecast of n cells with m periods in a season. */
export const nominalCost = ({ model, options }: ModelSpec, n: number, m: number): number =>
  (MODELS[model]?.cost ?? unknownCost)(n, m, options);

const specOf = (spec: ModelSpec | string): ModelSpec => (typeof spec === 'string' ? { model: spec } : spec);

/** What a spec is called in tables: its name and, in parentheses, the models that it was given to work with. */
export function specName({ model, options }: ModelSpec): string {
  const given = options?.[MODELS[model]?.inner ?? ''];
  if (given === undefined) return model;
  const names = [given].flat().map((spec) => specName(specOf(spec as ModelSpec | string)));
  return `${model}(${names.join(',')})`;
}

/** The entry of a name; throws a UsageError that knows the nearest name. */
export function modelEntry(model: string): ModelEntry {
  const entry = MODELS[model];
  if (!entry) throw new UsageError(`model "${model}" is not known.${didYouMean(model, Object.keys(MODELS))}`);
  return entry;
}

/** The global model that a spec describes; undefined where it describes a model of single series. */
export const createGlobal = ({ model, options }: ModelSpec): GlobalModel | undefined =>
  modelEntry(model).global?.(options);

/** The ways in which a global model can be tried, the most thorough first. */
export const effortsOf = ({ model, options }: ModelSpec, panel: Panel, plan: GlobalPlan): readonly Effort[] =>
  modelEntry(model).efforts?.(panel, plan, options) ?? [];

/** Why a model had better not be tried on this machine unasked; undefined where nothing speaks against it. */
export const hindranceOf = async ({ model }: ModelSpec): Promise<string | undefined> =>
  modelEntry(model).hindrance?.();

/** Makes the model that a name or a spec describes. */
export function createModel(spec: ModelSpec | string): Model {
  const { model, options } = specOf(spec);
  return modelEntry(model).create(options);
}

/** Makes a model that another one works with: one of single series. */
function createInner(spec: ModelSpec | string): Model {
  const { model } = specOf(spec);
  if (modelEntry(model).global) {
    throw new UsageError(
      `${model} learns from the whole panel and cannot stand inside another model; name it beside the others.`,
    );
  }
  return createModel(spec);
}
