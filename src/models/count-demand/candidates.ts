// What demand may be: negative binomials and hurdles with levels that follow it more or less, each with its likelihood.
import { salesUnit } from '../demand-distribution.ts';
import { type FollowedLevel, followLevel } from './level.ts';
import { logLikelihood, MOST, SHAPES } from './negative-binomial.ts';

/** Demand counted in sales units; NaN and −1 where nothing was observed. */
export interface Counts {
  /** Units of y in one sales unit. */
  readonly unit: number;
  /** Values over the unit, and the same as whole numbers. */
  readonly x: Float64Array;
  readonly counts: Int32Array;
}

/** One thing that demand may be. Means are in sales units. */
export interface Candidate {
  readonly weight: number;
  /** Index into SHAPES. */
  readonly shape: number;
  /** Of all demand for a negative binomial, of the sizes of demands for a hurdle. */
  readonly level: FollowedLevel;
}

export interface Candidates {
  readonly plain: readonly Candidate[];
  readonly hurdles: readonly Candidate[];
  /** Whether there is a demand, for all hurdles. */
  readonly chance: FollowedLevel;
}

/** Smoothing weights of levels. */
const WEIGHTS: readonly number[] = [0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5];
/** Each phase of a season has seen this many average demands before the first cell. */
const CAUTION = 20;
/** Means and probabilities this close to their ends are held there: no cell is certain. */
const MARGIN = 1e-3;
/**
 * Likelihoods count half. All candidates are wrong in much the same way, and the full likelihood would soon be sure of
 * one of them (Grünwald 2012).
 */
export const TEMPER = 0.5;
/** Candidates with less weight are left out. */
const LEAST_WEIGHT = 2e-3;
/** Cells of values without a common unit. */
const STEPS = 1000;

/** Counts y in its sales unit, or in thousandths of the largest value where that would be too fine. */
export function countUnits(y: Float64Array): Counts {
  const sizes = y.filter((value) => value > 0);
  const most = sizes.reduce((max, size) => Math.max(max, size), 0);
  let unit = salesUnit(sizes);
  if (most / unit > MOST) unit = most / STEPS;
  const x = y.map((value) => value / unit);
  return { unit, x, counts: Int32Array.from(x, (v) => (Number.isNaN(v) ? -1 : Math.round(v))) };
}

export const heldChance = (p: number): number => Math.min(1 - MARGIN, Math.max(MARGIN, p));
/** Mean of the sales units beyond the first in a demand of `size` units. */
export const beyondFirst = (size: number): number => Math.max(MARGIN, size - 1);

function meanOf(x: Float64Array): number {
  let total = 0;
  let count = 0;
  for (const value of x) {
    if (Number.isNaN(value)) continue;
    total += value;
    count++;
  }
  return total / count;
}

/** Levels of all smoothing weights, without and (m > 1) with a season. */
function levels(x: Float64Array, m: number, start: number, caution: number): FollowedLevel[] {
  return (m > 1 ? [1, m] : [1]).flatMap((season) =>
    WEIGHTS.map((weight) => {
      const found = followLevel(x, { weight, start, m: season, caution });
      const ahead = season === m ? found.ahead : new Float64Array(m).fill(found.last);
      return { ...found, ahead };
    }),
  );
}

/** Shares of candidates by their tempered likelihoods. */
function sharesOf(logs: readonly number[]): number[] {
  const top = Math.max(...logs);
  const shares = logs.map((log) => Math.exp(TEMPER * (log - top)));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}

/** log of the mean of exp(log), each log tempered. */
function evidence(logs: readonly number[]): number {
  const top = Math.max(...logs);
  const mean = logs.reduce((sum, log) => sum + Math.exp(TEMPER * (log - top)), 0) / logs.length;
  return TEMPER * top + Math.log(mean);
}

