// The best split of a leaf, from its histogram: by a number with a learned side for what is missing, or by a set of categories.
import type { BinnedFeature } from './bins.ts';
import { BINS } from './histogram.ts';
import type { TreeSettings } from './options.ts';

/** What a leaf holds: rows, and sums of first and second derivatives. */
export interface Mass {
  readonly rows: number;
  readonly g: number;
  readonly h: number;
}

/** Between which values the outputs of a leaf must lie, so that monotone features stay so. */
export interface Limits {
  readonly low: number;
  readonly high: number;
}

export interface Split {
  readonly feature: number;
  readonly gain: number;
  /** 1 for each of the BINS that goes left. */
  readonly goesLeft: Uint8Array;
  /** Of a number: the last bin that goes left. */
  readonly bin: number;
  readonly left: Mass;
  readonly right: Mass;
}

/** The output of a leaf after Newton's step, shrunk by both penalties and held to the limits. */
export function leafOutput(g: number, h: number, l1: number, l2: number, { low, high }: Limits): number {
  const size = Math.abs(g) - l1;
  if (size <= 0 || h + l2 <= 0) return Math.min(Math.max(0, low), high);
  const value = (g > 0 ? -size : size) / (h + l2);
  return Math.min(Math.max(value, low), high);
}

/** By how much a leaf with this output lowers the objective, to second order. */
function worth(g: number, h: number, output: number, l1: number, l2: number): number {
  return -(2 * (g * output + l1 * Math.abs(output)) + (h + l2) * output * output);
}

/** Splits that gain less than rounding errors are none. */
const LEAST_GAIN = 1e-10;
/** Categories on the smaller side of a split at most, as in LightGBM. */
const MOST_CATEGORIES = 32;

