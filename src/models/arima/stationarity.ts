// How often a series must be differenced: KPSS (Kwiatkowski, Phillips, Schmidt & Shin 1992) for first differences, the
// strength of the season (Wang, Smith & Hyndman 2006) for seasonal ones; the rules of Hyndman's `auto.arima`.
import { stl } from '../../features/stl.ts';
import { difference } from './differencing.ts';

/** Critical value of the KPSS statistic for a level at 5 %. */
const KPSS_LIMIT = 0.463;
/** A season at least this strong is differenced away. */
const SEASON_LIMIT = 0.64;

/** Whether values are all the same but for rounding. NaN is passed over. */
export function isConstant(y: Float64Array): boolean {
  let first = Number.NaN;
  let size = 0;
  let spread = 0;
  for (let t = 0; t < y.length; t++) {
    const value = y[t]!;
    if (Number.isNaN(value)) continue;
    if (Number.isNaN(first)) first = value;
    size += Math.abs(value);
    spread += Math.abs(value - first);
  }
  return spread <= 1.5e-8 * size;
}

/** The KPSS statistic against a level, with a Bartlett window of 3√n / 13 lags. */
export function kpss(y: Float64Array): number {
  const n = y.length;
  let mean = 0;
  for (let t = 0; t < n; t++) mean += y[t]! / n;
  let sum = 0;
  let sums = 0;
  let variance = 0;
  for (let t = 0; t < n; t++) {
    const e = y[t]! - mean;
    sum += e;
    sums += sum * sum;
    variance += e * e;
  }
  const lags = Math.trunc((3 * Math.sqrt(n)) / 13);
  for (let lag = 1; lag <= lags; lag++) {
    let product = 0;
    for (let t = lag; t < n; t++) product += (y[t]! - mean) * (y[t - lag]! - mean);
    variance += 2 * (1 - lag / (lags + 1)) * product;
  }
  return sums / (n * variance);
}

/** First differences until the KPSS test is content. */
export function firstDifferences(y: Float64Array, most: number): number {
  let x: Float64Array = y.filter((v) => !Number.isNaN(v));
  let d = 0;
  while (d < most && x.length > 2 && !isConstant(x) && kpss(x) > KPSS_LIMIT) {
    x = difference(x, { d: 1, D: 0, m: 1 });
    d++;
  }
  return d;
}

/** The strength of the season of y, from 0 to 1; `filled` is y with its gaps bridged, more than two seasons long. */
export function seasonStrength(y: Float64Array, filled: Float64Array, m: number): number {
  const { season, remainder } = stl(filled, m, { seasonWindow: 11 });
  const variance = (value: (t: number) => number): number => {
    let count = 0;
    let sum = 0;
    for (let t = 0; t < y.length; t++) {
      if (Number.isNaN(y[t]!)) continue;
      count++;
      sum += value(t);
    }
    const mean = sum / count;
    let squares = 0;
    for (let t = 0; t < y.length; t++) if (!Number.isNaN(y[t]!)) squares += (value(t) - mean) ** 2;
    return squares;
  };
  return 1 - variance((t) => remainder[t]!) / variance((t) => remainder[t]! + season[t]!);
}

/** Seasonal differences until the season is weak. */
export function seasonalDifferences(y: Float64Array, filled: Float64Array, m: number, most: number): number {
  let D = 0;
  let x = y;
  let bridged = filled;
  while (D < most && x.length > 2 * m && !isConstant(x) && seasonStrength(x, bridged, m) > SEASON_LIMIT) {
    x = difference(x, { d: 0, D: 1, m });
    bridged = difference(bridged, { d: 0, D: 1, m });
    D++;
  }
  return D;
}