/** The mean of several followed levels. */
function blend(found: readonly FollowedLevel[], shares: readonly number[]): FollowedLevel {
  const mixed = (of: (each: FollowedLevel) => Float64Array): Float64Array =>
    of(found[0]!).map((_, t) => found.reduce((sum, each, i) => sum + shares[i]! * of(each)[t]!, 0));
  return {
    level: mixed((each) => each.level),
    mean: mixed((each) => each.mean),
    last: found.reduce((sum, each, i) => sum + shares[i]! * each.last, 0),
    ahead: mixed((each) => each.ahead),
  };
}

/** Every candidate that the likelihood leaves a chance. The season has m periods, 1 for none. */
export function weighCandidates({ x, counts }: Counts, m: number): Candidates {
  const mean = meanOf(x);
  const variance = meanOf(x.map((value) => (value - mean) ** 2));
  const all = levels(x, m, mean, CAUTION * Math.max(1, variance / mean));
  const plain = all.flatMap((level) =>
    SHAPES.map((_, shape) => ({
      level,
      shape,
      log: logLikelihood(counts, level.mean, shape, MARGIN * mean),
    })),
  );

  const often = x.map((value) => (Number.isNaN(value) ? value : Number(value > 0)));
  const chances = levels(often, m, meanOf(often), CAUTION);
  const chanceLogs = chances.map((chance) =>
    counts.reduce((log, k, t) => {
      if (k < 0) return log;
      const p = heldChance(chance.mean[t]!);
      return log + Math.log(k > 0 ? p : 1 - p);
    }, 0),
  );
  const sizes = x.map((value) => (value > 0 ? value : Number.NaN));
  const beyond = counts.map((k) => k - 1);
  const hurdles = levels(sizes, 1, meanOf(sizes), 0).flatMap((level) => {
    const means = level.mean.map(beyondFirst);
    const ahead = new Float64Array(m).fill(level.last);
    return SHAPES.map((_, shape) => ({
      level: { ...level, ahead },
      shape,
      log: logLikelihood(beyond, means, shape, MARGIN),
    }));
  });

  // Each kind has as much prior weight as the other, whatever the number of its candidates.
  const logs = [
    evidence(plain.map(({ log }) => log)),
    evidence(chanceLogs) + evidence(hurdles.map(({ log }) => log)),
  ];
  const isPlain = 1 / (1 + Math.exp(logs[1]! - logs[0]!));
  const weigh = (found: typeof plain, share: number): Candidate[] => {
    const shares = sharesOf(found.map(({ log }) => log));
    return found
      .map(({ level, shape }, i) => ({ level, shape, weight: share * shares[i]! }))
      .filter(({ weight }) => weight > LEAST_WEIGHT);
  };
  const kept = { plain: weigh(plain, isPlain), hurdles: weigh(hurdles, 1 - isPlain) };
  const total = [...kept.plain, ...kept.hurdles].reduce((sum, { weight }) => sum + weight, 0);
  const share = (each: Candidate): Candidate => ({ ...each, weight: each.weight / total });
  return {
    plain: kept.plain.map(share),
    hurdles: kept.hurdles.map(share),
    chance: blend(chances, sharesOf(chanceLogs)),
  };
}

/** The probability that all candidates together gave each count before it was seen; 1 where nothing was observed. */
export function probabilityOfEach(
  { x, counts }: Counts,
  { plain, hurdles, chance }: Candidates,
): Float64Array {
  const floor = MARGIN * meanOf(x);
  const total = new Float64Array(counts.length);
  const each = new Float64Array(counts.length);
  for (const { level, shape, weight } of plain) {
    logLikelihood(counts, level.mean, shape, floor, each);
    for (let t = 0; t < total.length; t++) total[t] = total[t]! + weight * Math.exp(each[t]!);
  }
  const beyond = counts.map((k) => k - 1);
  for (const { level, shape, weight } of hurdles) {
    logLikelihood(beyond, level.mean.map(beyondFirst), shape, MARGIN, each);
    for (let t = 0; t < total.length; t++) {
      const p = heldChance(chance.mean[t]!);
      total[t] = total[t]! + weight * (counts[t] === 0 ? 1 - p : p * Math.exp(each[t]!));
    }
  }
  return total.map((value, t) => (counts[t]! < 0 ? 1 : value));
}
