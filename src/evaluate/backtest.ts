// Rolling-origin backtest: every model forecasts windows it has not seen, from the data before them alone.
import { sharedFloat64, sharedInt32, sharedUint8 } from '../core/buffer.ts';
import type { Executor, MapOptions, Part } from '../core/executor.ts';
import { lengthOf, type Panel } from '../core/panel.ts';
import type { Support } from '../core/support.ts';
import { FALLBACKS, fitOrFallBack } from '../models/fallback.ts';
import { type Context, contextOf, type Model, type ModelSpec } from '../models/model.ts';
import { createModel } from '../models/registry.ts';
import type { Track } from './global-backtest.ts';
import { insampleScale } from './metrics.ts';
import { outlookAt, type Records, record } from './record.ts';
import { TALLY_WIDTH } from './tally.ts';
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
 * Forecasts and errors of all models on all windows. With n series, W windows, M models and horizon h, the cell of
 * model j on window w of series i is (i·W + w)·M + j; NaN where there is no forecast.
 */
export interface Backtest extends Records {
  readonly models: readonly ModelSpec[];
  readonly windows: number;
  readonly h: number;
  /** Periods in one season. */
  readonly season_length: number;
  /** What happened, at (i·W + w)·h + s; NaN where not observed or past the window's length. */
  readonly actual: Float64Array;
  /** Cells hidden by window w of series i, at i·W + w; 0 where the series has no such window. */
  readonly hidden: Int32Array;
  /** Cells that window w of series i leaves to learn from, at i·W + w. */
  readonly history: Int32Array;
  /** In-sample mean absolute error of the seasonal naive before the reported window, one a series; NaN for none. */
  readonly scale: Float64Array;
  /** In-sample root mean squared error of the naive before the reported window, one a series. */
  readonly rootScale: Float64Array;
}

type Results = Omit<Backtest, 'models' | 'windows' | 'h' | 'season_length'>;

/** What a thread receives: the results too, shared, each part being written by one thread alone. */
interface BacktestTask extends BacktestInput {
  readonly results: Results;
}

const allocate = (n: number, W: number, M: number, h: number): Results => ({
  mean: sharedFloat64(n * W * M * h),
  sd: sharedFloat64(n * W * M * h),
  actual: sharedFloat64(n * W * h),
  hidden: sharedInt32(n * W),
  history: sharedInt32(n * W),
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

/** What stays the same from series to series. */
interface Setting {
  readonly panel: Panel;
  readonly input: BacktestTask;
  readonly models: readonly Model[];
  readonly fallbacks: readonly Model[];
  readonly context: Context;
}

/** Forecasts window `w` of series `i` with every model that may serve it. */
function backtestWindow(setting: Setting, i: number, w: number, window: Window): void {
  const { panel, input, models, fallbacks, context } = setting;
  const { plan, eligible, results } = input;
  const { h, windows: W, season_length } = plan;
  const outlook = outlookAt(panel, i, window, input.support);
  const { series, future, length, actual } = outlook;
  const row = i * W + w;
  results.hidden[row] = window.hidden;
  results.history[row] = lengthOf(panel, i) - window.hidden;
  results.actual.set(actual, row * h);
  if (w === 0) {
    const seasonal = insampleScale(series.y, season_length);
    // A series without a second season, or that repeats itself exactly, is scaled by its plain steps.
    results.scale[i] = seasonal > 0 ? seasonal : insampleScale(series.y);
    results.rootScale[i] = insampleScale(series.y, 1, 2);
  }
  for (let j = 0; j < models.length; j++) {
    if (eligible[i * models.length + j] === 0) continue;
    const fitted = fitOrFallBack(models[j]!, fallbacks, series, context, length, future);
    record(results, row * models.length + j, h, fitted, outlook);
  }
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

/** What models of the whole panel forecast, one track a model, to come; undefined for models of single series. */
export interface Tracks {
  readonly tracks: readonly (Promise<Track> | undefined)[];
  /** The places of the backtest's series among those of the tracks. */
  readonly places: Int32Array;
}

/** Copies the rows of the tracks to where the backtest has them. */
function placeTracks(
  results: Results,
  { models, plan: { windows: W, h }, eligible }: BacktestInput,
  tracks: readonly (Track | undefined)[],
  places: Int32Array,
): void {
  const M = models.length;
  for (const [j, track] of tracks.entries()) {
    if (!track) continue;
    for (const [k, i] of places.entries()) {
      if (eligible[k * M + j] === 0) continue;
      for (let w = 0; w < W; w++) {
        const [from, to] = [i * W + w, (k * W + w) * M + j];
        const copy = (name: 'mean' | 'sd' | 'tallies', width: number): void =>
          results[name].set(track[name].subarray(from * width, (from + 1) * width), to * width);
        copy('mean', h);
        copy('sd', h);
        copy('tallies', TALLY_WIDTH);
        results.fellBack[to] = track.fellBack[from]!;
      }
    }
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
  global?: Tracks,
): Promise<Backtest> {
  const { models, plan } = input;
  const M = models.length;
  const results = allocate(panel.ids.length, plan.windows, M, plan.h);
  // A model of the whole panel is tried on it beside this.
  const eligible = global
    ? input.eligible.map((yes, at) => (global.tracks[at % M] ? 0 : yes))
    : input.eligible;
  const task: BacktestTask = { ...input, eligible, results };
  const [tracks] = await Promise.all([
    Promise.all(global?.tracks ?? []),
    executor.map<void>('backtest', panel, task, options),
  ]);
  if (global) placeTracks(results, input, tracks, global.places);
  return { models, windows: plan.windows, h: plan.h, season_length: plan.season_length, ...results };
}
