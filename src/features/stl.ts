// STL: a season that changes slowly and a trend, by local regression (Cleveland, Cleveland, McRae & Terpenning 1990).

export interface StlOptions {
  /** Seasons that smooth each phase, odd; defaults to 11, as in R's `mstl`. */
  readonly seasonWindow?: number;
  /** Periods that smooth the trend, odd; by default the least that keeps the season out of it. */
  readonly trendWindow?: number;
}

export interface Stl {
  readonly trend: Float64Array;
  readonly season: Float64Array;
  readonly remainder: Float64Array;
}

const nextOdd = (x: number): number => 2 * Math.floor(Math.ceil(x) / 2) + 1;

/** Tricube-weighted regression (degree 0 or 1) at x of y[from + 1] … y[from + n], of which left … right are near. */
function localFit(
  y: Float64Array,
  from: number,
  n: number,
  window: number,
  degree: 0 | 1,
  x: number,
  left: number,
  right: number,
  weights: Float64Array,
): number {
  let reach = Math.max(x - left, right - x);
  if (window > n) reach += Math.floor((window - n) / 2);
  let total = 0;
  for (let j = left; j <= right; j++) {
    const distance = Math.abs(j - x);
    let weight = 0;
    if (distance <= 0.001 * reach) weight = 1;
    else if (distance <= 0.999 * reach) {
      const u = distance / reach;
      const v = 1 - u * u * u;
      weight = v * v * v;
    }
    weights[j] = weight;
    total += weight;
  }
  if (!(total > 0)) return Number.NaN;
  let slope = 0;
  let centre = 0;
  if (degree === 1 && reach > 0) {
    for (let j = left; j <= right; j++) centre += weights[j]! * j;
    centre /= total;
    let squares = 0;
    for (let j = left; j <= right; j++) squares += weights[j]! * (j - centre) ** 2;
    squares /= total;
    if (Math.sqrt(squares) > 0.001 * (n - 1)) slope = (x - centre) / squares;
  }
  let sum = 0;
  for (let j = left; j <= right; j++) {
    sum += weights[j]! * (slope * (j - centre) + 1) * y[from + j - 1]!;
  }
  return sum / total;
}

/** Smooths n values of y from index `from` into out from index `to`; every `jump`-th point, straight lines between. */
function smooth(
  y: Float64Array,
  from: number,
  n: number,
  window: number,
  degree: 0 | 1,
  jump: number,
  out: Float64Array,
  to: number,
  weights: Float64Array,
): void {
  if (n < 2) {
    out[to] = y[from]!;
    return;
  }
  const step = Math.min(jump, n - 1);
  const half = (window + 1) >> 1;
  const fit = (i: number): number => {
    let left = 1;
    let right = n;
    if (window < n) {
      left = Math.min(Math.max(1, i - half + 1), n - window + 1);
      right = left + window - 1;
    }
    const value = localFit(y, from, n, window, degree, i, left, right, weights);
    return Number.isNaN(value) ? y[from + i - 1]! : value;
  };
  const line = (a: number, b: number): void => {
    const rise = (out[to + b - 1]! - out[to + a - 1]!) / (b - a);
    for (let j = a + 1; j < b; j++) out[to + j - 1] = out[to + a - 1]! + rise * (j - a);
  };
  let last = 1;
  out[to] = fit(1);
  for (let i = 1 + step; i <= n; i += step) {
    out[to + i - 1] = fit(i);
    line(last, i);
    last = i;
  }
  if (last < n) {
    out[to + n - 1] = fit(n);
    line(last, n);
  }
}

/** Averages of `span` neighbours: out[i] = mean of y[i] … y[i + span − 1]. */
function average(y: Float64Array, n: number, span: number, out: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < span; i++) sum += y[i]!;
  const count = n - span + 1;
  out[0] = sum / span;
  for (let i = 1; i < count; i++) {
    sum += y[i + span - 1]! - y[i - 1]!;
    out[i] = sum / span;
  }
  return count;
}

/**
 * Decomposes y, without gaps and longer than two seasons of m periods, without robustness weights: two passes, jumps
 * of a tenth of each window, as R's `stl` by default.
 */
export function stl(y: Float64Array, m: number, { seasonWindow = 11, trendWindow }: StlOptions = {}): Stl {
  const n = y.length;
  const trendSpan = trendWindow ?? nextOdd((1.5 * m) / (1 - 1.5 / seasonWindow));
  const lowSpan = nextOdd(m);
  const jump = (window: number): number => Math.ceil(window / 10);
  const length = n + 2 * m;
  const trend = new Float64Array(n);
  const season = new Float64Array(n);
  const cycle = new Float64Array(length);
  const work = new Float64Array(length);
  const other = new Float64Array(length);
  const weights = new Float64Array(length + 1);
  const phase = new Float64Array(Math.ceil(n / m));
  const smoothed = new Float64Array(phase.length + 2);
  for (let pass = 0; pass < 2; pass++) {
    for (let p = 0; p < m; p++) {
      const k = Math.floor((n - 1 - p) / m) + 1;
      for (let i = 0; i < k; i++) phase[i] = y[i * m + p]! - trend[i * m + p]!;
      smooth(phase, 0, k, seasonWindow, 0, jump(seasonWindow), smoothed, 1, weights);
      const span = Math.min(seasonWindow, k);
      const before = localFit(phase, 0, k, seasonWindow, 0, 0, 1, span, weights);
      const after = localFit(phase, 0, k, seasonWindow, 0, k + 1, k - span + 1, k, weights);
      smoothed[0] = Number.isNaN(before) ? smoothed[1]! : before;
      smoothed[k + 1] = Number.isNaN(after) ? smoothed[k]! : after;
      for (let i = 0; i < k + 2; i++) cycle[i * m + p] = smoothed[i]!;
    }
    let count = average(cycle, length, m, work);
    count = average(work, count, m, other);
    count = average(other, count, 3, work);
    smooth(work, 0, n, lowSpan, 1, jump(lowSpan), other, 0, weights);
    for (let t = 0; t < n; t++) {
      season[t] = cycle[m + t]! - other[t]!;
      work[t] = y[t]! - season[t]!;
    }
    smooth(work, 0, n, trendSpan, 1, jump(trendSpan), trend, 0, weights);
  }
  return { trend, season, remainder: y.map((v, t) => v - trend[t]! - season[t]!) };
}
