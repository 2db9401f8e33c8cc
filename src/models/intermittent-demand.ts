// What Croston's method and its kin share: demands and the gaps between them, smoothed apart, and what they may be next.
import { ModelRefusal, refuseUnknownOptions, UsageError } from '../core/errors.ts';
import { DEMAND_PROBABILITIES, demandQuantiles } from './demand-distribution.ts';
import type { Model } from './model.ts';

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

export interface IntermittentState {
  /** Expected size of a demand, in units of y. */
  readonly size: number;
  /** Expected demands a period, at most 1. */
  readonly probability: number;
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
function averagedShares(sizes: Float64Array): Float64Array {
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

function checkWeight(model: string, option: string, value: number | undefined): void {
  if (value === undefined || (value >= 0 && value <= 1)) return;
  throw new UsageError(`${model} cannot have the option ${option} ${value}; give a number from 0 to 1.`);
}

/**
 * A model of intermittent demand from the probability that a period has a demand. The forecast is flat: probability
 * times size. Its distribution is nothing with 1 − probability, and otherwise a whole number of sales units.
 */
export function intermittentModel(
  name: string,
  options: IntermittentOptions,
  probability: (demands: Demands, y: Float64Array, beta: number | undefined) => number,
): Model<IntermittentState> {
  refuseUnknownOptions(name, options, ['alpha', 'beta']);
  const { alpha, beta = alpha } = options;
  checkWeight(name, 'alpha', alpha);
  checkWeight(name, 'beta', beta);
  return {
    name,
    fit({ y }) {
      const demands = readDemands(name, y);
      const { sizes } = demands;
      const shares = alpha === undefined ? averagedShares(sizes) : sharesOf(sizes.length, alpha);
      const size = sizes.reduce((sum, each, j) => sum + each * shares[j]!, 0);
      const chance = Math.min(1, probability(demands, y, beta));
      return { size, probability: chance, quantiles: demandQuantiles(sizes, shares, chance) };
    },
    forecast({ size, probability: chance, quantiles }, h) {
      const count = quantiles.length;
      const values = new Float64Array(h * count);
      for (let s = 0; s < h; s++) values.set(quantiles, s * count);
      return {
        kind: 'quantiles',
        mean: new Float64Array(h).fill(size * chance),
        probabilities: Float64Array.from(DEMAND_PROBABILITIES),
        values,
      };
    },
  };
}
