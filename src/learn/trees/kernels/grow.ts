// Grows one tree leaf by leaf, the leaf that gains most first, on histograms of gradients (Shi 2007; Ke et al. 2017).
import type { BinnedTable } from '../bins.ts';
import type { TreeSettings } from '../options.ts';
import { type Cut, cutter, type Limits, leafOutput, type Mass } from './cuts.ts';
import { type Growth, growthRoom, MASSES } from './growth.ts';
import { BINS, type Grow, type Kernels } from './kernels.ts';
import { blocksOf, isSummedApart, LANES, lanesOf, rowsOf, type Span, wholeSpan } from './lanes.ts';

interface Leaf {
  readonly span: Span;
  /** Rows of the leaves to its left. */
  readonly before: number;
  readonly depth: number;
  readonly mass: Mass;
  /** Features that may be asked about: 1 for yes. */
  readonly allowed: Uint8Array;
  /** Its histogram, pairs of sums: bin b of feature f at 2 · (f · BINS + b); and its best cut. */
  readonly sums: Float64Array | undefined;
  readonly cut: Cut | undefined;
  /** The node above and the side it hangs on; −1 for the root. */
  readonly parent: number;
  readonly isLeft: boolean;
  /** Features asked about above, where interactions are limited. */
  readonly path: readonly number[];
}

/** What one tree is grown from. */
interface Ground {
  readonly rows: Uint32Array;
  readonly pairs: Float32Array;
  /** Features that this tree may ask about: 1 for yes. */
  readonly drawn: Uint8Array;
}

const NO_LIMITS: Limits = { low: -Infinity, high: Infinity };

