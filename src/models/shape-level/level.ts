// The level under a shape: means of blocks of periods, whose changes a ridge explains by time and by the level itself.
import { type AveragedRidge, averagedRidge, leverageOf } from '../../learn/linear/averaged-ridge.ts';
import type { Shape } from './shape.ts';

export interface LevelFit {
  /** Periods in a block. */
  readonly width: number;
  /** Whether levels are logarithms. */
  readonly log: boolean;
  /** The last level, and how many there are. */
  readonly last: number;
  readonly count: number;
  /** Undefined where there are too few levels: they then stay where they are. */
  readonly ridge: AveragedRidge | undefined;
  /** By how much each block's forecast change is less than that of the block before. */
  readonly damping: number;
  /** Errors of one block ahead, to draw from. */
  readonly errors: Float64Array;
}

/** Levels below which nothing is fitted to their changes. */
const LEAST_LEVELS = 4;
const COLUMNS = 3;
/** A shape that is almost nothing in a phase tells nothing about the level there. */
const LEAST_FACTOR = 0.02;

/** Means of blocks of `width` cells, without the shape; y holds whole cycles, and a cycle whole blocks. */
export function blockLevels(y: Float64Array, { kind, figure }: Shape, width: number): Float64Array {
  const m = figure.length;
  return Float64Array.from({ length: y.length / width }, (_, b) => {
    let total = 0;
    let share = 0;
    for (let t = b * width; t < (b + 1) * width; t++) {
      if (kind === 'multiplicative') {
        total += y[t]!;
        share += Math.max(LEAST_FACTOR, figure[t % m]!);
      } else {
        total += y[t]! - figure[t % m]!;
        share++;
      }
    }
    return total / share;
  });
}

/** Fits the changes of the levels. */
export function fitLevels(levels: Float64Array, width: number, log: boolean): LevelFit {
  const values = log ? levels.map(Math.log) : levels;
  const n = values.length;
  const changes = Float64Array.from({ length: n - 1 }, (_, t) => values[t + 1]! - values[t]!);
  const base = { width, log, last: values[n - 1]!, count: n };
  if (n < LEAST_LEVELS) return { ...base, ridge: undefined, damping: 1, errors: changes };
  const rows = new Float64Array((n - 1) * COLUMNS);
  for (let t = 1; t < n; t++) rows.set([1, t / n, values[t - 1]!], (t - 1) * COLUMNS);
  const ridge = averagedRidge(rows, changes, COLUMNS);
  return { ...base, ridge, damping: dampingOf(changes), errors: ridge.residuals };
}

/** Half, and more the longer changes last: their autocorrelation from one to the next. */
function dampingOf(changes: Float64Array): number {
  const mean = changes.reduce((sum, value) => sum + value, 0) / changes.length;
  let own = 0;
  let next = 0;
  for (let t = 0; t < changes.length; t++) {
    own += (changes[t]! - mean) ** 2;
    if (t > 0) next += (changes[t]! - mean) * (changes[t - 1]! - mean);
  }
  const correlation = own > 0 ? Math.min(1, Math.max(0, next / own)) : 0;
  return 0.5 + 0.5 * correlation;
}

/** The change that is forecast for block `index` (the first being 0) after one with this level, undamped. */
function changeFrom({ ridge, count }: LevelFit, index: number, level: number, z: Float64Array): number {
  if (!ridge) return 0;
  let change = 0;
  for (let j = 0; j < COLUMNS; j++) {
    const value = j === 0 ? 1 : j === 1 ? index / count : level;
    z[j] = (value - ridge.centre[j]!) / ridge.spread[j]!;
    change += ridge.coefficients[j]! * z[j]!;
  }
  return change;
}

/** What each level was expected to be from the one before, in units of y; NaN for the first. */
export function fittedLevels(fit: LevelFit, levels: Float64Array): Float64Array {
  const z = new Float64Array(COLUMNS);
  return levels.map((_, b) => {
    if (b === 0) return Number.NaN;
    const before = fit.log ? Math.log(levels[b - 1]!) : levels[b - 1]!;
    const expected = before + fit.damping * changeFrom(fit, b, before, z);
    return fit.log ? Math.exp(expected) : expected;
  });
}

/**
 * The share of what a level is off by that the next one is off by too. Estimates of it from n levels around a line are
 * too small by about (2 + 4 share) / n (Marriott and Pope 1954).
 */
function persistence({ coefficients, spread }: AveragedRidge, n: number): number {
  const share = Math.max(0, 1 + coefficients[2]! / spread[2]!);
  return Math.min(1, share + (2 + 4 * share) / n);
}

/**
 * The levels of the blocks ahead, in units of y; `error` gives what each is off by, in standard errors of a new one
 * (left out, the levels are the expected ones). What a level is off by fades as the ridge has it, without damping.
 */
export function levelsAhead(fit: LevelFit, blocks: number, error?: () => number): Float64Array {
  const { ridge, damping, count, log } = fit;
  const out = new Float64Array(blocks);
  const z = new Float64Array(COLUMNS);
  const kept = ridge ? persistence(ridge, count) : 1;
  let level = fit.last;
  let off = 0;
  let share = 1;
  for (let b = 0; b < blocks; b++) {
    share *= damping;
    level += share * changeFrom(fit, count + b, level, z);
    if (error) off = kept * off + error() * Math.sqrt(1 + (ridge ? leverageOf(ridge.inverse, z) : 0));
    out[b] = log ? Math.exp(Math.min(700, level + off)) : level + off;
  }
  return out;
}
