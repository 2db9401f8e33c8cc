// Rolling-origin backtest: every model forecasts windows it has not seen, from the data before them alone.
import { quantile, spread } from '../core/distribution.ts';
import type { Executor, MapOptions, Part } from '../core/executor.ts';
import { CellState, futureAt, lengthOf, type Panel, seriesAt } from '../core/panel.ts';
import { constrainedMean, constrainQuantiles, type Support, supportOf } from '../core/support.ts';
import { FALLBACKS, fitOrFallBack } from '../models/fallback.ts';
import type { Context, ModelSpec } from '../models/model.ts';
import { createModel } from '../models/registry.ts';
import { insampleScale } from './metrics.ts';
import { addErrors, TALLY_PROBABILITIES, TALLY_WIDTH } from './tally.ts';
import { planWindows, type WindowPlan } from './windows.ts';

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

type Arrays = Omit<Backtest, 'models' | 'windows' | 'h'>;

const allocate = (n: number, W: number, M: number, h: number): Arrays => ({
  mean: new Float64Array(n * W * M * h).fill(Number.NaN),
  sd: new Float64Array(n * W * M * h).fill(Number.NaN),
  actual: new Float64Array(n * W * h).fill(Number.NaN),
  hidden: new Int32Array(n * W),
  tallies: new Float64Array(n * W * M * TALLY_WIDTH),
  fellBack: new Uint8Array(n * W * M),
  scale: new Float64Array(n).fill(Number.NaN),
  rootScale: new Float64Array(n).fill(Number.NaN),
});

/** The context in which models see a panel. */
export function contextOf(panel: Panel, season_length: number, seed: number): Context {
  return {
    freq: panel.freq,
    season_length,
    seed,
    knownFuture: panel.knownFuture.map(({ name, levels }) => (levels ? { name, levels } : { name })),
  };
}

/** The task that executors run: backtests the series of one part. */
export function backtestPart(panel: Panel, part: Part, input: BacktestInput): Arrays {
  const { plan, support, eligible } = input;
  const { h, windows: W, season_length } = plan;
  const models = input.models.map(createModel);
  const fallbacks = FALLBACKS.map(createModel);
  const M = models.length;
  const out = allocate(part.to - part.from, W, M, h);

  for (let i = part.from; i < part.to; i++) {
    const row = i - part.from;
    const context = contextOf(panel, season_length, input.seed);
    const length = lengthOf(panel, i);
    for (const [w, { hidden, length: test }] of planWindows(length, plan).entries()) {
      const series = seriesAt(panel, i, hidden);
      const future = futureAt(panel, i, test, hidden);
      const held = supportOf(series.y, support);
      const end = panel.offsets[i + 1]!;
      const actual = panel.y.subarray(end - hidden, end - hidden + test);
      out.hidden[row * W + w] = hidden;
      out.actual.set(actual, (row * W + w) * h);
      if (w === 0) {
        const seasonal = insampleScale(series.y, season_length);
        // A series without a second season, or that repeats itself exactly, is scaled by its plain steps.
        out.scale[row] = seasonal > 0 ? seasonal : insampleScale(series.y);
        out.rootScale[row] = insampleScale(series.y, 1, 2);
      }
      for (let j = 0; j < M; j++) {
        if (eligible[i * M + j] === 0) continue;
        const cell = (row * W + w) * M + j;
        const { distribution, fallback } = fitOrFallBack(
          models[j]!,
          fallbacks,
          series,
          context,
          test,
          future,
        );
        const mean = constrainedMean(distribution, held);
        const quantiles = TALLY_PROBABILITIES.map((p) => Float64Array.from(quantile(distribution, p)));
        constrainQuantiles(quantiles, held);
        // Where the shop is known to be shut nothing is sold, whatever the model says.
        for (let s = 0; s < test; s++) {
          if (panel.state[end - hidden + s] === CellState.closed) mean[s] = 0;
        }
        out.mean.set(mean, cell * h);
        out.sd.set(spread(distribution), cell * h);
        out.fellBack[cell] = fallback === undefined ? 0 : 1;
        addErrors(out.tallies, cell, actual, mean, quantiles);
      }
    }
  }
  return out;
}

/** Joins the arrays of parts, in their order, into those of the whole panel. */
function join(parts: readonly Arrays[], whole: Arrays): void {
  const place: Record<string, number> = {};
  for (const part of parts) {
    for (const key of Object.keys(part) as (keyof Arrays)[]) {
      const at = place[key] ?? 0;
      whole[key].set(part[key], at);
      place[key] = at + part[key].length;
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
): Promise<Backtest> {
  const { models, plan } = input;
  const parts = await executor.map<Arrays>('backtest', panel, input, options);
  const whole = allocate(panel.ids.length, plan.windows, models.length, plan.h);
  join(parts, whole);
  return { models, windows: plan.windows, h: plan.h, ...whole };
}
