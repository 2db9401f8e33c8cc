// The demand of one period as a hurdle: none at all, or one sales unit and a negative binomial number of further ones.
import type { Random } from '../core/random.ts';

/** Probabilities of the quantiles: the twentieths, and the tails of the 95, 98 and 99 % intervals. */
export const DEMAND_PROBABILITIES: readonly number[] = [
  0.005,
  0.01,
  0.025,
  ...Array.from({ length: 19 }, (_, i) => (i + 1) / 20),
  0.975,
  0.99,
  0.995,
];

/** Counts in the table of the distribution; sizes that would need more are counted in larger units. */
const CELLS = 4000;

/**
 * The unit that all sizes are whole multiples of: 1 for pieces, 6 for a product sold in sixes, 0.05 for weights in
 * steps of 50 g. Sizes without a common unit end up with a very small one.
 */
export function salesUnit(sizes: Float64Array): number {
  const least = 1e-6 * sizes.reduce((max, size) => Math.max(max, size), 0);
  let unit = 0;
  for (const size of sizes) {
    let a = size;
    let b = unit;
    while (b > least) {
      const rest = a % b;
      a = b;
      // What is a multiple but for rounding leaves almost nothing or almost everything.
      b = rest < least || b - rest < least ? 0 : rest;
    }
    unit = a;
  }
  return unit;
}

/** Sizes of demands: one sales unit and a negative binomial number of further ones. */
export interface SizeDistribution {
  /** Units of y in one sales unit. */
  readonly unit: number;
  /** Mean number of further sales units; their variance is excess + excess² / shape. */
  readonly excess: number;
  readonly shape: number;
}

/**
 * The sizes of demands from those seen and their `shares` (summing to 1): mean and variance, with one imagined demand
 * of twice the usual size and exponential spread added, give the negative binomial. Without that addition few demands
 * would promise that none larger ever comes. `size` is the mean size; by default that of the shares.
 */
export function demandSizes(
  sizes: Float64Array,
  shares: Float64Array,
  size: number = sizes.reduce((sum, each, j) => sum + shares[j]! * each, 0),
): SizeDistribution {
  let unit = salesUnit(sizes);
  let squares = 0;
  for (let j = 0; j < sizes.length; j++) squares += shares[j]! * shares[j]!;
  let variance = 0;
  for (let j = 0; j < sizes.length; j++) variance += shares[j]! * (sizes[j]! - size) ** 2;
  // As many equally counted demands would have the same shares squared.
  const known = 1 / squares;
  variance = (known * variance + size * size) / known;
  let excess = (known * Math.max(0, size - unit) + size) / (known + 1);
  const reach = excess + 12 * Math.sqrt(variance);
  unit = Math.max(unit, reach / CELLS);
  excess /= unit;
  // A negative binomial spreads at least as far as a Poisson.
  variance = Math.max(variance / (unit * unit), excess * (1 + 1e-6));
  return { unit, excess, shape: (excess * excess) / (variance - excess) };
}

/** Quantiles of a period's demand at DEMAND_PROBABILITIES, in units of y. */
export function demandQuantiles(
  { unit, excess, shape }: SizeDistribution,
  probability: number,
): Float64Array {
  const decay = Math.log(excess / (shape + excess));
  let log = -shape * Math.log1p(excess / shape);
  let cumulative = Math.exp(log);
  let count = 0;
  return Float64Array.from(DEMAND_PROBABILITIES, (p) => {
    const above = (p - (1 - probability)) / probability;
    if (above <= 0) return 0;
    while (cumulative < above && count < CELLS) {
      log += Math.log((count + shape) / (count + 1)) + decay;
      count++;
      cumulative += Math.exp(log);
    }
    return (count + 1) * unit;
  });
}

/** One period's demand, drawn. */
export function drawDemand(
  { unit, excess, shape }: SizeDistribution,
  probability: number,
  draw: Random,
): number {
  return draw.uniform() < probability ? unit * (1 + draw.negativeBinomial(excess, shape)) : 0;
}
