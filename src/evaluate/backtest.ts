// Rolling-origin backtest: every model forecasts windows it has not seen, from the data before them alone.
import { sharedFloat64, sharedInt32, sharedUint8 } from '../core/buffer.ts';
import { type Distribution, quantile, spread } from '../core/distribution.ts';
import type { Executor, MapOptions, Part } from '../core/executor.ts';
import { CellState, futureAt, lengthOf, type Panel, seriesAt } from '../core/panel.ts';
import { constrainedMean, constrainQuantiles, type Support, supportOf } from '../core/support.ts';
import { FALLBACKS, fitOrFallBack } from '../models/fallback.ts';
import type { Context, Model, ModelSpec } from '../models/model.ts';
import { createModel } from '../models/registry.ts';
import { insampleScale } from './metrics.ts';
import { addErrors, TALLY_PROBABILITIES, TALLY_WIDTH } from './tally.ts';
import { planWindows, type Window, type WindowPlan } from './windows.ts';

/** What each thread needs to know to backtest its part. */
export interface BacktestInput extends Record<string, unknown> {
  readonly models: readonly ModelSpec[];
  readonly plan: Required<WindowPlan>;
  readonly seed: number;
  readonly support: Support;
  /** Whether model j is tried on series i, at i · models.length + j; shared between threads. */
  readonly eligible: Uint8Array;
}

/**
 * Forecasts and errors of all models on all windows. With n series, W windows, M models and horizon h,
 * `mean` and `sd` hold step s of model j on window w of series i at ((i·W + w)·M + j)·h + s; NaN where none.
 */
export interface Backtest {
  readonly models: readonly ModelSpec[];
  readonly windows: number;
  readonly h: number;
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  /** What happened, at (i·W + w)·h + s; NaN where not observed or past the window's length. */
  readonly actual: Float64Array;
  /** Cells hidden by window w of series i, at i·W + w; 0 where the series has no such window. */
  readonly hidden: Int32Array;
  /** Sums of errors, TALLY_WIDTH numbers at ((i·W + w)·M + j). */
  readonly tallies: Float64Array;
  /** 1 where a fallback served in place of the model, at (i·W + w)·M + j. */
  readonly fellBack: Uint8Array;
  /** In-sample mean absolute error of the seasonal naive before the reported window, one a series; NaN for none. */
  readonly scale: Float64Array;
  /** In-sample root mean squared error of the naive before the reported window, one a series. */
  readonly rootScale: Float64Array;
}

type Results = Omit<Backtest, 'models' | 'windows' | 'h'>;

/** What a thread receives: the results too, shared, each part being written by one thread alone. */
interface BacktestTask extends BacktestInput {
  readonly results: Results;
}

const allocate = (n: number, W: number, M: number, h: number): Results => ({
  mean: sharedFloat64(n * W * M * h),
  sd: sharedFloat64(n * W * M * h),
  actual: sharedFloat64(n * W * h),
  hidden: sharedInt32(n * W),
  tallies: sharedFloat64(n * W * M * TALLY_WIDTH),
  fellBack: sharedUint8(n * W * M),
  scale: sharedFloat64(n),
  rootScale: sharedFloat64(n),
});

/** Marks everything about the part's series as unknown. */
function blank({ mean, sd, actual, scale, rootScale }: Results, n: number, { from, to }: Part): void {
  for (const column of [mean, sd, actual, scale, rootScale]) {
    const width = column.length / n;
    column.fill(Number.NaN, from * width, to * width);
  }
}

/** The context in which models see a panel. */
export function contextOf(panel: Panel, season_length: number, seed: number): Context {
  return {
    freq: panel.freq,
    season_length,
    seed,
    knownFuture: panel.knownFuture.map(({ name, levels }) => (levels ? { name, levels } : { name })),
  };
}

/** What stays the same from series to series. */
interface Setting {
  readonly panel: Panel;
  readonly input: BacktestTask;
  readonly models: readonly Model[];
  readonly fallbacks: readonly Model[];
  readonly context: Context;
}

/** Forecasts window `w` of series `i` with every model that may serve it. */
function backtestWindow(setting: Setting, i: number, w: number, { hidden, length }: Window): void {
  const { panel, input, models, fallbacks, context } = setting;
  const { plan, eligible, results } = input;
  const { h, windows: W, season_length } = plan;
  const series = seriesAt(panel, i, hidden);
  const future = futureAt(panel, i, length, hidden);
  const support = supportOf(series.y, input.support);
  const cut = panel.offsets[i + 1]! - hidden;
  const actual = panel.y.subarray(cut, cut + length);
  const row = i * W + w;
  results.hidden[row] = hidden;
  results.actual.set(actual, row * h);
  if (w === 0) {
    const seasonal = insampleScale(series.y, season_length);
    // A series without a second season, or that repeats itself exactly, is scaled by its plain steps.
    results.scale[i] = seasonal > 0 ? seasonal : insampleScale(series.y);
    results.rootScale[i] = insampleScale(series.y, 1, 2);
  }
  const state = panel.state.subarray(cut, cut + length);
  for (let j = 0; j < models.length; j++) {
    if (eligible[i * models.length + j] === 0) continue;
    const fitted = fitOrFallBack(models[j]!, fallbacks, series, context, length, future);
    record(results, row * models.length + j, h, fitted, actual, state, support);
  }
}

/** Writes one model's forecast of one window, held to the support, and its errors at `cell`. */
function record(
  results: Results,
  cell: number,
  h: number,
  { distribution, fallback }: { distribution: Distribution; fallback?: string },
  actual: Float64Array,
  state: Uint8Array,
  support: Support,
): void {
  const mean = constrainedMean(distribution, support);
  const quantiles = TALLY_PROBABILITIES.map((p) => Float64Array.from(quantile(distribution, p)));
  constrainQuantiles(quantiles, support);
  // Where the shop is known to be shut nothing is sold, whatever the model says.
  for (let s = 0; s < state.length; s++) if (state[s] === CellState.closed) mean[s] = 0;
  results.mean.set(mean, cell * h);
  results.sd.set(spread(distribution), cell * h);
  results.fellBack[cell] = fallback === undefined ? 0 : 1;
  addErrors(results.tallies, cell, actual, mean, quantiles);
}

/** The task that executors run: backtests the series of one part and writes what it finds into the results. */
export function backtestPart(panel: Panel, part: Part, input: BacktestTask): void {
  const setting: Setting = {
    panel,
    input,
    models: input.models.map(createModel),
    fallbacks: FALLBACKS.map(createModel),
    context: contextOf(panel, input.plan.season_length, input.seed),
  };
  blank(input.results, panel.ids.length, part);
  for (let i = part.from; i < part.to; i++) {
    const windows = planWindows(lengthOf(panel, i), input.plan);
    for (let w = 0; w < windows.length; w++) backtestWindow(setting, i, w, windows[w]!);
  }
}

/**
 * Backtests all models on all series. The reported window (window 0) is the last h cells of each series;
 * the windows after it end before it begins.
 */
export async function backtest(
  panel: Panel,
  input: BacktestInput,
  executor: Executor,
  options: MapOptions = {},
): Promise<Backtest> {
  const { models, plan } = input;
  const results = allocate(panel.ids.length, plan.windows, models.length, plan.h);
  const task: BacktestTask = { ...input, results };
  await executor.map<void>('backtest', panel, task, options);
  return { models, windows: plan.windows, h: plan.h, ...results };
}
