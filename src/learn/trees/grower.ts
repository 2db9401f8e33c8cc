// Grows one tree leaf by leaf, the leaf that gains most first (Shi 2007; Ke et al. 2017), on histograms of gradients.
import { random } from '../../core/random.ts';
import type { BinnedFeature, BinnedTable } from './bins.ts';
import { ASKED, BINS, FOUND, type Kernels, type Side } from './kernels/kernels.ts';
import { isSummedApart, lanesOf, rowsOf, type Span, wholeSpan } from './kernels/lanes.ts';
import type { TreeSettings } from './options.ts';
import { type Limits, leafOutput, type Mass, type Split, splitFinder, writeSides } from './split.ts';
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

interface Leaf {
  readonly span: Span;
  /** Rows of the leaves to its left. */
  readonly before: number;
  readonly depth: number;
  readonly mass: Mass;
  readonly limits: Limits;
  /** Features that may still be asked about below: 1 for yes. */
  readonly allowed: Uint8Array;
  side: Side | undefined;
  split: Split | undefined;
  /** The node above and the side it hangs on; −1 for the root. */
  readonly parent: number;
  readonly isLeft: boolean;
  /** Features asked about above, where interactions are limited. */
  readonly path: readonly number[];
}

interface Node {
  readonly split: Split;
  readonly mass: Mass;
  left: number;
  right: number;
}

const NO_LIMITS: Limits = { low: -Infinity, high: Infinity };

