// Gap policies: what stands in a period that nobody observed.
import { decompose } from '../features/decomposition.ts';
import { mean, median } from '../math/statistics.ts';
import { smoothLocalLevel } from './local-level.ts';

/**
 * - `zero`: no row means nothing was sold;
 * - `missing`: left unknown, for models that can pass over it;
 * - `mean`, `median`: of the observed values of the series;
 * - `forward`: the last observed value;
 * - `linear`: on the straight line between the neighbouring observed values;
 * - `seasonal`: on the straight line between the neighbouring observed values of the same place in the season;
 * - `model`: season by classical decomposition, level by Kalman smoothing of a local level model.
 */
export type GapPolicy = 'zero' | 'missing' | 'mean' | 'median' | 'forward' | 'linear' | 'seasonal' | 'model';
export const GAP_POLICIES: readonly GapPolicy[] = [
  'zero',
  'missing',
  'mean',
  'median',
  'forward',
  'linear',
  'seasonal',
  'model',
];

/** Fills every `stride`-th cell from `first` on along straight lines; before and after, the nearest value is held. */
function interpolate(y: Float64Array, first: number, stride: number): void {
  let left = -1;
  for (let t = first; t < y.length; t += stride) {
    if (Number.isNaN(y[t]!)) continue;
    if (left < 0) for (let u = first; u < t; u += stride) y[u] = y[t]!;
    else {
      const slope = (y[t]! - y[left]!) / (t - left);
      for (let u = left + stride; u < t; u += stride) y[u] = y[left]! + slope * (u - left);
    }
    left = t;
  }
  if (left >= 0) for (let u = left + stride; u < y.length; u += stride) y[u] = y[left]!;
}

function fillConstant(y: Float64Array, value: number): void {
  for (let t = 0; t < y.length; t++) if (Number.isNaN(y[t]!)) y[t] = value;
}

function fillForward(y: Float64Array): void {
  let last = Number.NaN;
  for (let t = 0; t < y.length; t++) {
    if (Number.isNaN(y[t]!)) y[t] = last;
    else last = y[t]!;
  }
}

/** Interpolation inside each place of the season (imputeTS calls it `na_seasplit`); linear where a place has no value. */
function fillSeasonal(y: Float64Array, m: number): void {
  for (let phase = 0; phase < m; phase++) interpolate(y, phase, m);
  interpolate(y, 0, 1);
}

function fillByModel(y: Float64Array, m: number): void {
  let figure: Float64Array = new Float64Array(1);
  if (m > 1) {
    // Gaps would tilt the moving average; a first guess of them does not.
    const guess = y.slice();
    fillSeasonal(guess, m);
    figure = decompose(guess, m).figure;
  }
  const season = (t: number): number => figure[t % m]!;
  const level = smoothLocalLevel(y.map((value, t) => value - season(t)));
  for (let t = 0; t < y.length; t++) if (Number.isNaN(y[t]!)) y[t] = level[t]! + season(t);
}

/**
 * Fills every NaN of y in place by a policy; `m` is the season length in periods.
 * `seasonal` and `model` need two seasons of cells to know a season: shorter series are filled as if m were 1.
 */
export function fillGaps(y: Float64Array, policy: GapPolicy, m: number): void {
  const season = y.length >= 2 * m ? m : 1;
  switch (policy) {
    case 'missing':
      break;
    case 'zero':
      fillConstant(y, 0);
      break;
    case 'mean':
      fillConstant(y, mean(y));
      break;
    case 'median':
      fillConstant(y, median(y));
      break;
    case 'forward':
      fillForward(y);
      break;
    case 'linear':
      interpolate(y, 0, 1);
      break;
    case 'seasonal':
      fillSeasonal(y, season);
      break;
    case 'model':
      fillByModel(y, season);
      break;
  }
}
