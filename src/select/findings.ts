// What was found of each series: weights, error scales, the trial and sums of errors, as columns.
import { sharedFloat64 } from '../core/buffer.ts';
import { TALLY_WIDTH } from '../evaluate/tally.ts';
import type { ModelSpec } from '../models/model.ts';
import { allocateTrial, type Trial } from './trial.ts';

/** What was found of each series, columns series-major; plain data. */
export interface Findings {
  /** The weight of model j for series i, at i · models + j. */
  readonly weights: Float64Array;
  /** How much wider or narrower the errors of a series are than its segment's. */
  readonly factor: Float64Array;
  /** In-sample error scales before the reported window, as in a `Backtest`. */
  readonly scale: Float64Array;
  readonly rootScale: Float64Array;
  readonly trial: Trial;
  /** Sums of errors of each model on the reported window, and on all; undefined where it was not tried at all. */
  readonly reported: readonly (Float64Array | undefined)[];
  readonly everywhere: readonly (Float64Array | undefined)[];
}

/** Room for what is found of so many series; only of the models in `wanted` are errors kept. */
export function allocateFindings(
  series: number,
  h: number,
  models: readonly ModelSpec[],
  wanted: (model: number) => boolean,
): Findings {
  const tallies = (): (Float64Array | undefined)[] =>
    models.map((_, j) => (wanted(j) ? new Float64Array(series * TALLY_WIDTH) : undefined));
  return {
    weights: sharedFloat64(series * models.length),
    factor: sharedFloat64(series),
    scale: sharedFloat64(series),
    rootScale: sharedFloat64(series),
    trial: allocateTrial(series, h),
    reported: tallies(),
    everywhere: tallies(),
  };
}

/** Copies rows, the k-th of which belongs to series[k], to their places among those of all series. */
export function placeRows(
  all: Float64Array | Int32Array,
  rows: Float64Array | Int32Array,
  series: Int32Array,
): void {
  const width = rows.length / series.length;
  for (const [k, i] of series.entries()) all.set(rows.subarray(k * width, (k + 1) * width), i * width);
}

/** Puts what was found of a group among what was found of all series. */
export function placeFindings(all: Findings, own: Findings, series: Int32Array): void {
  for (const name of ['weights', 'factor', 'scale', 'rootScale'] as const)
    placeRows(all[name], own[name], series);
  for (const name of ['hidden', 'mean', 'sd', 'actual', 'lo80', 'hi80', 'tallies'] as const)
    placeRows(all.trial[name], own.trial[name], series);
  for (const name of ['reported', 'everywhere'] as const) {
    for (const [j, rows] of own[name].entries()) {
      const place = all[name][j];
      if (rows && place) placeRows(place, rows, series);
    }
  }
}
