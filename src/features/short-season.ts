// A season told from less than two full rounds of it: from how far the cells that were seen twice agree.
// The shrinkage is James and Stein's (1961), as in shrunken-season.ts.
import { mean, median, variance } from '../math/statistics.ts';
import type { Season } from './shrunken-season.ts';

/** Pairs of cells one season apart that are needed to tell season from noise. */
const LEAST_PAIRS = 3;

/** A season with the noise that went into it. */
export interface ShortSeason extends Season {
  /** Variance of a phase's value, relative to the level where the season is multiplicative. */
  readonly noise: number;
}

/**
 * The season of m periods of a series of more than one and at most two seasons, or undefined where there is none to be
 * told. Cells seen twice give the yearly growth, which is taken out first, and the noise, by which the figure is
 * shrunk: a series that wanders does not agree with itself a season apart, and keeps none. Multiplicative where all
 * values are positive, else additive; missing cells (NaN) are passed over.
 */
export function shortSeason(y: Float64Array, m: number): ShortSeason | undefined {
  const n = y.length;
  if (m < 4 || n < m + LEAST_PAIRS) return undefined;
  const multiplicative = y.every((value) => !(value <= 0));
  const x = multiplicative ? y.map(Math.log) : y;
  const differences: number[] = [];
  for (let t = m; t < n; t++) {
    const difference = x[t]! - x[t - m]!;
    if (!Number.isNaN(difference)) differences.push(difference);
  }
  const pairs = differences.length;
  if (pairs < LEAST_PAIRS) return undefined;
  // Neighbouring pairs are alike, so that the growth is known about half as well as their number says.
  const raw = median(differences);
  const error = (4 * variance(differences)) / pairs;
  const growth = raw * Math.max(0, 1 - error / (raw * raw || 1));

  const figure = new Float64Array(m);
  const counts = new Uint8Array(m);
  for (let t = 0; t < n; t++) {
    const value = x[t]! - (growth * t) / m;
    if (Number.isNaN(value)) continue;
    figure[t % m] = figure[t % m]! + value;
    counts[t % m] = counts[t % m]! + 1;
  }
  const seen: number[] = [];
  let inverse = 0;
  for (let p = 0; p < m; p++) {
    if (counts[p] === 0) continue;
    figure[p] = figure[p]! / counts[p]!;
    seen.push(figure[p]!);
    inverse += 1 / counts[p]!;
  }
  const centre = mean(seen);
  const noise = (variance(differences) / 2) * (inverse / seen.length);
  const signal = variance(seen);
  const kept = 1 - noise / signal;
  // Differences of the size of a rounding are no season.
  if (!(kept > 0 && signal > 1e-24 * centre * centre)) return undefined;
  const full = figure.map((value, p) => (counts[p] === 0 ? 0 : kept * (value - centre)));
  return multiplicative
    ? { kind: 'multiplicative', figure: full.map(Math.exp), noise: kept * noise }
    : { kind: 'additive', figure: full, noise: kept * noise };
}
