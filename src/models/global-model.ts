// The contract of a global model: one fit for all series of a panel, and a forecast of each.
import type { QuantileDistribution } from '../core/distribution.ts';
import type { Surroundings } from '../core/executor.ts';
import type { LossCurve } from '../core/loss-curve.ts';
import type { Panel } from '../core/panel.ts';
import type { Driver } from '../features/feature-table.ts';

/** What a global model may know besides the panel, and what a fit that takes long may have around it. */
export interface GlobalContext extends Surroundings {
  /** Periods to forecast; the fit is made for so many. */
  readonly h: number;
  /** Periods in one season; 1 for none. */
  readonly season_length: number;
  /** Seeds whatever is random; the same seed gives the same bytes. */
  readonly seed: number;
}

/** How much of the past a global model is tried on. */
export interface GlobalPlan {
  readonly h: number;
  readonly season_length: number;
  /** Fits before windows of the past; there is one more for the forecast. */
  readonly windows: number;
}

/** One way of being tried, with what it costs. */
export interface Effort {
  /** Options that make it so; those that the user gave stay. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Nominal milliseconds of all fits and forecasts. */
  readonly cost: number;
}

export interface GlobalForecastOptions {
  /**
   * Whether known-future columns may have gaps within the horizon; by default a gap is refused where the past has none.
   * Backtests allow it: what was never known of a past week is no reason not to try it.
   */
  readonly gaps?: boolean;
}

/** What something adds to a forecast: one value a step, in units of y. */
export interface Effect extends Driver {
  readonly values: Float64Array;
}

/**
 * A model of a whole panel. It forecasts what comes after the last cell of each series; a backtest hands it what `cutPanel`
 * left of the panel, so nothing after the cutoff can reach it. Known-future columns must reach over the horizon. All functions
 * are pure, and the state is plain data.
 */
export interface GlobalModel<State = unknown> {
  readonly name: string;
  /** `like` is a fit to another state of the same panel: what it chose is taken over where it can be, and nothing is searched. */
  fitAll(panel: Panel, context: GlobalContext, like?: State): State | Promise<State>;
  /**
   * Goes on from a fit on newer data of the same kind: in fewer steps, what was learned being the start, and data
   * read as it was. Not for backtests, since the fit may have seen what they hide. Throws where the panel does not fit the state.
   * Absent where a model can only be fitted anew.
   */
  fineTune?(state: State, panel: Panel, context: GlobalContext): State | Promise<State>;
  /** One distribution a series, of h steps each; series may be others than those of the fit. */
  forecastAll(
    state: State,
    panel: Panel,
    h: number,
    options?: GlobalForecastOptions,
  ): QuantileDistribution[] | Promise<QuantileDistribution[]>;
  /** What a user must hear of a fit, in sentences. */
  remarksOf?(state: State): readonly string[];
  /**
   * What the forecasts of the given series are made of: effects that add up to the mean of each step. Absent where a model
   * cannot tell.
   */
  effectsOf?(
    state: State,
    panel: Panel,
    h: number,
    series: ArrayLike<number>,
  ): Effect[][] | Promise<Effect[][]>;
  /** How each of its networks learned. Absent where a model has none. */
  curvesOf?(state: State): readonly LossCurve[];
}
