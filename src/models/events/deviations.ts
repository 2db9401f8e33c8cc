// What events do to groups of series beyond what they do to all: the deviations come from one normal law, whose width the data tell
// (empirical Bayes; Morris 1983), beside the same trend, week and year as the effects on all.
import { cholesky } from '../../learn/linear/shrunken.ts';
import { singularValues } from '../../math/singular-values.ts';
import type { EventFit } from './fit.ts';
import { sweep } from './sweep.ts';

/** Steps towards the width of the law, the square of it to start from, and the least. */
const STEPS = 30;
const START = 0.01;
const LEAST = 1e-8;
/** Sums that others are divided by are this at least. */
const TINY = 1e-9;
/** Share of the most that is told of any bump, added so that two that are always met together have axes too. */
const RIDGE = 1e-9;

/** What events do to each group. */
export interface Deviations {
  /** The logarithm of what each bump does beyond what it does to all, group by group. */
  readonly effects: readonly Float64Array[];
  /** Twice by how much the log likelihood of what groups sold gains by them. */
  readonly gain: number;
}

/** A group's sales along the axes of events, with their sum of squares. */
interface Axial {
  readonly along: Float64Array;
  readonly size: number;
}

/** Sums over the axes of one group at a penalty. */
function shrunk(
  { along, size }: Axial,
  values: Float64Array,
  lambda: number,
): { readonly left: number; readonly squares: number; readonly known: number } {
  let [left, squares, known] = [size, 0, 0];
  for (let j = 0; j < along.length; j++) {
    const told = values[j]! + lambda;
    const d = along[j]! / told;
    left -= along[j]! * d;
    squares += d * d;
    known += values[j]! / told;
  }
  return { left: Math.max(left, TINY), squares, known };
}

/** Finds the deviations of groups, of which is given what each sold beside all. */
export function deviations(fit: EventFit): (beside: readonly Float64Array[]) => Deviations {
  const { effects, seen, from, gram, penalties, against } = fit;
  const k = gram.p - from;
  if (k === 0) return (beside) => ({ effects: beside.map(() => new Float64Array(effects.length)), gain: 0 });
  // Trend, week and year are swept out of events and sales alike; what is left of events is told by its main axes.
  const swept = sweep(gram, from, penalties);
  const { values, vectors } = axesOf(swept.rest, k);
  const df = Math.max(1, gram.rows - penalties.subarray(0, from).filter((own) => own === 0).length);
  return (beside) => {
    const groups = beside.map((sales): Axial => {
      const { zy, yy } = against(sales);
      const { rest, explained } = swept.of(zy);
      const along = new Float64Array(k);
      for (let j = 0; j < k; j++) for (let i = 0; i < k; i++) along[j]! += vectors[j * k + i]! * rest[i]!;
      return { along, size: Math.max(yy - explained, TINY) };
    });
    const noise = Float64Array.from(groups, ({ size }) => size / df);
    // MacKay's (1992) fixed point, for all groups together; each has noise of its own.
    let width = START;
    for (let step = 0; step < STEPS; step++) {
      let [squares, known] = [0, 0];
      for (const [g, group] of groups.entries()) {
        const own = shrunk(group, values, noise[g]! / width);
        noise[g] = own.left / df;
        squares += own.squares;
        known += own.known;
      }
      width = Math.max(LEAST, squares / Math.max(known, TINY));
    }
    let gain = 0;
    const found = groups.map((group, g) => {
      const lambda = noise[g]! / width;
      gain += df * Math.log(group.size / shrunk(group, values, lambda).left);
      const out = new Float64Array(effects.length);
      for (let j = 0; j < k; j++) {
        gain -= Math.log(1 + values[j]! / lambda);
        const d = group.along[j]! / (values[j]! + lambda);
        for (let i = 0; i < k; i++) out[seen[i]!]! += d * vectors[j * k + i]!;
      }
      return out;
    });
    return { effects: found, gain };
  };
}

/** Eigenvalues of a symmetric k × k matrix and its vectors, one after the other; of its root, where they are found in fewer turns. */
function axesOf(
  matrix: Float64Array,
  k: number,
): { readonly values: Float64Array; readonly vectors: Float64Array } {
  const held = matrix.slice();
  const most = matrix.reduce((a, b) => Math.max(a, b), 0);
  for (let j = 0; j < k; j++) held[j * k + j]! += RIDGE * most;
  const root = cholesky(held, k);
  const columns = root.map((_, at) => {
    const [j, i] = [Math.floor(at / k), at % k];
    return i <= j ? root[i * k + j]! : 0;
  });
  const { values, vectors } = singularValues(columns, k, k);
  return { values: values.map((own) => own * own), vectors };
}
