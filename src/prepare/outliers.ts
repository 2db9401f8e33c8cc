// Outliers by a seasonal-aware rule: values far from a running median and the usual deviation of their place in the season.
import { intermittencyClass } from './segments.ts';

export type OutlierRule = 'none' | 'clip' | 'missing';
export const OUTLIER_RULES: readonly OutlierRule[] = ['none', 'clip', 'missing'];

/** Robust standard deviations beyond which a value is an outlier; in 12 weeks of normal noise one day in 400 is. */
const LIMIT = 4;
/** Fewer observed values show no usual spread. */
const LEAST = 10;

/**
 * Running median over 2·half + 1 cells, of the observed values alone. The first and last whole window serve the ends too:
 * a cut window would hold an uneven part of the season.
 */
function runningMedian(y: Float64Array, half: number): Float64Array {
  const n = y.length;
  const out = new Float64Array(n);
  const window = new Float64Array(2 * half + 1);
  let size = 0;
  // The window is kept sorted: a cell enters and one leaves at each step.
  const place = (value: number): number => {
    let low = 0;
    let high = size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (window[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const enter = (value: number): void => {
    if (Number.isNaN(value)) return;
    const at = place(value);
    window.copyWithin(at + 1, at, size);
    window[at] = value;
    size++;
  };
  const leave = (value: number): void => {
    if (Number.isNaN(value)) return;
    const at = place(value);
    window.copyWithin(at, at + 1, size);
    size--;
  };
  const width = Math.min(n, 2 * half + 1);
  for (let t = 0; t < width; t++) enter(y[t]!);
  for (let t = 0; t < n; t++) {
    if (t > half && t + half < n) {
      leave(y[t - half - 1]!);
      enter(y[t + half]!);
    }
    const middle = size >> 1;
    out[t] = size % 2 === 1 ? window[middle]! : (window[middle - 1]! + window[middle]!) / 2;
  }
  return out;
}

const medianOf = (values: Float64Array): number => {
  const sorted = values.sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/**
 * The usual deviation of each place in the season: the median, and of two deviations the smaller, so that an outlier
 * seen once is not taken for a season while a peak seen twice is. NaN where a place was observed once only.
 */
function usualDeviations(deviation: Float64Array, m: number): Float64Array {
  const out = new Float64Array(m).fill(Number.NaN);
  for (let phase = 0; phase < m; phase++) {
    const values: number[] = [];
    for (let t = phase; t < deviation.length; t += m) {
      if (!Number.isNaN(deviation[t]!)) values.push(deviation[t]!);
    }
    if (values.length === 2) {
      const [a, b] = values as [number, number];
      out[phase] = Math.abs(a) < Math.abs(b) ? a : b;
    } else if (values.length > 2) out[phase] = medianOf(Float64Array.from(values));
  }
  return out;
}

export interface Bounds {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * The bounds of the usual, one a cell: running median over a season (7 periods at least) plus the usual deviation of the
 * place in the season, ± 4 robust standard deviations (1.4826 × the median absolute residual) of all residuals.
 * Undefined where no bounds can be trusted: intermittent series, and those with fewer than 10 observed values or
 * without spread. Cells whose place in the season was observed once only have infinite bounds.
 */
export function usualBounds(y: Float64Array, m: number): Bounds | undefined {
  const n = y.length;
  let observed = 0;
  let negative = false;
  for (let t = 0; t < n; t++) {
    if (Number.isNaN(y[t]!)) continue;
    observed++;
    if (y[t]! < 0) negative = true;
  }
  if (observed < LEAST || !['smooth', 'erratic'].includes(intermittencyClass(y))) return undefined;
  const season = n >= 2 * m ? m : 1;
  const centre = runningMedian(y, Math.max(3, season >> 1));
  if (season > 1) {
    const usual = usualDeviations(
      y.map((value, t) => value - centre[t]!),
      season,
    );
    for (let t = 0; t < n; t++) centre[t]! += usual[t % season]!;
  }
  // Each place in the season is fitted to one of its own values: as many of the smallest residuals say nothing.
  const residuals = y
    .map((value, t) => Math.abs(value - centre[t]!))
    .filter((r) => !Number.isNaN(r))
    .sort()
    .subarray(season > 1 ? season : 0);
  if (residuals.length < LEAST) return undefined;
  let scale = 1.4826 * medianOf(residuals);
  // More than half of the residuals are 0: the mean absolute residual, in units of a normal's spread.
  if (scale === 0) scale = (1.2533 * residuals.reduce((sum, r) => sum + r, 0)) / residuals.length;
  if (scale === 0) return undefined;
  const known = (t: number): boolean => !Number.isNaN(centre[t]!);
  const floor = negative ? Number.NEGATIVE_INFINITY : 0;
  return {
    low: centre.map((c, t) => (known(t) ? Math.max(floor, c - LIMIT * scale) : Number.NEGATIVE_INFINITY)),
    high: centre.map((c, t) => (known(t) ? c + LIMIT * scale : Number.POSITIVE_INFINITY)),
  };
}
