// What Croston's method and its kin share: demands and the gaps between them, smoothed apart, and what they may be next.
import { ModelRefusal, refuseUnknownOptions, UsageError } from '../core/errors.ts';
import {
  DEMAND_PROBABILITIES,
  demandQuantiles,
  demandSizes,
  drawDemand,
  type SizeDistribution,
} from './demand-distribution.ts';
import type { Model } from './model.ts';
import { onlyLevel } from './parts.ts';

/** The periods of a series that had a demand. Periods that were not observed count nowhere. */
export interface Demands {
  /** Sizes of the demands, all above 0, oldest first. */
  readonly sizes: Float64Array;
  /** Periods from the demand before (from the start for the first) to each demand, itself included. */
  readonly gaps: Float64Array;
  /** Periods since the last demand. */
  readonly since: number;
}

export interface IntermittentOptions {
  /** Smoothing weight of demand sizes in [0, 1]; by default averaged over weights up to 0.5 by their likelihood. */
  readonly alpha?: number;
  /** Smoothing weight of gaps or of the probability; defaults to alpha where that is given, else averaged likewise. */
  readonly beta?: number;
}

/** What a model of intermittent demand finds in a series. */
interface Rate {
  /** Expected size of a demand, in units of y. */
  readonly size: number;
  /** Expected demands a period, at most 1. */
  readonly probability: number;
}

export interface IntermittentState extends Rate {
  readonly sizes: SizeDistribution;
  /** Quantiles of a period's demand at DEMAND_PROBABILITIES, the same at every step ahead. */
  readonly quantiles: Float64Array;
}

/** Smoothing weights that are averaged over. Above 0.5 the last two demands would tell almost everything. */
const WEIGHTS: readonly number[] = Array.from({ length: 11 }, (_, i) => i / 20);

/** Reads the demands of a series; refuses fewer than two demands and values below 0. */
export function readDemands(name: string, y: Float64Array): Demands {
  const sizes: number[] = [];
  const gaps: number[] = [];
  let since = 0;
  for (let t = 0; t < y.length; t++) {
    const value = y[t]!;
    if (Number.isNaN(value)) continue;
    if (value < 0)
      throw new ModelRefusal(`has the negative value ${value}; ${name} needs values of 0 or above`);
    since++;
    if (value === 0) continue;
    sizes.push(value);
    gaps.push(since);
    since = 0;
  }
  if (sizes.length < 2) {
    const found = sizes.length === 0 ? 'no value above 0' : 'one value above 0';
    throw new ModelRefusal(`has ${found}; ${name} needs at least two`);
  }
  return { sizes: Float64Array.from(sizes), gaps: Float64Array.from(gaps), since };
}

/** Mean of `value` over the smoothing weights, each counted by the likelihood whose logarithm comes with it. */
export function averageByLikelihood(
  at: (weight: number) => { readonly value: number; readonly log: number },
): number {
  const found = WEIGHTS.map(at);
  const top = Math.max(...found.map(({ log }) => log));
  let total = 0;
  let sum = 0;
  for (const { value, log } of found) {
    const share = Math.exp(log - top);
    total += share * value;
    sum += share;
  }
  return total / sum;
}

/** Mean size of the demands by their shares. */
export function usualSize({ sizes }: Demands, shares: Float64Array): number {
  return sizes.reduce((sum, size, j) => sum + size * shares[j]!, 0);
}

/** Shares of the demands in their exponentially smoothed size, which starts from the first demand. */
function sharesOf(count: number, alpha: number): Float64Array {
  return Float64Array.from({ length: count }, (_, j) =>
    j === 0 ? (1 - alpha) ** (count - 1) : alpha * (1 - alpha) ** (count - 1 - j),
  );
}

/**
 * Shares averaged over smoothing weights that start from the mean size, by the exponential (quasi-)likelihood of each
 * size given the smoothed size before it: it asks for no scale and bears sizes of very different magnitude.
 */
