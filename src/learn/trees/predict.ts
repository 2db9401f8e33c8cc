// Predictions of trees for new rows.
import type { BinnedTable, Feature } from './bins.ts';
import { columnsOf } from './columns.ts';
import { forestOf } from './forest.ts';
import { BLOCK, type Kernels } from './kernels/kernels.ts';
import { fastKernels } from './kernels/wasm.ts';
import type { TreeModel } from './model.ts';
import { objectiveOf } from './objectives.ts';
import { binsLeft, type Tree } from './tree.ts';

export interface PredictOptions {
  /** Whether scores are wanted as they are, before exponentials, probabilities and order; defaults to false. */
  readonly raw?: boolean;
  /** Added to the score of each row, as in training. */
  readonly offset?: Float64Array;
  /** Who walks the trees; defaults to one thread. */
  readonly kernels?: Kernels;
}

/**
 * Predictions, row-major over the model's outputs: one a row, or one a quantile (ascending) or class. The features are found
 * by name; a category that was never seen goes right at its split, or has the mean of all where it is encoded by its target.
 */
export function predictTrees(
  model: TreeModel,
  given: readonly Feature[],
  { raw = false, offset, kernels = fastKernels() }: PredictOptions = {},
): Float64Array {
  const features = columnsOf(model.features, given);
  const { outputs, start, settings } = model;
  const rows = features[0]!.values.length;
  const width = features.length;
  const out = new Float64Array(rows * outputs);
  kernels.scope(() => {
    const forest = forestOf(model, kernels);
    // Enough blocks at a time that each thread has some.
    const most = BLOCK * (kernels.threads === 1 ? 1 : 8 * kernels.threads);
    const blocks = kernels.sums(most * width);
    const score = kernels.sums(most * outputs);
    for (let from = 0; from < rows; from += most) {
      const count = Math.min(most, rows - from);
      for (let begin = 0; begin < count; begin += BLOCK) {
        const upto = Math.min(begin + BLOCK, count);
        for (let f = 0; f < width; f++) {
          const values = features[f]!.values.subarray(from + begin, from + upto);
          blocks.set(values, begin * width + f * BLOCK);
        }
      }
      for (let r = 0, at = 0; r < count; r++) {
        for (let k = 0; k < outputs; k++) score[at++] = start[k]! + (offset?.[from + r] ?? 0);
      }
      kernels.walk(forest, blocks, width, count, score);
      out.set(score.subarray(0, count * outputs), from * outputs);
    }
  });
  if (!raw) objectiveOf(settings).link?.(out);
  return out;
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
