// The Theta method (Assimakopoulos and Nikolopoulos 2000) in the form of Hyndman and Billah (2003).
import { refuseUnknownOptions } from '../core/errors.ts';
import type { Season } from '../features/shrunken-season.ts';
import { minimiseOnInterval } from '../math/minimise.ts';
import { type Model, requireObservations } from './model.ts';
import {
  adjusted,
  checkSeasonalChoice,
  chooseSeason,
  type SeasonalChoice,
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
function smooth(y: Float64Array): { alpha: number; level: number; lag: number; errors: number } {
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
  // The same smoothing of time itself tells how far the level lags behind a line.
  let level = first;
  let time = 1;
  for (let t = 0; t < n; t++) {
    if (Number.isNaN(y[t]!)) continue;
    level += alpha * (y[t]! - level);
    time += alpha * (t + 1 - time);
  }
  return { alpha, level, lag: n + 1 - time, errors: least };
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
      const { alpha, level, lag, errors } = smooth(plain);
      const line = runningLine(plain).end;
      const drift = line.slope / 2;
      return {
        season,
        length: plain.length,
        alpha,
        level,
        drift,
        lag,
        variance: errors / (line.count - 2),
      };
    },
    forecast({ season, length, alpha, level, drift, lag, variance }, h) {
      const mean = new Float64Array(h);
      const sd = new Float64Array(h);
      for (let s = 0; s < h; s++) {
        mean[s] = level + drift * (s + lag);
        sd[s] = Math.sqrt(variance * (1 + s * alpha * alpha));
      }
      return withSeason({ mean, sd }, season, length);
    },
  };
}
