// Classical decomposition by moving averages, as R's `decompose()`, and the 90 % test for a season.
import { autocorrelations } from '../math/statistics.ts';

export type SeasonalKind = 'additive' | 'multiplicative';

export interface Decomposition {
  readonly kind: SeasonalKind;
  /** One value a phase of the season, phase 0 being the first cell: they sum to 0, or average 1. */
  readonly figure: Float64Array;
  /** The centred moving average in units of y, one value a cell; NaN in the half season at each end. */
  readonly trend: Float64Array;
}

/**
 * Whether a series has a season of m periods, by the test of the M4 competition and of R's `thetaf`:
 * the autocorrelation at lag m lies outside its 90 % band, |r_m| > 1.645 √((1 + 2 Σ_{k<m} r_k²) / n).
 * It answers no unless there are more than two seasons of cells, and below `cycles` seasons (the M4 convention is 3).
 */
export function hasSeason(y: Float64Array, m: number, { cycles = 2 }: { cycles?: number } = {}): boolean {
  if (m < 2 || y.length < cycles * m || y.length <= 2 * m) return false;
  const r = autocorrelations(y, m);
  let squares = 0;
  for (let k = 0; k < m - 1; k++) squares += r[k]! * r[k]!;
  let n = 0;
  for (let t = 0; t < y.length; t++) if (!Number.isNaN(y[t]!)) n++;
  return Math.abs(r[m - 1]!) > 1.645 * Math.sqrt((1 + 2 * squares) / n);
}

/** Centred moving average over one season; NaN at the ends and where under half of the window is observed. */
function centredAverage(y: Float64Array, m: number): Float64Array {
  const n = y.length;
  const half = Math.floor(m / 2);
  const even = m % 2 === 0;
  const out = new Float64Array(n).fill(Number.NaN);
  for (let t = half; t < n - half; t++) {
    let total = 0;
    let weight = 0;
    for (let j = -half; j <= half; j++) {
      const value = y[t + j]!;
      if (Number.isNaN(value)) continue;
      // An even season needs m + 1 cells, the outer two counting half each.
      const w = even && (j === -half || j === half) ? 0.5 : 1;
      total += w * value;
      weight += w;
    }
    if (weight >= m / 2) out[t] = total / weight;
  }
  return out;
}

/** Means of the detrended observed cells by phase; a phase that is never observed gets the neutral value. */
function figureOf(y: Float64Array, trend: Float64Array, m: number, kind: SeasonalKind): Float64Array {
  const figure = new Float64Array(m);
  const counts = new Float64Array(m);
  for (let t = 0; t < y.length; t++) {
    const detrended = kind === 'additive' ? y[t]! - trend[t]! : y[t]! / trend[t]!;
    if (!Number.isFinite(detrended)) continue;
    figure[t % m] = figure[t % m]! + detrended;
    counts[t % m] = counts[t % m]! + 1;
  }
  let total = 0;
  let phases = 0;
  for (let i = 0; i < m; i++) {
    if (counts[i] === 0) continue;
    figure[i] = figure[i]! / counts[i]!;
    total += figure[i]!;
    phases++;
  }
  const centre = total / phases;
  const neutral = kind === 'additive' ? 0 : 1;
  for (let i = 0; i < m; i++) {
    if (counts[i] === 0) figure[i] = neutral;
    else figure[i] = kind === 'additive' ? figure[i]! - centre : figure[i]! / centre;
  }
  return figure;
}

/** The series with its missing cells set to trend and season; the trend is held where it has no value. */
function filled(
  y: Float64Array,
  trend: Float64Array,
  figure: Float64Array,
  kind: SeasonalKind,
): Float64Array {
  const out = Float64Array.from(y);
  const known = trend.findIndex((value) => !Number.isNaN(value));
  let level = known < 0 ? Number.NaN : trend[known]!;
  for (let t = 0; t < out.length; t++) {
    if (!Number.isNaN(trend[t]!)) level = trend[t]!;
    if (!Number.isNaN(out[t]!)) continue;
    const season = figure[t % figure.length]!;
    out[t] = kind === 'additive' ? level + season : level * season;
  }
  return out;
}

/**
 * Splits a series into a trend (centred moving average), a fixed season of m periods, and the rest.
 * Without missing cells it equals R's `decompose(y, type)`. Missing cells (NaN) are filled with trend and season, so that
 * a gap does not tilt the moving average; the figure is averaged over observed cells alone.
 * It needs two full seasons: below that the trend has too few values to average over.
 */
export function decompose(y: Float64Array, m: number, kind: SeasonalKind = 'additive'): Decomposition {
  if (m < 2 || y.length < 2 * m) {
    throw new RangeError(`a season of ${m} needs at least ${2 * m} cells to decompose, not ${y.length}`);
  }
  let trend = centredAverage(y, m);
  let figure = figureOf(y, trend, m, kind);
  // Trend and season improve each other: after four passes what is left of a gap is far below any noise.
  for (let pass = 0; pass < 4 && y.some(Number.isNaN); pass++) {
    trend = centredAverage(filled(y, trend, figure, kind), m);
    figure = figureOf(y, trend, m, kind);
  }
  return { kind, figure, trend };
}

/** The series without its season: y − figure, or y / figure. Missing cells stay missing. */
export function deseasonalise(
  y: Float64Array,
  { kind, figure }: Pick<Decomposition, 'kind' | 'figure'>,
): Float64Array {
  const m = figure.length;
  return kind === 'additive' ? y.map((v, t) => v - figure[t % m]!) : y.map((v, t) => v / figure[t % m]!);
}
