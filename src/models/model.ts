// The contract of a forecasting model: plain functions that fit one series and forecast it.
import type { Distribution } from '../core/distribution.ts';
import { ModelRefusal } from '../core/errors.ts';
import type { Frequency } from '../core/frequency.ts';
import type { Column, Future, Panel, Series } from '../core/panel.ts';
import type { Random } from '../core/random.ts';

/** What a model may know besides the series. */
export interface Context {
  readonly freq: Frequency;
  /** Periods in one season; 1 for none. */
  readonly season_length: number;
  /** Seeds whatever is random; the same seed gives the same bytes. */
  readonly seed: number;
  /** Names and category levels of the known-future columns, in the order of `series.known`. */
  readonly knownFuture: readonly Pick<Column, 'name' | 'levels'>[];
}

/** The context in which models see the series of a panel. */
export const contextOf = ({ freq, knownFuture }: Panel, season_length: number, seed: number): Context => ({
  freq,
  season_length,
  seed,
  knownFuture: knownFuture.map(({ name, levels }) => (levels ? { name, levels } : { name })),
});

/**
 * A forecasting model. `fit` and `forecast` are pure: they change neither their input nor the model.
 * State is plain data (numbers, strings, arrays and typed arrays), so that it crosses threads and disk.
 * `fit` throws a ModelRefusal for a series it cannot serve; the framework then falls back and says so.
 */
export interface Model<State = unknown> {
  readonly name: string;
  fit(series: Series, context: Context): State;
  forecast(state: State, h: number, future: Future): Distribution;
  /** The fit to `series` (the one it was fitted to) and the forecast of h steps, taken apart. */
  components(state: State, series: Series, h: number, future: Future): Components;
  /**
   * Whole futures drawn from the model, errors of one step carried into the next, path-major: step s of path k is at
   * k · h + s. Where a model has none, `simulate` joins the steps of its forecast.
   */
  simulate?(state: State, h: number, future: Future, paths: number, draw: Random): Float64Array;
}

/**
 * What a fit and a forecast are made of. Each part has n + h values in units of y: they add up to the one-step
 * fit of each of the n cells of the series (NaN where there is none yet, as in a seasonal naive's first season) and to the
 * forecast's mean at each of the h steps. What a cell is beyond its fit is the remainder. A part that a model does
 * not have is all 0. Multiplicative parts are given as what they add.
 */
export interface Components {
  readonly level: Float64Array;
  readonly trend: Float64Array;
  readonly seasonal: Float64Array;
  /** The effect of known-future columns, holidays and events. */
  readonly regressors: Float64Array;
}

/** A model as plain data: the registry makes the model from it in any thread. */
export interface ModelSpec {
  readonly model: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** How many cells are observed. */
export function observedCount(y: Float64Array): number {
  let count = 0;
  for (let t = 0; t < y.length; t++) if (!Number.isNaN(y[t]!)) count++;
  return count;
}

/** Throws a ModelRefusal unless the series has at least `least` observed values. */
export function requireObservations(name: string, y: Float64Array, least: number): void {
  const count = observedCount(y);
  if (count < least) {
    throw new ModelRefusal(
      `has ${count} observed value${count === 1 ? '' : 's'}; ${name} needs at least ${least}`,
    );
  }
}
