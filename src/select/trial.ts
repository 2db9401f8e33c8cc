// The trial: the reported window forecast by the blend and intervals that were chosen before it.
import { sharedFloat64, sharedInt32 } from '../core/buffer.ts';
import type { Executor, MapOptions, Part } from '../core/executor.ts';
import { futureAt, type Panel, seriesAt } from '../core/panel.ts';
import { constrainMean, constrainQuantiles, type Support, supportOf } from '../core/support.ts';
import type { Backtest } from '../evaluate/backtest.ts';
import { addErrors, TALLY_PROBABILITIES, TALLY_WIDTH } from '../evaluate/tally.ts';
import { FALLBACKS } from '../models/fallback.ts';
import { countsPieces, fitBlend, forecastBlend, isCounted } from '../models/fitted-blend.ts';
import { contextOf } from '../models/model.ts';
import { createModel } from '../models/registry.ts';
import { type Calibration, calibratedQuantiles } from './conformal.ts';
import type { WeighedRehearsal } from './rehearsal.ts';

/** What the chosen way said of the last h periods, series-major (i·h + s); NaN where there is no such cell. */
export interface Trial {
  readonly h: number;
  /** Cells hidden from each series; 0 where it was too short to be tried. */
  readonly hidden: Int32Array;
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  /** What happened. */
  readonly actual: Float64Array;
  readonly lo80: Float64Array;
  readonly hi80: Float64Array;
  /** Sums of errors, TALLY_WIDTH numbers a series. */
  readonly tallies: Float64Array;
}

/** What a thread receives: the trial too, shared, each part writing its own series' rows. */
interface TrialTask extends Record<string, unknown> {
  readonly backtest: Backtest;
  readonly rehearsal: WeighedRehearsal;
  /** Must not have seen the reported window. */
  readonly calibration: Calibration;
  readonly support: Support;
  readonly season_length: number;
  readonly seed: number;
  readonly trial: Trial;
}

/** Room for the trial of so many series. */
export function allocateTrial(series: number, h: number): Trial {
  const column = (): Float64Array => sharedFloat64(series * h);
  return {
    h,
    hidden: sharedInt32(series),
    mean: column(),
    sd: column(),
    actual: column(),
    lo80: column(),
    hi80: column(),
    tallies: sharedFloat64(series * TALLY_WIDTH),
  };
}

/**
 * The quantiles of series whose blend counts pieces: only means and spreads are kept of a backtest, so its counting
 * members are fitted to the cells before the window again.
 */
function countedQuantiles(panel: Panel, { backtest, season_length, seed }: TrialTask) {
  const { h, models: specs } = backtest;
  const models = specs.map((spec) => ({ spec, model: createModel(spec) }));
  const fallbacks = FALLBACKS.map(createModel);
  const context = contextOf(panel, season_length, seed);
  return (i: number, hidden: number, weights: Float64Array): Float64Array[] | undefined => {
    if (!isCounted(specs, weights)) return undefined;
    const future = futureAt(panel, i, h, hidden);
    const counting = weights.map((weight, j) => (countsPieces(specs[j]!) ? weight : 0));
    const blend = fitBlend(models, fallbacks, counting, seriesAt(panel, i, hidden), context, h, future);
    return forecastBlend(blend, h, future, createModel).counted?.(TALLY_PROBABILITIES);
  };
}

/** The task that executors run: tries the series of one part. */
export function tryPart(panel: Panel, part: Part, task: TrialTask): void {
  const { backtest, rehearsal, calibration, support, trial } = task;
  const { windows: W, h, models } = backtest;
  const counted = countedQuantiles(panel, task);
  const [low, high] = [TALLY_PROBABILITIES.indexOf(0.1), TALLY_PROBABILITIES.indexOf(0.9)];
  for (const column of [trial.mean, trial.sd, trial.actual, trial.lo80, trial.hi80])
    column.fill(Number.NaN, part.from * h, part.to * h);
  for (let i = part.from; i < part.to; i++) {
    const hidden = backtest.hidden[i * W]!;
    if (hidden === 0) continue;
    trial.hidden[i] = hidden;
    const at = i * W * h;
    const mean = rehearsal.mean.slice(at, at + h);
    const sd = rehearsal.sd.subarray(at, at + h);
    const held = supportOf(seriesAt(panel, i, hidden).y, support);
    const quantiles =
      counted(i, hidden, rehearsal.tried.subarray(i * models.length, (i + 1) * models.length)) ??
      calibratedQuantiles(calibration, i, mean, sd, backtest.scale[i]!);
    constrainMean(mean, held);
    constrainQuantiles(quantiles, held);
    addErrors(trial.tallies, i, backtest.actual.subarray(at, at + h), mean, quantiles);
    trial.mean.set(mean, i * h);
    trial.sd.set(sd, i * h);
    trial.actual.set(backtest.actual.subarray(at, at + h), i * h);
    trial.lo80.set(quantiles[low]!, i * h);
    trial.hi80.set(quantiles[high]!, i * h);
  }
}

/** Forecasts the reported window of every series with a calibration that has not seen it. */
export async function tryOut(
  panel: Panel,
  about: Pick<TrialTask, 'backtest' | 'rehearsal' | 'calibration' | 'support' | 'season_length' | 'seed'>,
  executor: Executor,
  options: MapOptions = {},
): Promise<Trial> {
  const trial = allocateTrial(panel.ids.length, about.backtest.h);
  const task: TrialTask = { ...about, trial };
  await executor.map<void>('trial', panel, task, options);
  return trial;
}