/** See `grower` of `Kernels`. */
export function plainGrower(kernels: Kernels, table: BinnedTable, settings: TreeSettings): Grow {
  const { features, rows: height, byRow, byColumn } = table;
  const { leaves, max_depth, lambda_l1, lambda_l2, monotone, interactions } = settings;
  const width = features.length;
  const growth = growthRoom(kernels, leaves, height, features.some(({ levels }) => levels > 0) ? BINS : 0);
  const { index } = growth;
  const spare = kernels.places(height);
  const cut = cutter(features, settings);
  /** A histogram of the other lane, and free ones. */
  const other = kernels.sums(2 * BINS * width);
  const pool: Float64Array[] = [];
  const takeSums = (): Float64Array => pool.pop() ?? kernels.sums(2 * BINS * width);

  /** Deals rows to the lanes, and returns the sums of both derivatives over them, lane by lane. */
  function deal({ rows, pairs }: Ground): readonly [number, number] {
    let [g, h, place] = [0, 0, 0];
    for (let lane = 0; lane < lanesOf(rows.length); lane++) {
      let [ownG, ownH] = [0, 0];
      for (const [from, upto] of blocksOf(rows.length, lane)) {
        for (let r = from; r < upto; r++) {
          const i = rows[r]!;
          index[place++] = i;
          ownG += pairs[2 * i]!;
          ownH += pairs[2 * i + 1]!;
        }
      }
      g += ownG;
      h += ownH;
    }
    return [g, h];
  }

  /** Adds the pairs of rows to sums, by the bins of each feature. */
  function accumulate(from: number, upto: number, pairs: Float32Array, sums: Float64Array): void {
    for (let k = from; k < upto; k++) {
      const i = index[k]!;
      const g = pairs[2 * i]!;
      const h = pairs[2 * i + 1]!;
      const place = i * width;
      for (let f = 0; f < width; f++) {
        const at = 2 * (f * BINS + byRow[place + f]!);
        sums[at] = sums[at]! + g;
        sums[at + 1] = sums[at + 1]! + h;
      }
    }
  }

  /** Sums the rows of a span: each lane from zero on where lanes are summed apart, else one after the other. */
  function summed({ from, to }: Span, pairs: Float32Array, isApart: boolean): Float64Array {
    const sums = takeSums().fill(0);
    for (let lane = 0; lane < from.length; lane++) {
      const own = isApart && lane > 0 ? other.fill(0) : sums;
      accumulate(from[lane]!, to[lane]!, pairs, own);
      if (own !== sums) for (let k = 0; k < sums.length; k++) sums[k] = sums[k]! + own[k]!;
    }
    return sums;
  }

  /** Puts the rows of a span that go left first in each lane, both sides in their old order; returns where the others begin. */
  function part({ from, to }: Span, { feature, goesLeft }: Cut): Uint32Array {
    const column = byColumn.subarray(feature * height, (feature + 1) * height);
    return from.map((first, lane) => {
      let left = first;
      let right = 0;
      for (let k = first; k < to[lane]!; k++) {
        const i = index[k]!;
        if (goesLeft[column[i]!] === 1) index[left++] = i;
        else spare[right++] = i;
      }
      index.set(spare.subarray(0, right), left);
      return left;
    });
  }

  /** What may be asked about below a path: features of a group that holds all of it, and those of the path itself. */
  function below(path: readonly number[], drawn: Uint8Array): Uint8Array {
    if (!interactions) return drawn;
    return drawn.map((isDrawn, f) => {
      const alone = path.every((p) => p === f);
      const joined = interactions.some((group) => group.includes(f) && path.every((p) => group.includes(p)));
      return alone || joined ? isDrawn : 0;
    });
  }

  /** Outputs on both sides of a monotone split are kept apart by the middle between them. */
  function limitsOf({ limits, g, h }: Mass, { feature, ...left }: Cut): readonly [Limits, Limits] {
    const direction = monotone?.[feature] ?? 0;
    if (direction === 0) return [limits, limits];
    const between =
      (leafOutput(left.g, left.h, lambda_l1, lambda_l2, limits) +
        leafOutput(g - left.g, h - left.h, lambda_l1, lambda_l2, limits)) /
      2;
    const lower = { low: limits.low, high: between };
    const upper = { low: between, high: limits.high };
    return direction > 0 ? [lower, upper] : [upper, lower];
  }

  function writeNode(node: number, cut: Cut, { mass, parent, isLeft }: Leaf): void {
    growth.feature[node] = cut.feature;
    growth.bin[node] = cut.bin;
    growth.isMissingLeft[node] = cut.goesLeft[0]!;
    growth.gain[node] = cut.gain;
    growth.cover[node] = mass.h;
    if (growth.sets.length > 0) growth.sets.set(cut.goesLeft, BINS * node);
    if (parent >= 0) (isLeft ? growth.left : growth.right)[parent] = node;
  }

  function writeLeaf(k: number, { span, before, mass, parent, isLeft, sums }: Leaf): void {
    const { rows, g, h, limits } = mass;
    growth.before[k] = before;
    growth.parent[k] = parent;
    growth.isLeft[k] = isLeft ? 1 : 0;
    for (const [lane, from] of span.from.entries()) {
      growth.ends.set([from, span.to[lane]!], 2 * (k * LANES + lane));
    }
    growth.masses.set([rows, g, h, limits.low, limits.high], MASSES * k);
    if (sums) pool.push(sums);
  }

  /** A leaf with its best cut; its histogram is kept as long as it has one. */
  function sought(leaf: Leaf, sums: Float64Array): Leaf {
    const best = cut(sums, leaf.mass, leaf.allowed);
    if (!best) pool.push(sums);
    return { ...leaf, cut: best, sums: best && sums };
  }

  /** The two parts of a leaf, the left one first; node `node` parts them. Their splits are sought where one may follow. */
  function split(
    leaf: Leaf,
    best: Cut,
    node: number,
    isLast: boolean,
    { pairs, drawn }: Ground,
  ): [Leaf, Leaf] {
    const { mass, span, path, before } = leaf;
    const middle = part(span, best);
    const spans = [
      { from: span.from, to: middle },
      { from: middle, to: span.to },
    ] as const;
    const lefts = rowsOf(spans[0]);
    const limits = limitsOf(mass, best);
    const deeper = interactions && !path.includes(best.feature) ? [...path, best.feature] : path;
    const common = {
      depth: leaf.depth + 1,
      allowed: deeper === path ? leaf.allowed : below(deeper, drawn),
      sums: undefined,
      cut: undefined,
      parent: node,
      path: deeper,
    };
    // Rows are known exactly now; g and h are those of the histogram.
    const left: Leaf = {
      ...common,
      span: spans[0],
      before,
      mass: { rows: lefts, g: best.g, h: best.h, limits: limits[0] },
      isLeft: true,
    };
    const right: Leaf = {
      ...common,
      span: spans[1],
      before: before + lefts,
      mass: { rows: mass.rows - lefts, g: mass.g - best.g, h: mass.h - best.h, limits: limits[1] },
      isLeft: false,
    };
    const whole = leaf.sums!;
    if (isLast || leaf.depth + 1 >= max_depth) {
      pool.push(whole);
      return [left, right];
    }
    // By the rows that the histogram tells of, which WebAssembly knows before they are parted.
    const rights = mass.rows - best.rows;
    const isLeftSmall = best.rows <= rights;
    const isApart = isSummedApart(Math.min(best.rows, rights), span.from.length);
    const small = summed(spans[isLeftSmall ? 0 : 1], pairs, isApart);
    for (let k = 0; k < whole.length; k++) whole[k] = whole[k]! - small[k]!;
    return isLeftSmall
      ? [sought(left, small), sought(right, whole)]
      : [sought(left, whole), sought(right, small)];
  }

  function plant(ground: Ground): Leaf {
    const { rows, pairs, drawn } = ground;
    const [g, h] = deal(ground);
    const span = wholeSpan(rows.length);
    const root: Leaf = {
      span,
      before: 0,
      depth: 0,
      mass: { rows: rows.length, g, h, limits: NO_LIMITS },
      allowed: below([], drawn),
      sums: undefined,
      cut: undefined,
      parent: -1,
      isLeft: false,
      path: [],
    };
    return sought(root, summed(span, pairs, isSummedApart(rows.length, span.from.length)));
  }

  return (rows, pairs, drawn): Growth => {
    const ground = { rows, pairs, drawn };
    const parts: Leaf[] = [plant(ground)];
    while (parts.length < leaves) {
      let best = 0;
      const gainOf = (k: number): number => parts[k]!.cut?.gain ?? 0;
      for (let k = 1; k < parts.length; k++) if (gainOf(k) > gainOf(best)) best = k;
      const leaf = parts[best]!;
      if (!leaf.cut) break;
      const node = parts.length - 1;
      writeNode(node, leaf.cut, leaf);
      const [left, right] = split(leaf, leaf.cut, node, parts.length + 1 === leaves, ground);
      parts[best] = left;
      parts.push(right);
    }
    for (const [k, leaf] of parts.entries()) writeLeaf(k, leaf);
    growth.leaves = parts.length;
    return growth;
  };
}
