// The public API, in the order the data goes: collect → prepare → models → evaluate → select → forecast → explain → report.

import type { RowOptions } from './collect/options.ts';
import { readRows } from './collect/rows.ts';
import { type ForecastRow, forecastRows } from './forecast/forecast-rows.ts';
import { type ForecastOptions, forecastObservations, type Outcome } from './pipeline.ts';

export { writeShop } from './collect/demo-shop/files.ts';
export { type Shop, type ShopOptions, simulateShop } from './collect/demo-shop/shop.ts';
export { readFiles } from './collect/files.ts';
export type { ReadOptions, RowOptions } from './collect/options.ts';
export { readRows } from './collect/rows.ts';
export type { Checkpoint } from './core/checkpoint.ts';
export { type Distribution, quantile } from './core/distribution.ts';
export { DataError, Interrupted, UsageError } from './core/errors.ts';
export type { Executor } from './core/executor.ts';
export { type Frequency, frequency } from './core/frequency.ts';
export { cutPanel } from './core/moved-end.ts';
export type { Observations } from './core/observations.ts';
export { CellState, type Panel } from './core/panel.ts';
export type { Progress, ProgressListener } from './core/progress.ts';
export type { Support } from './core/support.ts';
export { type Anomaly, type AnomalyOptions, anomalies } from './evaluate/anomalies.ts';
export * as classification from './evaluate/classification.ts';
export * as metrics from './evaluate/metrics.ts';
export type { ScoreRow } from './evaluate/scores.ts';
export { type Change as ForecastChange, changeSince } from './explain/change.ts';
export {
  addedUp,
  type Contributions,
  contributionsOf,
  currentSeries,
  type Explainable,
} from './explain/contributions.ts';
export { type Explanation, explanationOf } from './explain/explanation.ts';
export { paragraph } from './explain/paragraph.ts';
export {
  type ChangePointOptions,
  type ChangePoints,
  changePoints,
  type Segment,
} from './features/change-points.ts';
export {
  type HolidayColumns,
  type HolidayOptions,
  holidayColumns,
  type OwnEvent,
} from './features/holidays/holiday-columns.ts';
export { type Holiday, type HolidayKind, holidayPlaces, holidaysOf } from './features/holidays/holidays.ts';
export { SHOP_EVENTS } from './features/holidays/shop-events.ts';
export { type ForecastRow, forecastRows } from './forecast/forecast-rows.ts';
export { type ForecastTable, interval, quantileColumn } from './forecast/forecast-table.ts';
export { type SamplePathOptions, samplePaths } from './forecast/sample-paths.ts';
export { type TotalRangeOptions, type TotalRanges, totalRanges } from './forecast/total-ranges.ts';
export { type Choice, type Update, updateForecast } from './forecast/update.ts';
export { type BinnedTable, binTable, type Feature } from './learn/trees/bins.ts';
export { gainImportance, partialDependence, permutationImportance } from './learn/trees/importance.ts';
export type { TreeModel } from './learn/trees/model.ts';
export { type OnnxOptions, treesToOnnx } from './learn/trees/onnx.ts';
export type { TreeOptions } from './learn/trees/options.ts';
export { type PredictOptions, predictTrees } from './learn/trees/predict.ts';
export { loadTrees, saveTrees } from './learn/trees/save.ts';
export { shapley } from './learn/trees/shap.ts';
export { type Training, trainTrees } from './learn/trees/train.ts';
export { additiveTable } from './models/additive.ts';
export { type BoostedOptions, type BoostedState, boosted } from './models/boosted.ts';
export type { DeepState } from './models/deep/forecaster.ts';
export type { DeepOptions } from './models/deep/options.ts';
export type { GlobalContext, GlobalModel } from './models/global-model.ts';
export { regressionTable } from './models/linear-regression.ts';
export type { Components, Context, Model, ModelSpec } from './models/model.ts';
export { createGlobal, createModel, MODELS } from './models/registry.ts';
export { type SimulationOptions, simulate } from './models/simulation.ts';
export {
  type Evaluation,
  evaluate,
  type ForecastOptions,
  forecastObservations,
  forecastPrepared,
  type Outcome,
} from './pipeline.ts';
export type { Change, Prepared } from './prepare/preparation.ts';
export { type PrepareOptions, prepare } from './prepare/prepare.ts';
export { type Profile, profile } from './prepare/profile.ts';
export { standardise } from './prepare/standardise.ts';
export { type Report, renderReport } from './report/report.ts';
export { inline } from './run/inline.ts';
export { threads } from './run/threads.ts';
export { type TreeCrew, treeCrew } from './run/tree-crew.ts';
export type { Effort, SegmentEffort } from './select/effort.ts';
export { listRuns, loadForecast, loadRun, removeRun } from './store/runs.ts';
export { openStore, type Store } from './store/store.ts';
export { openWork, type Work } from './store/work.ts';

/** A forecast as rows, with everything else that was found on the way. */
export interface Forecast extends Outcome {
  readonly rows: ForecastRow[];
}

/**
 * The one call: sales as an array of objects in, a forecast with intervals out. Columns are guessed (and the
 * guesses told in `notes`) unless `columns` names them.
 *
 *     const { rows, scores } = await forecast(sales, { h: 28 });
 *
 * Throws a UsageError for wrong options and a DataError for rows that cannot be used.
 */
export async function forecast(
  rows: readonly Readonly<Record<string, unknown>>[],
  options: ForecastOptions & { readonly columns?: RowOptions },
): Promise<Forecast> {
  const { columns, ...work } = options;
  const outcome = await forecastObservations(readRows(rows, columns), work);
  return { ...outcome, rows: forecastRows(outcome.forecast) };
}
