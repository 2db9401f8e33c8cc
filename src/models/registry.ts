// The models by name. Adding a model adds one line here.
import { didYouMean, UsageError } from '../core/errors.ts';
import { croston } from './croston.ts';
import { damped } from './damped.ts';
import { drift } from './drift.ts';
import { dynamicOptimisedTheta } from './dynamic-optimised-theta.ts';
import { holt } from './holt.ts';
import { holtWinters, holtWintersMultiplicative } from './holt-winters.ts';
import { linearRegression, ridgeRegression } from './linear-regression.ts';
import { mean } from './mean.ts';
import type { Model, ModelSpec } from './model.ts';
import { naive } from './naive.ts';
import { sba } from './sba.ts';
import { seasonalNaive } from './seasonal-naive.ts';
import { ses } from './ses.ts';
import { theta } from './theta.ts';
import { tsb } from './tsb.ts';
import { windowAverage } from './window-average.ts';
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
  readonly cost?: (n: number, m: number) => number;
}

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
  croston: {
    create: croston,
    summary: 'Intermittent demand: size of demands over the gap between them, each smoothed on its own.',
    cost: (n) => 0.08 + 0.001 * n,
  },
  sba: {
    create: sba,
    summary: "Croston's method without its upward bias (Syntetos and Boylan).",
    cost: (n) => 0.08 + 0.001 * n,
  },
  tsb: {
    create: tsb,
    summary: 'Intermittent demand that may end: a probability of demand, updated in every period.',
    cost: (n) => 0.08 + 0.001 * n,
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
export const nominalCost = ({ model }: ModelSpec, n: number, m: number): number =>
  (MODELS[model]?.cost ?? unknownCost)(n, m);

/** Makes the model that a name or a spec describes. */
export function createModel(spec: ModelSpec | string): Model {
  const { model, options } = typeof spec === 'string' ? { model: spec, options: undefined } : spec;
  const entry = MODELS[model];
  if (!entry) throw new UsageError(`model "${model}" is not known.${didYouMean(model, Object.keys(MODELS))}`);
  return entry.create(options);
}
