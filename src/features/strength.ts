// Strength of season and trend (Wang, Smith and Hyndman 2006): the share of the rest's variance that each takes away.
import { mean } from '../math/statistics.ts';
import { decompose } from './decomposition.ts';

export interface Strength {
  /** 0 none … 1 all of what the trend leaves is season. */
  readonly season: number;
  /** 0 none … 1 all of what the season leaves is trend. */
  readonly trend: number;
}

/** Seasons of cells below which a strength would be made of noise. */
const LEAST_SEASONS = 2.5;

const clamp = (share: number): number => Math.min(1, Math.max(0, share));

/** Sums of squares around their means of the rest, of season + rest and of trend + rest, where all are known. */
function spreads(y: Float64Array, trend: Float64Array, figure: Float64Array) {
  const centre = mean(y);
  const sums = new Float64Array(6);
  let count = 0;
  let most = 0;
  for (let t = 0; t < y.length; t++) {
    const season = figure[t % figure.length]!;
    const detrended = y[t]! - trend[t]!;
    if (Number.isNaN(detrended)) continue;
    const parts = [detrended - season, detrended, y[t]! - centre - season];
    for (let k = 0; k < 3; k++) {
      sums[k] = sums[k]! + parts[k]!;
      sums[k + 3] = sums[k + 3]! + parts[k]! ** 2;
    }
    most = Math.max(most, Math.abs(y[t]!));
    count++;
  }
  // What rounding alone leaves of values this large counts as none.
  const noise = count * (1e-14 * most) ** 2;
  const squares = (k: number): number => {
    const total = sums[k + 3]! - sums[k]! ** 2 / count;
    return total > noise ? total : 0;
  };
  return { rest: squares(0), seasonRest: squares(1), trendRest: squares(2), count };
}

/**
 * The strengths of a season of m periods and of the trend, from a classical decomposition: 1 − var(R) / var(S + R) and
 * 1 − var(R) / var(T + R). Unlike the original, each variance of the rest is divided by the degrees of freedom that the
 * season leaves (as in an adjusted R²), so that noise scores about 0 however few the seasons are.
 * Undefined below 2½ seasons of cells and for a series without spread. Missing cells (NaN) are passed over.
 */
export function strength(y: Float64Array, m: number): Strength | undefined {
  const span = Math.max(m, 2);
  if (y.length < Math.ceil(LEAST_SEASONS * span) || y.length < 8) return undefined;
  // Without a season the trend is an average over seven periods.
  const window = m > 1 ? m : Math.min(7, y.length >> 1);
  const { trend, figure } = decompose(y, window);
  if (m === 1) figure.fill(0);
  const { rest, seasonRest, trendRest, count } = spreads(y, trend, figure);
  const freedom = count - (m > 1 ? Math.min(m, count) : 1);
  if (!(freedom > 0) || (seasonRest === 0 && trendRest === 0)) return undefined;
  const adjusted = (rest / freedom) * (count - 1);
  return {
    season: m > 1 && seasonRest > 0 ? clamp(1 - adjusted / seasonRest) : 0,
    trend: trendRest > 0 ? clamp(1 - adjusted / trendRest) : 0,
  };
}
