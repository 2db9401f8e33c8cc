// The best split of a leaf, from its histogram: by a number with a learned side for what is missing, or by a set of categories.
import type { BinnedFeature } from './bins.ts';
import { ASKED, BINS, FOUND, type Side } from './kernels/kernels.ts';
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
  /** Of a number: the last bin that goes left. */
  readonly bin: number;
  readonly missingLeft: boolean;
  /** Of categories: 1 for each of the BINS that goes left. */
  readonly categories: Uint8Array | undefined;
  readonly left: Mass;
  readonly right: Mass;
}

/** Writes which of the BINS go left: 1 for each that does. */
export function writeSides({ bin, missingLeft, categories }: Split, sides: Uint8Array): void {
  if (categories) sides.set(categories);
  else sides.fill(1, 1, bin + 1).fill(0, bin + 1);
  sides[0] = missingLeft ? 1 : 0;
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

/** The best place in a row of bins to cut, so far. */
interface Cut {
  gain: number;
  bin: number;
  missingLeft: boolean;
  g: number;
  h: number;
}

export interface SplitFinder {
  /** Tells the kernels what to look for in a leaf: features that are allowed (1 for yes), are numbers and have no limits. */
  ask(side: Side, whole: Mass, limits: Limits, allowed: Uint8Array): void;
  /**
   * The best split of a leaf over the features that are allowed; undefined where none gains enough. Its gain is what the
   * objective falls by.
   */
  bestSplit(side: Side, whole: Mass, limits: Limits, allowed: Uint8Array): Split | undefined;
}

/**
 * Finds splits with the same settings; keeps no state between calls but scratch room. Numbers without limits are cut by the
 * kernels, which `ask` prepares; `bestSplit` does the others and chooses.
 */
export function splitFinder(features: readonly BinnedFeature[], settings: TreeSettings): SplitFinder {
  const { lambda_l1: l1, lambda_l2, min_child_samples, min_child_weight, min_gain, monotone } = settings;
  const { cat_smooth, cat_l2, max_cat_to_onehot } = settings;

  /** What h a side must have: rows are counted by it, exactly where each row has the same second derivative. */
  const leastOf = ({ rows, h }: Mass): number =>
    Math.max(min_child_weight, ((min_child_samples - 0.5) * h) / rows);

  /** Worth of both sides, or −Infinity where outputs would go against the direction. */
  function worthOf(
    gl: number,
    hl: number,
    whole: Mass,
    limits: Limits,
    l2: number,
    direction: number,
  ): number {
    const [gr, hr] = [whole.g - gl, whole.h - hl];
    const left = leafOutput(gl, hl, l1, l2, limits);
    const right = leafOutput(gr, hr, l1, l2, limits);
    if (direction !== 0 && direction * (right - left) < 0) return -Infinity;
    return worth(gl, hl, left, l1, l2) + worth(gr, hr, right, l1, l2);
  }

  const splitOf = (
    feature: number,
    { gain, bin, missingLeft, g, h }: Cut,
    categories: Uint8Array | undefined,
    whole: Mass,
  ): Split => {
    const rows = Math.round((h * whole.rows) / whole.h);
    return {
      feature,
      gain,
      bin,
      missingLeft,
      categories,
      left: { rows, g, h },
      right: { rows: whole.rows - rows, g: whole.g - g, h: whole.h - h },
    };
  };

  /** Cuts as the kernels do, with penalties on the size of outputs, limits to them and a direction. */
  function scanHeld(
    histogram: Float64Array,
    from: number,
    last: number,
    g: number,
    h: number,
    whole: Mass,
    least: number,
    limits: Limits,
    direction: number,
    missingLeft: boolean,
    cut: Cut,
  ): void {
    for (let b = 1; b <= last; b++) {
      g += histogram[from + 2 * b]!;
      h += histogram[from + 2 * b + 1]!;
      if (h < least || whole.h - h < least) continue;
      const gain = worthOf(g, h, whole, limits, lambda_l2, direction);
      if (gain > cut.gain) Object.assign(cut, { gain, bin: b, missingLeft, g, h });
    }
  }

  const cut: Cut = { gain: 0, bin: -1, missingLeft: false, g: 0, h: 0 };

  function numberSplit(f: number, own: Cut, hasMissing: boolean, whole: Mass): Split {
    // Nothing was missing here: what is missing later goes with the greater side.
    const missingLeft = hasMissing ? own.missingLeft : 2 * own.h > whole.h;
    return splitOf(f, { ...own, missingLeft }, undefined, whole);
  }

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
    const direction = monotone?.[f] ?? 0;
    const least = leastOf(whole);
    const hasMissing = h0 * whole.rows > 0.5 * whole.h;
    cut.gain = bar;
    cut.bin = -1;
    for (let missingLeft = 0; missingLeft < (hasMissing ? 2 : 1); missingLeft++) {
      // What is missing may stand alone: all values left of it.
      const last = hasMissing && !missingLeft ? count : count - 1;
      const [g, h] = missingLeft ? [g0, h0] : [0, 0];
      scanHeld(histogram, from, last, g, h, whole, least, limits, direction, missingLeft === 1, cut);
    }
    return cut.bin < 0 ? undefined : numberSplit(f, cut, hasMissing, whole);
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
    const least = leastOf(whole);
    const consider = (g: number, h: number, members: () => number[]): void => {
      if (h < least || whole.h - h < least) return;
      const gain = worthOf(g, h, whole, limits, l2, 0);
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
    const categories = new Uint8Array(BINS);
    for (const b of chosen) categories[b] = 1;
    return splitOf(f, { gain: best, bin: -1, missingLeft: false, g: bg, h: bh }, categories, whole);
  }

  const ownWorth = ({ g, h }: Mass, limits: Limits): number =>
    worth(g, h, leafOutput(g, h, l1, lambda_l2, limits), l1, lambda_l2);
  const barOf = (own: number): number => own + Math.max(min_gain, LEAST_GAIN * (1 + Math.abs(own)));

  /** 1 for numbers without a direction. */
  const plain = Uint8Array.from(features, ({ levels }, f) => (levels === 0 && !monotone?.[f] ? 1 : 0));

  function ask({ ask: question, open }: Side, whole: Mass, limits: Limits, allowed: Uint8Array): void {
    const isFree = l1 === 0 && limits.low === -Infinity && limits.high === Infinity;
    const bar = barOf(ownWorth(whole, limits));
    question[0] = whole.g;
    question[1] = whole.h;
    question[2] = whole.rows;
    question[3] = leastOf(whole);
    question[4] = lambda_l2;
    question[5] = bar;
    for (let f = 0; f < features.length; f++) open[f] = isFree ? allowed[f]! & plain[f]! : 0;
  }

  function bestSplit(
    { sums, ask: question, open, found }: Side,
    whole: Mass,
    limits: Limits,
    allowed: Uint8Array,
  ): Split | undefined {
    const own = ownWorth(whole, limits);
    let bar = question[ASKED - 1]!;
    let best: Split | undefined;
    let bestOpen = -1;
    for (let f = 0; f < features.length; f++) {
      if (allowed[f] === 0) continue;
      if (open[f] === 1) {
        const gain = found[f * FOUND]!;
        if (gain > bar && found[f * FOUND + 1]! >= 0) [bar, bestOpen] = [gain, f];
        continue;
      }
      const find = features[f]!.levels > 0 ? byCategory : byNumber;
      const split = find(f, sums, whole, limits, bar);
      if (split) [best, bar, bestOpen] = [split, split.gain, -1];
    }
    if (bestOpen >= 0) {
      const at = bestOpen * FOUND;
      const chosen: Cut = {
        gain: found[at]!,
        bin: found[at + 1]!,
        missingLeft: found[at + 2] === 1,
        g: found[at + 3]!,
        h: found[at + 4]!,
      };
      best = numberSplit(bestOpen, chosen, found[at + 5] === 1, whole);
    }
    return best && { ...best, gain: best.gain - own };
  }

  return { ask, bestSplit };
}
