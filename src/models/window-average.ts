// The window average: the mean of the last few values, or of the last few of the same phase of the season.
import { refuseUnknownOptions, UsageError } from '../core/errors.ts';
import { mean as meanOf, variance as varianceOf } from '../math/statistics.ts';
import { type Model, observedCount, requireObservations } from './model.ts';
import { levelAndSeason } from './parts.ts';

export interface WindowAverageOptions {
  /**
   * Periods in the window; defaults to one season, and to 4 where there is no season.
   * With `seasonal` it counts seasons and defaults to 4.
   */
  readonly window?: number;
  /** Whether each phase of the season is averaged by itself; defaults to false. */
  readonly seasonal?: boolean;
}

export interface WindowAverageState {
  /** The averages of the phases, the first being that of the next period; one value without `seasonal`. */
  readonly values: readonly number[];
  /** Variance of the errors one round (a period, or a season) ahead. */
  readonly sigma2: number;
  readonly window: number;
}

/** Mean of the observed cells among `window` cells, `lag` apart, that end at cell `end`; NaN where there are none. */
function windowMean(y: Float64Array, end: number, lag: number, window: number): number {
  let total = 0;
  let count = 0;
  for (let i = 0, t = end; i < window && t >= 0; i++, t -= lag) {
    if (Number.isNaN(y[t]!)) continue;
    total += y[t]!;
    count++;
  }
  return total / count;
}

/** The same, the window ending at the latest observed cell of that phase up to `end`. */
function latestMean(y: Float64Array, end: number, lag: number, window: number): number {
  let at = end;
  while (at >= 0 && Number.isNaN(y[at]!)) at -= lag;
  return windowMean(y, at, lag, window);
}

/**
 * Averages the last `window` periods; where none of them was observed, the window ends at the last observed one.
 * The spread is that of the errors the rule made in the past. A window of w periods follows the level as quickly as
 * simple exponential smoothing with alpha 2 / (w + 1) (Brown 1963), so further ahead the variance grows as it does
 * there: σ² (1 + k alpha²) after k more rounds.
 */
export function windowAverage(options: WindowAverageOptions = {}): Model<WindowAverageState> {
  refuseUnknownOptions('window-average', options, ['window', 'seasonal']);
  const { window: wanted, seasonal = false } = options;
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted >= 1)) {
    throw new UsageError(`window-average option "window" is ${wanted}; use a whole number of 1 or more.`);
  }
  if (typeof seasonal !== 'boolean') {
    throw new UsageError(`window-average option "seasonal" is "${seasonal}"; use true or false.`);
  }
  return {
    name: 'window-average',
    fit({ y }, { season_length }) {
      requireObservations('window-average', y, 1);
      const n = y.length;
      const lag = seasonal ? season_length : 1;
      const window = wanted ?? (!seasonal && season_length > 1 ? season_length : 4);
      const values = Array.from({ length: lag }, (_, p) => latestMean(y, n - lag + p, lag, window));
      const middle = meanOf(values);
      let squares = 0;
      let errors = 0;
      // Only full windows tell how well the rule does.
      for (let t = lag * window; t < n; t++) {
        const error = y[t]! - windowMean(y, t - lag, lag, window);
        if (Number.isNaN(error)) continue;
        squares += error * error;
        errors++;
      }
      const count = observedCount(y);
      // One value alone shows no spread; it is taken to be as uncertain as it is large.
      const spread = count > 1 ? varianceOf(y) : middle * middle;
      return {
        values: values.map((value) => (Number.isNaN(value) ? middle : value)),
        sigma2: errors > 0 ? squares / errors : spread * (1 + 1 / Math.min(count, window)),
        window,
      };
    },
    forecast({ values, sigma2, window }, h) {
      const lag = values.length;
      const alpha = 2 / (window + 1);
      const mean = Float64Array.from({ length: h }, (_, s) => values[s % lag]!);
      const sd = mean.map((_, s) => Math.sqrt(sigma2 * (1 + Math.floor(s / lag) * alpha * alpha)));
      return { kind: 'normal', mean, sd };
    },
    components({ values, window }, { y }, h) {
      const n = y.length;
      const lag = values.length;
      const fit = new Float64Array(n + h);
      // A cell's fit is the average of the window before it, full or not.
      for (let t = 0; t < n; t++) fit[t] = latestMean(y, t - lag, lag, window);
      for (let s = 0; s < h; s++) fit[n + s] = values[s % lag]!;
      return levelAndSeason(fit, n, lag);
    },
    simulate({ values, sigma2, window }, h, _future, paths, draw) {
      const lag = values.length;
      const alpha = 2 / (window + 1);
      const out = new Float64Array(paths * h);
      const level = new Float64Array(lag);
      for (let k = 0; k < paths; k++) {
        level.set(values);
        for (let s = 0; s < h; s++) {
          const error = Math.sqrt(sigma2) * draw.normal();
          out[k * h + s] = level[s % lag]! + error;
          level[s % lag] = level[s % lag]! + alpha * error;
        }
      }
      return out;
    },
  };
}
