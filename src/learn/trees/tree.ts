// A tree as plain data, and how a row finds its leaf.
import type { BinnedFeature } from './bins.ts';
import { BINS } from './kernels/kernels.ts';

/**
 * Inner node k sends a row to `left[k]` or `right[k]`: another node, or leaf −1 − child. A tree without nodes is leaf 0.
 */
export interface Tree {
  /** The feature asked about, one a node. */
  readonly feature: Int32Array;
  /** Of a number: values up to this go left. */
  readonly threshold: Float64Array;
  /** Of categories: where in `sets` the node's codes begin; −1 for numbers. */
  readonly set: Int32Array;
  /** Whether what is missing goes left. */
  readonly missingLeft: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Sets of codes that go left, a bit a code, as many words a node as its feature needs. */
  readonly sets: Uint32Array;
  readonly gain: Float64Array;
  /** Weight of the training rows that came to each node, and to each leaf. */
  readonly cover: Float64Array;
  readonly leafCover: Float64Array;
  /** What each leaf adds. */
  readonly value: Float64Array;
}

/** Words in which a set of that many codes fits. */
export const wordsOf = (levels: number): number => (levels + 31) >> 5;

/** Whether a value goes left at node k. */
export function goesLeft(
  { set, sets, threshold, missingLeft }: Tree,
  k: number,
  value: number,
  levels: number,
): boolean {
  if (Number.isNaN(value)) return missingLeft[k] === 1;
  const from = set[k]!;
  if (from < 0) return value <= threshold[k]!;
  return value >= 0 && value < levels && ((sets[from + (value >> 5)]! >>> (value & 31)) & 1) === 1;
}

/** The same split in terms of bins: 1 for each bin that goes left. */
export function binsLeft(tree: Tree, k: number, feature: BinnedFeature): Uint8Array {
  const out = new Uint8Array(BINS);
  out[0] = tree.missingLeft[k]!;
  for (let b = 1; b <= feature.count; b++) {
    const value = feature.levels > 0 ? feature.codes[b - 1]! : feature.upper[b - 1]!;
    out[b] = goesLeft(tree, k, value, feature.levels) ? 1 : 0;
  }
  return out;
}
