// The negative binomial of a mean and a shape r, variance mean + mean² / r: from nearly geometric bursts to Poisson.
import { logGamma } from '../../math/special.ts';

/** Shapes that are tried; the last is a Poisson. */
export const SHAPES: readonly number[] = [0.1, 0.2, 0.35, 0.6, 1, 1.7, 3, 6, 15, 1e5];

/** The largest count that is told apart. */
export const MOST = 4000;

let tables: readonly Float64Array[] | undefined;

/** log Γ(k + r) / (Γ(r) k!) for k up to MOST, a table a shape. The shapes are fixed, so they are made once. */
function coefficients(): readonly Float64Array[] {
  tables ??= SHAPES.map((r) => {
    const table = new Float64Array(MOST + 1);
    for (let k = 1; k <= MOST; k++) table[k] = table[k - 1]! + Math.log((k - 1 + r) / k);
    return table;
  });
  return tables;
}

/** The log of the probability of a count under one mean and shape, as a function of the count. */
export function logChances(mean: number, shape: number): (k: number) => number {
  const table = coefficients()[SHAPES.indexOf(shape)];
  const none = -shape * Math.log1p(mean / shape);
  const step = -Math.log1p(shape / mean);
  const own = logGamma(shape);
  return (k) => none + k * step + (table?.[k] ?? logGamma(k + shape) - own - logGamma(k + 1));
}

/**
 * Log-likelihood of counts, each given its own mean; counts below 0 stand for cells that say nothing.
 * Means are held above `floor`. Where `each` is given, the log-likelihood of each count is written there.
 */
export function logLikelihood(
  counts: Int32Array,
  means: Float64Array,
  shape: number,
  floor: number,
  each?: Float64Array,
): number {
  const table = coefficients()[shape]!;
  const r = SHAPES[shape]!;
  const logR = Math.log(r);
  let total = 0;
  for (let t = 0; t < counts.length; t++) {
    const k = counts[t]!;
    if (k < 0) continue;
    const mean = Math.max(floor, means[t]!);
    const below = Math.log(r + mean);
    const log = table[k]! + r * (logR - below) + (k > 0 ? k * (Math.log(mean) - below) : 0);
    if (each) each[t] = log;
    total += log;
  }
  return total;
}
