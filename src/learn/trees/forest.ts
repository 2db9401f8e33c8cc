// A model's trees as records in one stretch of memory, so that walking them is a few loads a step.
import { BLOCK, type Forest, type Kernels } from './kernels/kernels.ts';
import type { TreeModel } from './model.ts';
import { wordsOf } from './tree.ts';

/** Bytes of a node: threshold (or where its set is), where its feature is in a block, left, right, kind. */
const NODE = 24;
const MISSING_LEFT = 1;
const CATEGORIES = 2;

/**
 * Packs trees for `walk`. Places are in bytes from the first node on; inner nodes of a tree come before its leaves, and a leaf
 * holds its value where a node has its threshold, and leads to itself. A set begins with how many levels there are.
 */
export function forestOf({ trees, features, outputs }: TreeModel, kernels: Kernels): Forest {
  let size = 0;
  for (const { feature, value, set } of trees) {
    size += NODE * (feature.length + value.length);
    for (let k = 0; k < feature.length; k++) {
      // Whole multiples of 8 keep thresholds where doubles should be.
      if (set[k]! >= 0) size += setBytes(features[feature[k]!]!.levels);
    }
  }
  const nodes = kernels.bytes(size);
  const places = kernels.places(2 * trees.length);
  const view = new DataView(nodes.buffer, nodes.byteOffset, nodes.byteLength);
  let root = 0;
  for (const [t, tree] of trees.entries()) {
    const { feature, threshold, set, sets, missingLeft, left, right, value } = tree;
    const leaves = root + NODE * feature.length;
    const placeOf = (child: number): number =>
      child < 0 ? leaves + NODE * (-1 - child) : root + NODE * child;
    places[2 * t] = root;
    places[2 * t + 1] = leaves;
    let end = leaves + NODE * value.length;
    for (let k = 0; k < feature.length; k++) {
      const node = root + NODE * k;
      const f = feature[k]!;
      let kind = missingLeft[k] === 1 ? MISSING_LEFT : 0;
      if (set[k]! < 0) view.setFloat64(node, threshold[k]!, true);
      else {
        const { levels } = features[f]!;
        kind += CATEGORIES;
        view.setUint32(node, end, true);
        view.setUint32(end, levels, true);
        for (let w = 0; w < wordsOf(levels); w++) view.setUint32(end + 4 + 4 * w, sets[set[k]! + w]!, true);
        end += setBytes(levels);
      }
      view.setUint32(node + 8, 8 * f * BLOCK, true);
      view.setUint32(node + 12, placeOf(left[k]!), true);
      view.setUint32(node + 16, placeOf(right[k]!), true);
      view.setUint32(node + 20, kind, true);
    }
    for (let l = 0; l < value.length; l++) {
      const node = leaves + NODE * l;
      view.setFloat64(node, value[l]!, true);
      view.setUint32(node + 12, node, true);
      view.setUint32(node + 16, node, true);
    }
    root = end;
  }
  return { nodes, trees: places, outputs };
}

const setBytes = (levels: number): number => 8 * Math.ceil((4 + 4 * wordsOf(levels)) / 8);
