// Trees with thresholds and leaves in order, from those that the loops have grown.
import { random } from '../../core/random.ts';
import type { BinnedFeature, BinnedTable } from './bins.ts';
import { type Limits, leafOutput } from './kernels/cuts.ts';
import { type Growth, MASSES } from './kernels/growth.ts';
import { BINS, type Kernels } from './kernels/kernels.ts';
import { LANES, lanesOf } from './kernels/lanes.ts';
import type { TreeSettings } from './options.ts';
import { type Tree, wordsOf } from './tree.ts';

/** A grown tree, and the rows of each of its leaves. */
export interface Grown {
  readonly tree: Tree;
  /** Lane after lane, in each leaf after leaf: leaf l begins at offsets[l] in the first lane, the last leaf ends at the next. */
  readonly rows: Uint32Array;
  readonly offsets: Uint32Array;
  /** Limits of the leaves' values, where features are monotone. */
  readonly limits: readonly Limits[];
}

/** The rows of leaf l of so many, lane after lane. */
export function rowsOfLeaf(rows: Uint32Array, offsets: Uint32Array, leaves: number, l: number): Uint32Array {
  const pieces: Uint32Array[] = [];
  for (let place = l; place < offsets.length; place += leaves + 1) {
    pieces.push(rows.subarray(offsets[place], offsets[place + 1]));
  }
  const [first, ...others] = pieces as [Uint32Array, ...Uint32Array[]];
  if (others.length === 0) return first;
  const own = new Uint32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    own.set(piece, at);
    at += piece.length;
  }
  return own;
}

/** Makes trees on one table; room is kept from tree to tree. */
export function grower(table: BinnedTable, settings: TreeSettings, kernels: Kernels) {
  const { features } = table;
  const width = features.length;
  const { lambda_l1, lambda_l2, feature_share, seed } = settings;
  const grow = kernels.grower(table, settings);

  /** Features of this tree: all, or a share that is drawn. */
  function drawFeatures(tree: number): Uint8Array {
    const usable = Uint8Array.from(features, ({ count }) => (count > 0 ? 1 : 0));
    if (feature_share === 1) return usable;
    const draw = random(seed, `features ${tree}`);
    const order = features.map((_, f) => f);
    for (let k = order.length - 1; k > 0; k--) {
      const other = draw.below(k + 1);
      [order[k], order[other]] = [order[other]!, order[k]!];
    }
    const chosen = new Uint8Array(width);
    for (const f of order.slice(0, Math.max(1, Math.round(feature_share * width)))) chosen[f] = usable[f]!;
    return chosen;
  }

  /** Splits by what the features' bins mean. */
  function nodesOf({ leaves, feature, bin, isMissingLeft, left, right, gain, cover, sets }: Growth) {
    const inner = leaves - 1;
    const threshold = new Float64Array(inner);
    const set = new Int32Array(inner).fill(-1);
    const words: number[] = [];
    for (let k = 0; k < inner; k++) {
      const asked = features[feature[k]!]!;
      if (asked.levels === 0) threshold[k] = asked.upper[bin[k]! - 1]!;
      else {
        set[k] = words.length;
        words.push(...setOf(asked, sets.subarray(BINS * k, BINS * (k + 1))));
      }
    }
    return {
      feature: new Int32Array(feature.subarray(0, inner)),
      threshold,
      set,
      missingLeft: new Uint8Array(isMissingLeft.subarray(0, inner)),
      left: new Int32Array(left.subarray(0, inner)),
      right: new Int32Array(right.subarray(0, inner)),
      sets: Uint32Array.from(words),
      gain: gain.slice(0, inner),
      cover: cover.slice(0, inner),
    };
  }

  /** The tree and the rows of its leaves as they are kept. */
  function finished(growth: Growth, rows: number): Grown {
    const { leaves, before, masses, ends, parent, isLeft, index } = growth;
    const nodes = nodesOf(growth);
    const lanes = lanesOf(rows);
    const value = new Float64Array(leaves);
    const leafCover = new Float64Array(leaves);
    const offsets = new Uint32Array(lanes * (leaves + 1));
    const limits: Limits[] = [];
    // Leaves in the order of their rows.
    const order = Array.from({ length: leaves }, (_, k) => k).sort(
      (a, b) => before[a]! - before[b]! || masses[MASSES * a]! - masses[MASSES * b]!,
    );
    for (let l = 0; l < leaves; l++) {
      const k = order[l]!;
      const [, g, h, low, high] = masses.subarray(MASSES * k, MASSES * (k + 1));
      limits.push({ low: low!, high: high! });
      if (leaves > 1) nodes[isLeft[k] === 1 ? 'left' : 'right'][parent[k]!] = -1 - l;
      value[l] = leafOutput(g!, h!, lambda_l1, lambda_l2, limits[l]!);
      leafCover[l] = h!;
      for (let lane = 0; lane < lanes; lane++) {
        const end = 2 * (k * LANES + lane);
        offsets[lane * (leaves + 1) + l] = ends[end]!;
        offsets[lane * (leaves + 1) + l + 1] = ends[end + 1]!;
      }
    }
    return { tree: { ...nodes, leafCover, value }, rows: index.subarray(0, rows), offsets, limits };
  }

  /**
   * Grows tree number `number` on the given rows; gradients are pairs from the kernels, g of row i at 2i. The leaves' values
   * are Newton's steps, not yet shrunk; their rows hold until the next tree is grown.
   */
  return (rows: Uint32Array, gradients: Float32Array, number: number): Grown =>
    finished(grow(rows, gradients, drawFeatures(number)), rows.length);
}

/** The categories that go left as words with a bit for each. */
function setOf({ levels, codes }: BinnedFeature, goesLeft: Uint8Array): Uint32Array {
  const words = new Uint32Array(wordsOf(levels));
  for (let b = 1; b <= codes.length; b++) {
    const code = codes[b - 1]!;
    if (goesLeft[b] === 1) words[code >> 5] = (words[code >> 5]! | (1 << (code & 31))) >>> 0;
  }
  return words;
}