/** Finds splits with the same settings; keeps no state between calls but scratch room. */
export function splitFinder(features: readonly BinnedFeature[], settings: TreeSettings) {
  const { lambda_l1: l1, lambda_l2, min_child_samples, min_child_weight, min_gain, monotone } = settings;
  const { cat_smooth, cat_l2, max_cat_to_onehot } = settings;

  /** Gain of a split into these sums over the worth of the leaf, or −Infinity where it may not be. */
  function gainOf(
    gl: number,
    hl: number,
    nl: number,
    whole: Mass,
    limits: Limits,
    l2: number,
    direction: number,
  ): number {
    const gr = whole.g - gl;
    const hr = whole.h - hl;
    const nr = whole.rows - nl;
    if (nl < min_child_samples || nr < min_child_samples || hl < min_child_weight || hr < min_child_weight)
      return -Infinity;
    const left = leafOutput(gl, hl, l1, l2, limits);
    const right = leafOutput(gr, hr, l1, l2, limits);
    if (direction !== 0 && direction * (right - left) < 0) return -Infinity;
    return worth(gl, hl, left, l1, l2) + worth(gr, hr, right, l1, l2);
  }

  const massOf = (gl: number, hl: number, nl: number, whole: Mass): Pick<Split, 'left' | 'right'> => ({
    left: { rows: nl, g: gl, h: hl },
    right: { rows: whole.rows - nl, g: whole.g - gl, h: whole.h - hl },
  });

  function byNumber(
    f: number,
    histogram: Float64Array,
    whole: Mass,
    limits: Limits,
    bar: number,
  ): Split | undefined {
    const { count } = features[f]!;
    const from = 2 * f * BINS;
    const [g0, h0] = [histogram[from]!, histogram[from + 1]!];
    const perWeight = whole.rows / whole.h;
    const direction = monotone?.[f] ?? 0;
    // Rows are counted by their weights: exact where each has the same second derivative.
    const hasMissing = h0 * perWeight > 0.5;
    let [best, bestBin, bestMissing, bg, bh] = [bar, -1, false, 0, 0];
    for (let missingLeft = 0; missingLeft < (hasMissing ? 2 : 1); missingLeft++) {
      let g = missingLeft ? g0 : 0;
      let h = missingLeft ? h0 : 0;
      // What is missing may stand alone: all values left, or all right.
      const last = hasMissing && !missingLeft ? count : count - 1;
      for (let b = 1; b <= last; b++) {
        const at = from + 2 * b;
        const step = histogram[at + 1]!;
        g += histogram[at]!;
        h += step;
        if (step === 0 && b < last) continue;
        const gain = gainOf(g, h, Math.round(h * perWeight), whole, limits, lambda_l2, direction);
        if (gain > best) {
          [best, bestBin, bestMissing, bg, bh] = [gain, b, missingLeft === 1, g, h];
        }
      }
    }
    if (bestBin < 0) return undefined;
    const goesLeft = new Uint8Array(BINS).fill(1, 1, bestBin + 1);
    // Nothing was missing here: what is missing later goes with the greater side.
    goesLeft[0] = hasMissing ? (bestMissing ? 1 : 0) : bh > whole.h - bh ? 1 : 0;
    return {
      feature: f,
      gain: best,
      goesLeft,
      bin: bestBin,
      ...massOf(bg, bh, Math.round(bh * perWeight), whole),
    };
  }

  const order: number[] = [];
  const ratio = new Float64Array(BINS);

  /** Categories in the order of their gradient ratio, split once (Fisher 1958); few categories one against all. */
  function byCategory(
    f: number,
    histogram: Float64Array,
    whole: Mass,
    limits: Limits,
    bar: number,
  ): Split | undefined {
    const { count } = features[f]!;
    const from = 2 * f * BINS;
    const perWeight = whole.rows / whole.h;
    const single = count <= max_cat_to_onehot;
    const l2 = single ? lambda_l2 : lambda_l2 + cat_l2;
    order.length = 0;
    for (let b = 1; b <= count; b++) {
      const h = histogram[from + 2 * b + 1]!;
      // A category of a handful of rows says too little to be put in order.
      if (h * perWeight < (single ? 0.5 : Math.min(cat_smooth, min_child_samples))) continue;
      ratio[b] = histogram[from + 2 * b]! / (h + cat_smooth);
      order.push(b);
    }
    if (!single) order.sort((a, b) => ratio[a]! - ratio[b]! || a - b);
    let best = bar;
    let chosen: number[] | undefined;
    let [bg, bh] = [0, 0];
    const consider = (g: number, h: number, members: () => number[]): void => {
      const gain = gainOf(g, h, Math.round(h * perWeight), whole, limits, l2, 0);
      if (gain > best) [best, chosen, bg, bh] = [gain, members(), g, h];
    };
    if (single) {
      for (const b of order) {
        consider(histogram[from + 2 * b]!, histogram[from + 2 * b + 1]!, () => [b]);
      }
    } else {
      const most = Math.min(MOST_CATEGORIES, Math.ceil(order.length / 2));
      for (const backwards of [false, true]) {
        let [g, h] = [0, 0];
        for (let k = 0; k < most && k + 1 < order.length; k++) {
          const b = order[backwards ? order.length - 1 - k : k]!;
          g += histogram[from + 2 * b]!;
          h += histogram[from + 2 * b + 1]!;
          consider(g, h, () => (backwards ? order.slice(order.length - 1 - k) : order.slice(0, k + 1)));
        }
      }
    }
    if (!chosen) return undefined;
    const goesLeft = new Uint8Array(BINS);
    for (const b of chosen) goesLeft[b] = 1;
    return {
      feature: f,
      gain: best,
      goesLeft,
      bin: -1,
      ...massOf(bg, bh, Math.round(bh * perWeight), whole),
    };
  }

  /**
   * The best split of a leaf over the features that are allowed (1 for yes, one a feature); undefined where none gains
   * enough. Its gain is what the objective falls by.
   */
  return function bestSplit(
    histogram: Float64Array,
    whole: Mass,
    limits: Limits,
    allowed: Uint8Array,
  ): Split | undefined {
    const output = leafOutput(whole.g, whole.h, l1, lambda_l2, limits);
    const own = worth(whole.g, whole.h, output, l1, lambda_l2);
    let best: Split | undefined;
    let bar = own + Math.max(min_gain, LEAST_GAIN * (1 + Math.abs(own)));
    for (let f = 0; f < features.length; f++) {
      if (allowed[f] === 0) continue;
      const find = features[f]!.levels > 0 ? byCategory : byNumber;
      const found = find(f, histogram, whole, limits, bar);
      if (found) {
        best = found;
        bar = found.gain;
      }
    }
    return best && { ...best, gain: best.gain - own };
  };
}