/** Makes trees on one table; room for rows and histograms is kept from tree to tree. */
export function grower(table: BinnedTable, settings: TreeSettings, kernels: Kernels) {
  const { features, rows: N } = table;
  const [byRow, byColumn] = [kernels.within(table.byRow), kernels.within(table.byColumn)];
  const places = kernels.places(N);
  const spares = kernels.places(N);
  const sides = kernels.bytes(BINS);
  const width = features.length;
  const { leaves, max_depth, lambda_l1, lambda_l2, monotone, interactions, feature_share, seed } = settings;
  const { ask, bestSplit } = splitFinder(features, settings);
  const counts = kernels.bytes(width);
  counts.set(features.map(({ count }) => count));
  const grid = { byRow, width, counts, room: kernels.sums(2 * BINS * width * (lanesOf(N) - 1)) };
  const pool: Side[] = [];
  const takeSide = (): Side =>
    pool.pop() ?? {
      sums: kernels.sums(2 * BINS * width),
      ask: kernels.sums(ASKED),
      open: kernels.bytes(width),
      found: kernels.sums(FOUND * width),
    };
  const giveBack = (leaf: Leaf): void => {
    if (leaf.side) pool.push(leaf.side);
    leaf.side = undefined;
  };

  /** Features of this tree: all, or a share that is drawn. */
  function drawFeatures(tree: number): Uint8Array {
    const usable = features.map(({ count }) => (count > 0 ? 1 : 0));
    if (feature_share === 1) return Uint8Array.from(usable);
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

  /** What may be asked about below a path: features of a group that holds all of it, and those of the path itself. */
  function below(path: readonly number[], drawn: Uint8Array): Uint8Array {
    if (!interactions) return drawn;
    const open = new Uint8Array(width);
    for (let f = 0; f < width; f++) {
      const alone = path.every((p) => p === f);
      const joined = interactions.some((group) => group.includes(f) && path.every((p) => group.includes(p)));
      if (alone || joined) open[f] = drawn[f]!;
    }
    return open;
  }

  /** Outputs on both sides of a monotone split are kept apart by the middle between them. */
  function limitsOf({ limits }: Leaf, { feature, left, right }: Split): [Limits, Limits] {
    const direction = monotone?.[feature] ?? 0;
    if (direction === 0) return [limits, limits];
    const middle =
      (leafOutput(left.g, left.h, lambda_l1, lambda_l2, limits) +
        leafOutput(right.g, right.h, lambda_l1, lambda_l2, limits)) /
      2;
    const [below_, above] = [
      { low: limits.low, high: middle },
      { low: middle, high: limits.high },
    ];
    return direction > 0 ? [below_, above] : [above, below_];
  }

  /**
   * Grows tree number `number` on the given rows; gradients are pairs from the kernels, g of row i at 2i. The leaves' values
   * are Newton's steps, not yet shrunk; their rows hold until the next tree is grown.
   */
  return function grow(rows: Uint32Array, gradients: Float32Array, number: number): Grown {
    const index = places.subarray(0, rows.length);
    const drawn = drawFeatures(number);
    const [g, h] = kernels.start(rows, gradients, index);
    const lanes = lanesOf(rows.length);
    /** Sums the first leaf anew, takes its sums off those of the second, if there is one, and seeks splits of both. */
    const seek = (isApart: boolean, first: Leaf, second?: Leaf): void => {
      const pair = second ? [first, second] : [first];
      const sought: Side[] = [];
      for (const leaf of pair) {
        leaf.side ??= takeSide();
        ask(leaf.side, leaf.mass, leaf.limits, leaf.allowed);
        sought.push(leaf.side);
      }
      kernels.search(grid, index, first.span, gradients, isApart, sought);
      for (const leaf of pair) {
        leaf.split = bestSplit(leaf.side!, leaf.mass, leaf.limits, leaf.allowed);
        if (!leaf.split) giveBack(leaf);
      }
    };
    const root: Leaf = {
      span: wholeSpan(rows.length),
      before: 0,
      depth: 0,
      mass: { rows: rows.length, g, h },
      limits: NO_LIMITS,
      allowed: below([], drawn),
      side: undefined,
      split: undefined,
      parent: -1,
      isLeft: false,
      path: [],
    };
    seek(isSummedApart(rows.length, lanes), root);
    const open: Leaf[] = [root];
    const nodes: Node[] = [];
    while (open.length < leaves) {
      let best = -1;
      for (let k = 0; k < open.length; k++) {
        const gain = open[k]!.split?.gain ?? 0;
        if (gain > 0 && (best < 0 || gain > open[best]!.split!.gain)) best = k;
      }
      if (best < 0) break;
      const leaf = open[best]!;
      const split = leaf.split!;
      const column = byColumn.subarray(split.feature * N, (split.feature + 1) * N);
      writeSides(split, sides);
      const isSought = open.length + 1 < leaves && leaf.depth + 1 < max_depth;
      // By the rows that the histogram tells of, so that it is known before they are parted.
      const isLeftSmall = split.left.rows <= split.right.rows;
      const isApart = isSummedApart(Math.min(split.left.rows, split.right.rows), lanes);
      const side = isSought ? takeSide() : undefined;
      const next = side && { grid, pairs: gradients, side, isLeft: isLeftSmall, isApart };
      const middle = kernels.partition(column, sides, index, leaf.span, spares, next);
      const { from, to } = leaf.span;
      const spans = [
        { from, to: middle },
        { from: middle, to },
      ] as const;
      const lefts = rowsOf(spans[0]);
      const node = nodes.length;
      nodes.push({ split, mass: leaf.mass, left: 0, right: 0 });
      if (leaf.parent >= 0) nodes[leaf.parent]![leaf.isLeft ? 'left' : 'right'] = node;
      const path =
        interactions && !leaf.path.includes(split.feature) ? [...leaf.path, split.feature] : leaf.path;
      const allowed = path === leaf.path ? leaf.allowed : below(path, drawn);
      const limits = limitsOf(leaf, split);
      const child = (isLeft: boolean): Leaf => ({
        span: spans[isLeft ? 0 : 1],
        before: leaf.before + (isLeft ? 0 : lefts),
        depth: leaf.depth + 1,
        // Rows are known exactly now; g and h are those of the histogram.
        mass: {
          ...(isLeft ? split.left : split.right),
          rows: isLeft ? lefts : leaf.mass.rows - lefts,
        },
        limits: limits[isLeft ? 0 : 1],
        allowed,
        side: undefined,
        split: undefined,
        parent: node,
        isLeft,
        path,
      });
      const children = [child(true), child(false)] as const;
      if (side) {
        const [small, large] = isLeftSmall ? children : [children[1], children[0]];
        [small.side, large.side, leaf.side] = [side, leaf.side, undefined];
        seek(isApart, small, large);
      } else giveBack(leaf);
      open[best] = children[0];
      open.push(children[1]);
    }
    for (const leaf of open) giveBack(leaf);
    return finished(nodes, open, index);
  };

  /** The tree and the rows of its leaves as they are kept; in loops, as this is done for every tree. */
  function finished(nodes: readonly Node[], open: readonly Leaf[], index: Uint32Array): Grown {
    const [inner, outer] = [nodes.length, open.length];
    const lanes = lanesOf(index.length);
    const value = new Float64Array(outer);
    const leafCover = new Float64Array(outer);
    const offsets = new Uint32Array(lanes * (outer + 1));
    // Leaves in the order of their rows.
    const ordered = open.toSorted((a, b) => a.before - b.before || a.mass.rows - b.mass.rows);
    for (let l = 0; l < outer; l++) {
      const { mass, limits, span, parent, isLeft } = ordered[l]!;
      if (parent >= 0) nodes[parent]![isLeft ? 'left' : 'right'] = -1 - l;
      value[l] = leafOutput(mass.g, mass.h, lambda_l1, lambda_l2, limits);
      leafCover[l] = mass.h;
      for (let lane = 0; lane < lanes; lane++) {
        offsets[lane * (outer + 1) + l] = span.from[lane]!;
        offsets[lane * (outer + 1) + l + 1] = span.to[lane]!;
      }
    }
    const feature = new Int32Array(inner);
    const threshold = new Float64Array(inner);
    const set = new Int32Array(inner).fill(-1);
    const missingLeft = new Uint8Array(inner);
    const left = new Int32Array(inner);
    const right = new Int32Array(inner);
    const gain = new Float64Array(inner);
    const cover = new Float64Array(inner);
    const sets: number[] = [];
    for (let k = 0; k < inner; k++) {
      const { split, mass, left: l, right: r } = nodes[k]!;
      const { levels, upper } = features[split.feature]!;
      feature[k] = split.feature;
      missingLeft[k] = split.missingLeft ? 1 : 0;
      left[k] = l;
      right[k] = r;
      gain[k] = split.gain;
      cover[k] = mass.h;
      if (levels === 0) threshold[k] = upper[split.bin - 1]!;
      else {
        set[k] = sets.length;
        sets.push(...setOf(features[split.feature]!, split.categories!));
      }
    }
    return {
      tree: {
        feature,
        threshold,
        set,
        missingLeft,
        left,
        right,
        sets: Uint32Array.from(sets),
        gain,
        cover,
        leafCover,
        value,
      },
      rows: index,
      offsets,
      limits: ordered.map(({ limits }) => limits),
    };
  }
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
