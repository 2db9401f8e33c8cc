// The Theta method (Assimakopoulos and Nikolopoulos 2000) in the form of Hyndman and Billah (2003).
import { refuseUnknownOptions } from '../core/errors.ts';
import type { Season } from '../features/shrunken-season.ts';
import { minimiseOnInterval } from '../math/minimise.ts';
import { type LinearForecast, mixtureMoments, mixturePaths } from './linear-forecast.ts';
import { type Model, requireObservations } from './model.ts';
import {
  adjusted,
  checkSeasonalChoice,
  chooseSeason,
  type SeasonalChoice,
  seasonalComponents,
  seasonIntoPaths,
  withSeason,
} from './seasonal-adjustment.ts';
import { fromFirstObserved, runningLine } from './theta-lines.ts';

export interface ThetaOptions {
  /** Which season is taken out first; defaults to `auto`: tested at 90 %, multiplicative where values allow it. */
  readonly seasonal?: SeasonalChoice;
  /** Whether the season is shrunk by its noise instead of tested; defaults to false, as the method is published. */
  readonly shrink?: boolean;
}

export interface ThetaState {
  readonly season: Season | undefined;
  /** Cells from the season's phase 0 to the end of the series. */
  readonly length: number;
  readonly alpha: number;
  /** Level of the deseasonalised series before its first cell. */
  readonly first: number;
  /** Level of the deseasonalised series at its end. */
  readonly level: number;
  /** Half the slope of the deseasonalised series, per period. */
  readonly drift: number;
  /** Periods by which the level lags behind a straight line, counted from the first period ahead. */
  readonly lag: number;
  /** Variance of one-step errors. */
  readonly variance: number;
}

const LEAST = 4;

/**
 * Simple exponential smoothing whose smoothing weight and first level have the least squared errors.
 * Given alpha the errors are linear in the first level, so that only alpha is searched.
 */
function smooth(y: Float64Array): Pick<ThetaState, 'alpha' | 'first' | 'level' | 'lag'> & { errors: number } {
  const n = y.length;
  let first = 0;
  const errors = (alpha: number): number => {
    let level = 0;
    let share = 1; // of the first level in the present one
    let cc = 0;
    let cy = 0;
    let yy = 0;
    for (let t = 0; t < n; t++) {
      const error = y[t]! - level;
      if (Number.isNaN(error)) continue;
      cc += share * share;
      cy += share * error;
      yy += error * error;
      level += alpha * error;
      share *= 1 - alpha;
    }
    first = cy / cc;
    return Math.max(0, yy - cy * first);
  };
  // Bounds as in R's ets; a coarse grid first, because the errors may have two valleys.
  const low = 1e-4;
  const high = 0.9999;
  const step = (high - low) / 10;
  let start = low;
  for (let i = 0, least = Infinity; i <= 10; i++) {
    const value = errors(low + i * step);
    if (value < least) {
      least = value;
      start = low + i * step;
    }
  }
  const from = Math.max(low, start - step);
  const to = Math.min(high, start + step);
  const { x: alpha } = minimiseOnInterval(errors, from, to, { tolerance: 1e-6 });
  const least = errors(alpha);
  return { alpha, first, errors: least, ...follow(y, alpha, first) };
}

/**
 * Smooths y with a given weight and first level. The same smoothing of time itself tells how far the level lags behind
 * a line. `levels` and `lags`, where given, receive both before each cell.
 */
function follow(
  y: Float64Array,
  alpha: number,
  first: number,
  levels?: Float64Array,
  lags?: Float64Array,
): { level: number; lag: number } {
  let level = first;
  let time = 1;
  for (let t = 0; t < y.length; t++) {
    if (levels) levels[t] = level;
    if (lags) lags[t] = t + 1 - time;
    if (Number.isNaN(y[t]!)) continue;
    level += alpha * (y[t]! - level);
    time += alpha * (t + 1 - time);
  }
  return { level, lag: y.length + 1 - time };
}

/** The forecast without the season, as exponential smoothing with a drift. */
function ahead({ alpha, level, drift, lag, variance }: ThetaState, h: number): LinearForecast {
  const mean = Float64Array.from({ length: h }, (_, s) => level + drift * (s + lag));
  const response = new Float64Array(h).fill(alpha).fill(1, 0, 1);
  return { weight: 1, mean, response, sd: new Float64Array(h).fill(Math.sqrt(variance)) };
}

/**
 * The Theta method: the season is taken out, simple exponential smoothing follows the level, and half the slope of the
 * straight line through the series is added per period ahead. Missing cells leave the level as it is.
 * Intervals are normal, with variance σ² (1 + (h − 1) α²) at step h; they leave out that the drift itself is estimated.
 * It refuses series of fewer than 4 observed values.
 */
export function theta(options: ThetaOptions = {}): Model<ThetaState> {
  refuseUnknownOptions('theta', options, ['seasonal', 'shrink']);
  const { seasonal = 'auto', shrink = false } = options;
  checkSeasonalChoice('theta', seasonal);
  return {
    name: 'theta',
    fit({ y }, { season_length }) {
      requireObservations('theta', y, LEAST);
      const observed = fromFirstObserved(y);
      const season = chooseSeason(observed, season_length, { seasonal, shrink });
      const plain = adjusted(observed, season);
      const { errors, ...smoothed } = smooth(plain);
      const line = runningLine(plain).end;
      const drift = line.slope / 2;
      return {
        season,
        length: plain.length,
        drift,
        ...smoothed,
        variance: errors / (line.count - 2),
      };
    },
    forecast: (state, h) => withSeason(mixtureMoments([ahead(state, h)]), state.season, state.length),
    components(state, { y }, h) {
      const { season, length, alpha, first, level, drift, lag } = state;
      const levels = new Float64Array(length + h).fill(level);
      const lags = Float64Array.from({ length: length + h }, (_, t) => t - length + lag);
      follow(adjusted(fromFirstObserved(y), season), alpha, first, levels, lags);
      return seasonalComponents(
        levels,
        lags.map((periods) => drift * periods),
        season,
        y.length - length,
      );
    },
    simulate: (state, h, _, paths, draw) =>
      seasonIntoPaths(mixturePaths([ahead(state, h)], paths, draw), h, state.season, state.length),
  };
}