export function averagedShares(sizes: Float64Array): Float64Array {
  const count = sizes.length;
  const start = sizes.reduce((sum, size) => sum + size, 0) / count;
  const logs = WEIGHTS.map((alpha) => {
    let level = start;
    let log = 0;
    for (const size of sizes) {
      log -= size / level + Math.log(level / start);
      level += alpha * (size - level);
    }
    return log;
  });
  const top = Math.max(...logs);
  const counted = logs.map((log) => Math.exp(log - top));
  const total = counted.reduce((sum, share) => sum + share, 0);
  const shares = new Float64Array(count);
  WEIGHTS.forEach((alpha, i) => {
    const part = counted[i]! / total;
    const rest = (1 - alpha) ** count / count;
    for (let j = 0; j < count; j++) {
      shares[j] = shares[j]! + part * (alpha * (1 - alpha) ** (count - 1 - j) + rest);
    }
  });
  return shares;
}

export function checkWeight(model: string, option: string, value: number | undefined): void {
  if (value === undefined || (value >= 0 && value <= 1)) return;
  throw new UsageError(`${model} cannot have the option ${option} ${value}; give a number from 0 to 1.`);
}

/**
 * A model of intermittent demand from a size and a probability of demands. The forecast is flat: probability times
 * size. Its distribution is nothing with 1 − probability, and otherwise a whole number of sales units; periods are
 * independent of each other. `sharesOf` tells how much each demand counts in the distribution of sizes.
 */
export function flatModel(
  name: string,
  rateOf: (demands: Demands, y: Float64Array, shares: Float64Array) => Rate,
  sharesOf: (sizes: Float64Array) => Float64Array,
): Model<IntermittentState> {
  return {
    name,
    fit({ y }) {
      const demands = readDemands(name, y);
      const shares = sharesOf(demands.sizes);
      const { size, probability } = rateOf(demands, y, shares);
      const sizes = demandSizes(demands.sizes, shares, size);
      return { size, probability, sizes, quantiles: demandQuantiles(sizes, probability) };
    },
    forecast({ size, probability, quantiles }, h) {
      const count = quantiles.length;
      const values = new Float64Array(h * count);
      for (let s = 0; s < h; s++) values.set(quantiles, s * count);
      return {
        kind: 'quantiles',
        mean: new Float64Array(h).fill(size * probability),
        probabilities: Float64Array.from(DEMAND_PROBABILITIES),
        values,
      };
    },
    components({ size, probability }, { y }, h) {
      // The fit of a cell is what the model makes of the cells before it, from the second demand on.
      const level = new Float64Array(y.length + h).fill(Number.NaN);
      let demandsBefore = 0;
      for (let t = 0; t < y.length; t++) {
        if (demandsBefore >= 2) {
          const past = y.subarray(0, t);
          const demands = readDemands(name, past);
          const rate = rateOf(demands, past, sharesOf(demands.sizes));
          level[t] = rate.size * rate.probability;
        }
        if (y[t]! > 0) demandsBefore++;
      }
      level.fill(size * probability, y.length);
      return onlyLevel(level);
    },
    simulate({ sizes, probability }, h, _future, paths, draw) {
      return Float64Array.from({ length: paths * h }, () => drawDemand(sizes, probability, draw));
    },
  };
}

/** The model from the probability that a period has a demand; the size is that of the shares. */
export function intermittentModel(
  name: string,
  options: IntermittentOptions,
  probabilityOf: (demands: Demands, y: Float64Array, beta: number | undefined) => number,
): Model<IntermittentState> {
  refuseUnknownOptions(name, options, ['alpha', 'beta']);
  const { alpha, beta = alpha } = options;
  checkWeight(name, 'alpha', alpha);
  checkWeight(name, 'beta', beta);
  return flatModel(
    name,
    (demands, y, shares) => ({
      size: usualSize(demands, shares),
      probability: Math.min(1, probabilityOf(demands, y, beta)),
    }),
    (sizes) => (alpha === undefined ? averagedShares(sizes) : sharesOf(sizes.length, alpha)),
  );
}
