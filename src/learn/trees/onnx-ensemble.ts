// The trees of a model as attributes of ONNX's TreeEnsembleRegressor (onnx.ai/onnx/operators, ai.onnx.ml version 1).
import type { Attribute } from '../onnx/model.ts';
import { featuresOf } from './columns.ts';
import type { TreeModel } from './model.ts';
import type { Tree } from './tree.ts';

const words = new Int32Array(1);
const single = new Float32Array(words.buffer);

/** The largest number of single precision up to x: such numbers are on the same sides of both. */
export function singleUpTo(x: number): number {
  single[0] = x;
  if (single[0]! <= x) return single[0]!;
  // The next one down: bits count away from zero.
  if (single[0] === 0) return -(2 ** -149);
  words[0]! += single[0]! > 0 ? -1 : 1;
  return single[0]!;
}

/** The codes that go left at node k. */
function codesLeft({ set, sets }: Tree, k: number, levels: number): number[] {
  const from = set[k]!;
  const codes: number[] = [];
  for (let code = 0; code < levels; code++) {
    if ((sets[from + (code >> 5)]! >>> (code & 31)) & 1) codes.push(code);
  }
  return codes;
}

/** Nodes of one tree as they are numbered in the file. */
interface Numbered {
  /** The codes of each split by categories; undefined for numbers. */
  readonly codes: readonly (readonly number[] | undefined)[];
  /** The number of a child, be it node or leaf. */
  readonly numberOf: (child: number) => number;
}

/** A split by categories becomes a node a code, so that later nodes and the leaves move up. */
function numbered(tree: Tree, features: TreeModel['features']): Numbered {
  const { feature, set } = tree;
  const codes: (readonly number[] | undefined)[] = [];
  const first = new Int32Array(feature.length + 1);
  for (let k = 0; k < feature.length; k++) {
    codes.push(set[k]! < 0 ? undefined : codesLeft(tree, k, features[feature[k]!]!.levels));
    first[k + 1] = first[k]! + (codes[k]?.length ?? 1);
  }
  return { codes, numberOf: (child) => (child >= 0 ? first[child]! : first.at(-1)! - 1 - child) };
}

/**
 * The attributes of the ensemble. Thresholds are rounded down to single precision, which parts numbers of single precision
 * as before. A set of categories is a chain of questions, one a code that goes left, and all lead to the same node: the learner
 * makes sets of 32 codes at most, which scattered as they are would take more comparisons by size.
 */
export function ensembleOf({ trees, features, outputs, start }: TreeModel): Record<string, Attribute> {
  const owner = featuresOf(features);
  // Encoded columns stand behind the features.
  let appended = owner.at(-1)! + 1;
  const places = features.map(({ encoding }, c) => (encoding ? appended++ : owner[c]!));
  const treeIds: number[] = [];
  const nodeIds: number[] = [];
  const featureIds: number[] = [];
  const modes: string[] = [];
  const values: number[] = [];
  const trueIds: number[] = [];
  const falseIds: number[] = [];
  const missing: number[] = [];
  const targets = {
    trees: [] as number[],
    nodes: [] as number[],
    ids: [] as number[],
    weights: [] as number[],
  };
  for (const [t, tree] of trees.entries()) {
    let node = 0;
    const add = (
      mode: string,
      place: number,
      value: number,
      yes: number,
      no: number,
      tracks: number,
    ): void => {
      treeIds.push(t);
      nodeIds.push(node++);
      modes.push(mode);
      featureIds.push(place);
      values.push(value);
      trueIds.push(yes);
      falseIds.push(no);
      missing.push(tracks);
    };
    const { codes, numberOf } = numbered(tree, features);
    for (const [k, own] of codes.entries()) {
      const place = places[tree.feature[k]!]!;
      const tracks = tree.missingLeft[k]!;
      const [left, right] = [numberOf(tree.left[k]!), numberOf(tree.right[k]!)];
      if (!own) add('BRANCH_LEQ', place, singleUpTo(tree.threshold[k]!), left, right, tracks);
      else {
        for (const [c, code] of own.entries())
          add('BRANCH_EQ', place, code, left, c + 1 < own.length ? node + 1 : right, tracks);
      }
    }
    for (const value of tree.value) {
      targets.trees.push(t);
      targets.nodes.push(node);
      targets.ids.push(t % outputs);
      targets.weights.push(value);
      add('LEAF', 0, 0, 0, 0, 0);
    }
  }
  return {
    n_targets: { int: outputs },
    aggregate_function: { text: 'SUM' },
    post_transform: { text: 'NONE' },
    base_values: { floats: start },
    nodes_treeids: { ints: treeIds },
    nodes_nodeids: { ints: nodeIds },
    nodes_featureids: { ints: featureIds },
    nodes_modes: { texts: modes },
    nodes_values: { floats: values },
    nodes_truenodeids: { ints: trueIds },
    nodes_falsenodeids: { ints: falseIds },
    nodes_missing_value_tracks_true: { ints: missing },
    target_treeids: { ints: targets.trees },
    target_nodeids: { ints: targets.nodes },
    target_ids: { ints: targets.ids },
    target_weights: { floats: targets.weights },
  };
}
