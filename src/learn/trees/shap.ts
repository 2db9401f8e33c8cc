// What each feature adds to a prediction of trees: exact Shapley values of the trees' own conditional means
// (Lundberg et al. 2020, "From local explanations to global understanding with explainable AI for trees", algorithm 2).
import type { Feature } from './bins.ts';
import { columnsOf, featuresOf } from './columns.ts';
import type { TreeModel } from './model.ts';
import { goesLeft, type Tree } from './tree.ts';

/** A path from the root, one step a feature: shares of paths with the feature unknown (zero) and known (one), and weights. */
interface Path {
  readonly feature: Int32Array;
  readonly zero: Float64Array;
  readonly one: Float64Array;
  readonly weight: Float64Array;
}

const room = (steps: number): Path => ({
  feature: new Int32Array(steps),
  zero: new Float64Array(steps),
  one: new Float64Array(steps),
  weight: new Float64Array(steps),
});

/** Adds a step at place `at` of the path that begins at `from`, and updates the weights of subsets of each size. */
function extend(p: Path, from: number, at: number, zero: number, one: number, feature: number): void {
  p.feature[from + at] = feature;
  p.zero[from + at] = zero;
  p.one[from + at] = one;
  p.weight[from + at] = at === 0 ? 1 : 0;
  for (let i = at - 1; i >= 0; i--) {
    const k = from + i;
    p.weight[k + 1] = p.weight[k + 1]! + (one * p.weight[k]! * (i + 1)) / (at + 1);
    p.weight[k] = (zero * p.weight[k]! * (at - i)) / (at + 1);
  }
}

/** Takes step `k` out of a path whose last step is `last`, undoing what `extend` did for it. */
function unwind(p: Path, from: number, last: number, k: number): void {
  const one = p.one[from + k]!;
  const zero = p.zero[from + k]!;
  let next = p.weight[from + last]!;
  for (let i = last - 1; i >= 0; i--) {
    if (one !== 0) {
      const before = p.weight[from + i]!;
      p.weight[from + i] = (next * (last + 1)) / ((i + 1) * one);
      next = before - (p.weight[from + i]! * zero * (last - i)) / (last + 1);
    } else {
      p.weight[from + i] = (p.weight[from + i]! * (last + 1)) / (zero * (last - i));
    }
  }
  for (let i = k; i < last; i++) {
    p.feature[from + i] = p.feature[from + i + 1]!;
    p.zero[from + i] = p.zero[from + i + 1]!;
    p.one[from + i] = p.one[from + i + 1]!;
  }
}

/** The sum of the weights that a path would have without step `k`. */
function weightWithout(p: Path, from: number, last: number, k: number): number {
  const one = p.one[from + k]!;
  const zero = p.zero[from + k]!;
  let next = p.weight[from + last]!;
  let total = 0;
  for (let i = last - 1; i >= 0; i--) {
    if (one !== 0) {
      const own = (next * (last + 1)) / ((i + 1) * one);
      total += own;
      next = p.weight[from + i]! - own * zero * ((last - i) / (last + 1));
    } else total += p.weight[from + i]! / (zero * ((last - i) / (last + 1)));
  }
  return total;
}

/** Steps from node k down to its deepest leaf. */
const depthOf = (tree: Tree, k: number): number =>
  k < 0 ? 0 : 1 + Math.max(depthOf(tree, tree.left[k]!), depthOf(tree, tree.right[k]!));

/** The mean of a tree over the rows it was grown on. */
function meanOf({ value, leafCover }: Tree): number {
  let [total, cover] = [0, 0];
  for (let l = 0; l < value.length; l++) {
    total += value[l]! * leafCover[l]!;
    cover += leafCover[l]!;
  }
  return cover > 0 ? total / cover : (value[0] ?? 0);
}

/** Adds what one tree says of one row, given column by column, to the Shapley values of the features the columns are of. */
function addTree(
  tree: Tree,
  levels: Int32Array,
  owner: Int32Array,
  row: Float64Array,
  path: Path,
  out: Float64Array,
): void {
  const { feature, left, right, cover, leafCover, value } = tree;
  const coverOf = (child: number): number => (child >= 0 ? cover[child]! : leafCover[-1 - child]!);

  const walk = (k: number, before: number, steps: number, zero: number, one: number, by: number): void => {
    // Each level works on a copy of the path behind its parent's, as both branches start from the same.
    const from = before + steps;
    for (let i = 0; i < steps; i++) {
      path.feature[from + i] = path.feature[before + i]!;
      path.zero[from + i] = path.zero[before + i]!;
      path.one[from + i] = path.one[before + i]!;
      path.weight[from + i] = path.weight[before + i]!;
    }
    extend(path, from, steps, zero, one, by);
    if (k < 0) {
      const said = value[-1 - k]!;
      for (let i = 1; i <= steps; i++) {
        const weight = weightWithout(path, from, steps, i);
        const f = path.feature[from + i]!;
        out[f] = out[f]! + weight * (path.one[from + i]! - path.zero[from + i]!) * said;
      }
      return;
    }
    const column = feature[k]!;
    const f = owner[column]!;
    const isLeft = goesLeft(tree, k, row[column]!, levels[column]!);
    const [hot, cold] = isLeft ? [left[k]!, right[k]!] : [right[k]!, left[k]!];
    let [ownZero, ownOne, last] = [1, 1, steps];
    for (let i = 1; i <= steps; i++) {
      if (path.feature[from + i] !== f) continue;
      [ownZero, ownOne] = [path.zero[from + i]!, path.one[from + i]!];
      unwind(path, from, steps, i);
      last--;
      break;
    }
    // Rows without weight have no share of their own.
    const both = coverOf(hot) + coverOf(cold);
    const share = (child: number): number => (both > 0 ? coverOf(child) / both : 0.5);
    walk(hot, from, last + 1, ownZero * share(hot), ownOne, f);
    walk(cold, from, last + 1, ownZero * share(cold), 0, f);
  };
  walk(0, 0, 0, 1, 1, -1);
}

/**
 * Shapley values of each row, before exponentials, probabilities and order: the value of feature f for output k of row i is at
 * (i · outputs + k) · (features + 1) + f, in the order of the training table; at f = features stands the mean over the
 * training rows, so that the values of an output add up to its score.
 */
export function shapley(model: TreeModel, given: readonly Feature[]): Float64Array {
  const columns = columnsOf(model.features, given);
  const owner = featuresOf(model.features);
  const { outputs, trees, start } = model;
  const rows = columns[0]!.values.length;
  const width = owner.at(-1)! + 2;
  const levels = Int32Array.from(model.features, (f) => f.levels);
  const out = new Float64Array(rows * outputs * width);
  const deepest = Math.max(0, ...trees.map((tree) => depthOf(tree, tree.feature.length > 0 ? 0 : -1)));
  const path = room(((deepest + 2) * (deepest + 3)) / 2);
  const means = start.slice();
  for (const [t, tree] of trees.entries()) means[t % outputs] = means[t % outputs]! + meanOf(tree);
  const row = new Float64Array(columns.length);
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < columns.length; c++) row[c] = columns[c]!.values[i]!;
    for (let k = 0; k < outputs; k++) out[(i * outputs + k + 1) * width - 1] = means[k]!;
    for (const [t, tree] of trees.entries()) {
      if (tree.feature.length === 0) continue;
      const from = (i * outputs + (t % outputs)) * width;
      addTree(tree, levels, owner, row, path, out.subarray(from, from + width - 1));
    }
  }
  return out;
}
