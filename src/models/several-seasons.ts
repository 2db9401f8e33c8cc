// Taking several seasons out of a series by MSTL before a model without them is fitted, and putting them back.
import type { Distribution } from '../core/distribution.ts';
import type { SeasonalKind } from '../features/decomposition.ts';
import { type Mstl, mstl } from '../features/mstl.ts';

export interface SeasonsOptions {
  /** `auto` takes the kind that leaves the smaller errors; a multiplicative season needs values above 0. */
  readonly seasonal: 'auto' | SeasonalKind;
  readonly robust: boolean;
}

export interface SeveralSeasons {
  readonly kind: SeasonalKind;
  /** The latest cycle of each season, from the next period on: differences, or logarithms of factors. */
  readonly ahead: readonly Float64Array[];
  /** All seasons together in each cell: differences, or logarithms of factors. */
  readonly total: Float64Array;
  /** By how much the errors of a model of the rest are to be widened, for what the seasons have taken of the noise. */
  readonly widening: number;
}

/** The factor on the noise of a season that is set against its size, as for `shrunkenSeason`; 1 to 2.5 are alike. */
const SHRINKAGE = 1.5;

/** Cycles over which a phase is smoothed: half of them, but the 11, 15, 19, … of the paper at least. */
function windowOf(cycles: number, rank: number): number {
  const half = Math.floor(cycles / 2);
  return Math.max(11 + 4 * rank, half + 1 - (half % 2));
}

/** How many cycles stand behind the smoothed value of the last one: (Σw)² / Σw² of its tricube weights. */
function cyclesBehind(cycles: number, window: number): number {
  const count = Math.min(window, cycles);
  const reach = Math.max(1, count - 1 + Math.max(0, (window - cycles) >> 1));
  let sum = 0;
  let squares = 0;
  for (let r = 0; r < count; r++) {
    const w = (1 - Math.min(1, r / reach) ** 3) ** 3;
    sum += w;
    squares += w * w;
  }
  return (sum * sum) / squares;
}

/** Sum of squared errors in units of y². */
function squaresOf(y: Float64Array, { remainder }: Mstl, kind: SeasonalKind): number {
  let sum = 0;
  for (let t = 0; t < y.length; t++) {
    if (Number.isNaN(y[t]!)) continue;
    const error = kind === 'additive' ? remainder[t]! : y[t]! * (1 - Math.exp(-remainder[t]!));
    sum += error * error;
  }
  return sum;
}

/**
 * The seasons of the given periods (whole, ascending, each with more than two cycles in y; NaN: not observed), each of
 * them shrunk by its noise over its signal, so that a season which is nothing but noise vanishes.
 */
export function severalSeasons(
  y: Float64Array,
  periods: readonly number[],
  { seasonal, robust }: SeasonsOptions,
): SeveralSeasons {
  const n = y.length;
  const windows = periods.map((m, i) => windowOf(n / m, i));
  const candidates = (['additive', 'multiplicative'] as const)
    .filter((kind) => (seasonal === 'auto' || seasonal === kind) && periods.length > 0)
    .filter((kind) => kind === 'additive' || y.every((value) => !(value <= 0)))
    .map((kind) => {
      const parts = mstl(kind === 'additive' ? y : y.map(Math.log), periods, { windows, robust });
      return { kind, parts, squares: squaresOf(y, parts, kind) };
    });
  const total = new Float64Array(n);
  if (candidates.length === 0) return { kind: 'additive', ahead: [], total, widening: 1 };
  const { kind, parts } = candidates.reduce((a, b) => (b.squares < a.squares ? b : a));

  let squares = 0;
  let observed = 0;
  for (const error of parts.remainder) {
    if (Number.isNaN(error)) continue;
    squares += error * error;
    observed++;
  }
  let taken = 0;
  let doubt = 0;
  const ahead = periods.map((m, i) => {
    const season = parts.seasons[i]!;
    const last = season.slice(n - m);
    const centre = last.reduce((a, b) => a + b, 0) / m;
    const signal = last.reduce((sum, value) => sum + (value - centre) ** 2, 0);
    const behind = Math.max(1.5, cyclesBehind(n / m, windows[i]!));
    const noise = squares / (observed * (1 - 1 / behind)) / behind;
    const kept = signal > 0 ? Math.max(0, 1 - (SHRINKAGE * noise * (m - 1)) / signal) : 0;
    for (let t = 0; t < n; t++) total[t] = total[t]! + kept * season[t]!;
    taken += kept / behind;
    doubt += (kept * kept) / behind;
    return last.map((value) => kept * value);
  });
  return { kind, ahead, total, widening: Math.sqrt((1 + doubt) / (1 - Math.min(0.6, taken))) };
}

/** The series without its seasons. */
export const withoutSeasons = (y: Float64Array, { kind, total }: SeveralSeasons): Float64Array =>
  y.map((value, t) => (kind === 'additive' ? value - total[t]! : value / Math.exp(total[t]!)));

/** All seasons together at each of the h next periods. */
export function seasonsAhead(ahead: readonly Float64Array[], h: number): Float64Array {
  const out = new Float64Array(h);
  for (const season of ahead) for (let s = 0; s < h; s++) out[s] = out[s]! + season[s % season.length]!;
  return out;
}

/** Widens a forecast of the rest about its mean and puts the seasons back. */
export function withSeasons(
  d: Distribution,
  { kind, ahead, widening }: Pick<SeveralSeasons, 'kind' | 'ahead' | 'widening'>,
): Distribution {
  const h = d.mean.length;
  const season = seasonsAhead(ahead, h);
  const factor = season.map((value) => (kind === 'additive' ? 1 : Math.exp(value)));
  const add = season.map((value) => (kind === 'additive' ? value : 0));
  const place = (value: number, s: number): number =>
    factor[s]! * (d.mean[s]! + widening * (value - d.mean[s]!)) + add[s]!;
  const mean = d.mean.map(place);
  switch (d.kind) {
    case 'normal':
    case 'student':
      return { ...d, mean, sd: d.sd.map((sd, s) => sd * widening * factor[s]!) };
    case 'quantiles': {
      const count = d.probabilities.length;
      return { ...d, mean, values: d.values.map((value, i) => place(value, Math.floor(i / count))) };
    }
    case 'samples':
      return { ...d, mean, paths: d.paths.map((value, i) => place(value, i % h)) };
  }
}
