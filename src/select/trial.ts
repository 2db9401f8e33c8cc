// The trial: the reported window forecast by the blend and intervals that were chosen before it.
import { type Panel, seriesAt } from '../core/panel.ts';
import { constrainMean, constrainQuantiles, type Support, supportOf } from '../core/support.ts';
import type { Backtest } from '../evaluate/backtest.ts';
import { addErrors, TALLY_PROBABILITIES, TALLY_WIDTH } from '../evaluate/tally.ts';
import { type Calibration, calibratedQuantiles } from './conformal.ts';
import type { Rehearsal } from './rehearsal.ts';

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

/** Forecasts window `w` of a rehearsal with intervals from `calibration`, which must not have seen that window. */
export function tryOut(
  panel: Panel,
  backtest: Backtest,
  rehearsal: Rehearsal,
  calibration: Calibration,
  support: Support,
  w = 0,
): Trial {
  const { windows: W, h } = backtest;
  const n = panel.ids.length;
  const blank = (): Float64Array => new Float64Array(n * h).fill(Number.NaN);
  const trial: Trial = {
    h,
    hidden: new Int32Array(n),
    mean: blank(),
    sd: blank(),
    actual: blank(),
    lo80: blank(),
    hi80: blank(),
    tallies: new Float64Array(n * TALLY_WIDTH),
  };
  const [low, high] = [TALLY_PROBABILITIES.indexOf(0.1), TALLY_PROBABILITIES.indexOf(0.9)];
  for (let i = 0; i < n; i++) {
    const hidden = backtest.hidden[i * W + w]!;
    if (hidden === 0) continue;
    trial.hidden[i] = hidden;
    const at = (i * W + w) * h;
    const mean = rehearsal.mean.slice(at, at + h);
    const sd = rehearsal.sd.subarray(at, at + h);
    const held = supportOf(seriesAt(panel, i, hidden).y, support);
    const quantiles = calibratedQuantiles(calibration, i, mean, sd, backtest.scale[i]!);
    constrainMean(mean, held);
    constrainQuantiles(quantiles, held);
    addErrors(trial.tallies, i, backtest.actual.subarray(at, at + h), mean, quantiles);
    trial.mean.set(mean, i * h);
    trial.sd.set(sd, i * h);
    trial.actual.set(backtest.actual.subarray(at, at + h), i * h);
    trial.lo80.set(quantiles[low]!, i * h);
    trial.hi80.set(quantiles[high]!, i * h);
  }
  return trial;
}
