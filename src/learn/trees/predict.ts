// Predictions of trees for new rows.
import { UsageError } from '../../core/errors.ts';
import type { BinnedTable, Feature } from './bins.ts';
import type { TreeModel } from './model.ts';
import { objectiveOf } from './objectives.ts';
import { binsLeft, type Tree } from './tree.ts';

export interface PredictOptions {
  /** Whether scores are wanted as they are, before exponentials, probabilities and order; defaults to false. */
  readonly raw?: boolean;
  /** Added to the score of each row, as in training. */
  readonly offset?: Float64Array;
}

/** Rows that are walked together, so that their features stay near. */
const BLOCK = 1024;

/** The features of a model among those given, in the model's order; refuses what is absent or of another kind. */
export function inOrder(
  { features }: Pick<TreeModel, 'features'>,
  given: readonly Feature[],
): readonly Feature[] {
  const byName = new Map(given.map((feature) => [feature.name, feature]));
  return features.map(({ name, levels }) => {
    const found = byName.get(name);
    if (!found)
      throw new UsageError(`the trees were trained with the feature "${name}", which is not given.`);
    if ((found.levels !== undefined) !== levels > 0) {
      const [was, is] = levels > 0 ? ['categories', 'numbers'] : ['numbers', 'categories'];
      throw new UsageError(`feature "${name}" held ${was} when the trees were trained and holds ${is} now.`);
    }
    return found;
  });
}

/** Adds what a tree says of `count` rows, feature f of row r being at block[f · BLOCK + r], to scores `outputs` apart. */
function addBlock(
  { feature, threshold, set, sets, missingLeft, left, right, value }: Tree,
  levels: Int32Array,
  block: Float64Array,
  count: number,
  score: Float64Array,
  from: number,
  outputs: number,
): void {
  if (feature.length === 0) {
    for (let r = 0; r < count; r++) score[from + r * outputs]! += value[0]!;
    return;
  }
  for (let r = 0; r < count; r++) {
    let k = 0;
    do {
      const f = feature[k]!;
      const x = block[f * BLOCK + r]!;
      const words = set[k]!;
      let isLeft: boolean;
      if (Number.isNaN(x)) isLeft = missingLeft[k] === 1;
      else if (words < 0) isLeft = x <= threshold[k]!;
      else isLeft = x >= 0 && x < levels[f]! && ((sets[words + (x >> 5)]! >>> (x & 31)) & 1) === 1;
      k = isLeft ? left[k]! : right[k]!;
    } while (k >= 0);
    score[from + r * outputs]! += value[-1 - k]!;
  }
}

/**
 * Predictions, row-major over the model's outputs: one a row, or one a quantile (ascending) or class. The features are found
 * by name; a category that was never seen goes right at its split.
 */
export function predictTrees(
  model: TreeModel,
  given: readonly Feature[],
  { raw = false, offset }: PredictOptions = {},
): Float64Array {
  const features = inOrder(model, given);
  const { outputs, start, trees, settings } = model;
  const rows = features[0]!.values.length;
  const score = new Float64Array(rows * outputs);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < outputs; k++) score[i * outputs + k] = start[k]! + (offset?.[i] ?? 0);
  }
  const levels = Int32Array.from(model.features, (f) => f.levels);
  const block = new Float64Array(BLOCK * features.length);
  for (let from = 0; from < rows; from += BLOCK) {
    const count = Math.min(BLOCK, rows - from);
    for (const [f, { values }] of features.entries())
      block.set(values.subarray(from, from + count), f * BLOCK);
    for (const [t, tree] of trees.entries()) {
      addBlock(tree, levels, block, count, score, from * outputs + (t % outputs), outputs);
    }
  }
  if (!raw) objectiveOf(settings).link?.(score);
  return score;
}

/** Adds what a tree says of rows of a binned table to the scores of output k. */
export function addBinned(
  tree: Tree,
  table: BinnedTable,
  rows: Uint32Array,
  score: Float64Array,
  k: number,
  outputs: number,
): void {
  const { feature, left, right, value } = tree;
  const sides = Array.from(feature, (f, node) => binsLeft(tree, node, table.features[f]!));
  for (let r = 0; r < rows.length; r++) {
    const i = rows[r]!;
    let node = feature.length === 0 ? -1 : 0;
    while (node >= 0) {
      const bin = table.byColumn[feature[node]! * table.rows + i]!;
      node = sides[node]![bin] === 1 ? left[node]! : right[node]!;
    }
    score[i * outputs + k]! += value[-1 - node]!;
  }
}
