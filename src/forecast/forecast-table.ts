// Forecasts of many series: means and quantiles as columns, step by step ahead.
import { bounds } from '../core/distribution.ts';
import type { Frequency } from '../core/frequency.ts';

/** All columns are series-major: step s (0 = first period ahead) of series i is at i · h + s. */
export interface ForecastTable {
  readonly ids: readonly string[];
  readonly freq: Frequency;
  readonly h: number;
  /** Ordinal of the first forecast period, one a series. */
  readonly start: Int32Array;
  readonly mean: Float64Array;
  /** Ascending probabilities of the quantile columns. */
  readonly probabilities: readonly number[];
  /** One column a probability. */
  readonly quantiles: readonly Float64Array[];
  /** Interval levels in percent that the user asked for: [80, 95]. */
  readonly level: readonly number[];
  /** What forecast each series: "theta", or the weights of a blend: "0.6 theta + 0.4 seasonal-naive". */
  readonly model: readonly string[];
  /** Why a series was served by a fallback; undefined where it was not. */
  readonly fallback: readonly (string | undefined)[];
}

/** The quantile column of a probability; the table must have been made with it. */
export function quantileColumn(table: ForecastTable, probability: number): Float64Array {
  const k = table.probabilities.findIndex((p) => Math.abs(p - probability) < 1e-9);
  const column = table.quantiles[k];
  if (!column) throw new RangeError(`the forecast has no quantile ${probability}`);
  return column;
}

/** The lower and upper columns of an interval level in percent. */
export function interval(table: ForecastTable, level: number): { lo: Float64Array; hi: Float64Array } {
  const [low, high] = bounds(level);
  return { lo: quantileColumn(table, low), hi: quantileColumn(table, high) };
}
