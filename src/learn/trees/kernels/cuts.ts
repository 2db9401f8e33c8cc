// The best cut of a leaf, from its histogram: by a number with a learned side for what is missing, or by a set of categories.
import type { BinnedFeature } from '../bins.ts';
import type { TreeSettings } from '../options.ts';
import { BINS } from './kernels.ts';

/** What a leaf holds: rows, sums of first and second derivatives, and between which values its output must lie. */
export interface Mass {
  readonly rows: number;
  readonly g: number;
  readonly h: number;
  readonly limits: Limits;
}

/** Between which values the outputs of a leaf must lie, so that monotone features stay so. */
export interface Limits {
  readonly low: number;
  readonly high: number;
}

/** A cut of a feature in two. */
export interface Cut {
  readonly feature: number;
  /** By how much it lowers the objective. */
  readonly gain: number;
  /** The last bin that goes left; 0 for categories. */
  readonly bin: number;
  /** 1 for each of the BINS that goes left. */
  readonly goesLeft: Uint8Array;
  /** What lies left. */
  readonly rows: number;
  readonly g: number;
  readonly h: number;
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

/** Finds the best cut of a leaf over the features that are allowed (1 for yes); undefined where none gains enough. */
export type Cutter = (sums: Float64Array, whole: Mass, allowed: Uint8Array) => Cut | undefined;

/** Cuts by the same settings; keeps no state between calls but scratch room. */
export function cutter(features: readonly BinnedFeature[], settings: TreeSettings): Cutter {
  const { lambda_l1: l1, lambda_l2, min_child_samples, min_child_weight, min_gain, monotone } = settings;
  const { cat_smooth, cat_l2, max_cat_to_onehot } = settings;

  /** The best cut so far: what both sides are worth, bin or how many categories, whether what is missing or they are on the left. */
  const best = { gain: 0, feature: -1, bin: 0, isFlipped: false, g: 0, h: 0 };
  const keep = (
    gain: number,
    feature: number,
    bin: number,
    isFlipped: boolean,
    g: number,
    h: number,
  ): void => {
    best.gain = gain;
    best.feature = feature;
    best.bin = bin;
    best.isFlipped = isFlipped;
    best.g = g;
    best.h = h;
  };

  /** Worth of both sides, or −Infinity where outputs would go against the direction. */
  function worthOf(g: number, h: number, whole: Mass, l2: number, direction: number): number {
    const [otherG, otherH] = [whole.g - g, whole.h - h];
    const left = leafOutput(g, h, l1, l2, whole.limits);
    const right = leafOutput(otherG, otherH, l1, l2, whole.limits);
    if (direction !== 0 && direction * (right - left) < 0) return -Infinity;
    return worth(g, h, left, l1, l2) + worth(otherG, otherH, right, l1, l2);
  }

  /** What both sides are worth, where outputs have neither a direction nor a penalty on their size nor limits. */
  const freeWorth = (g: number, h: number, whole: Mass): number => {
    const rest = whole.g - g;
    return (g * g) / (h + lambda_l2) + (rest * rest) / (whole.h - h + lambda_l2);
  };

  function cutNumber(f: number, sums: Float64Array, whole: Mass, least: number): void {
    const { count } = features[f]!;
    const from = 2 * f * BINS;
    const direction = monotone?.[f] ?? 0;
    const { low, high } = whole.limits;
    const isFree = l1 === 0 && direction === 0 && low === -Infinity && high === Infinity;
    const isMissing = sums[from + 1]! * whole.rows > 0.5 * whole.h;
    for (const missingLeft of isMissing ? [false, true] : [false]) {
      // What is missing may stand alone: all values left of it.
      const last = isMissing && !missingLeft ? count : count - 1;
      let [g, h] = missingLeft ? [sums[from]!, sums[from + 1]!] : [0, 0];
      for (let b = 1; b <= last; b++) {
        g += sums[from + 2 * b]!;
        h += sums[from + 2 * b + 1]!;
        if (h < least || (isFree ? h > whole.h - least : whole.h - h < least)) continue;
        const gain = isFree ? freeWorth(g, h, whole) : worthOf(g, h, whole, lambda_l2, direction);
        if (gain > best.gain) keep(gain, f, b, missingLeft, g, h);
      }
    }
    // Nothing was missing here: what is missing later goes with the greater side.
    if (best.feature === f && !isMissing) best.isFlipped = 2 * best.h > whole.h;
  }

  const isSingle = (f: number): boolean => features[f]!.count <= max_cat_to_onehot;

  /** The categories of a leaf in the order of their gradient ratio (Fisher 1958); of few in their own. */
  function ordered(f: number, sums: Float64Array, whole: Mass): readonly number[] {
    const from = 2 * f * BINS;
    const fewest = isSingle(f) ? 0.5 : Math.min(cat_smooth, min_child_samples);
    const perWeight = whole.rows / whole.h;
    // A category of a handful of rows says too little to be put in order.
    const bins = Array.from({ length: features[f]!.count }, (_, k) => k + 1).filter(
      (b) => sums[from + 2 * b + 1]! * perWeight >= fewest,
    );
    if (isSingle(f)) return bins;
    const ratio = (b: number): number => {
      const weight = sums[from + 2 * b + 1]! + cat_smooth;
      return weight > 0 ? sums[from + 2 * b]! / weight : 0;
    };
    return bins.sort((a, b) => ratio(a) - ratio(b) || a - b);
  }

  /** Cuts the categories in their order once, from either end; of few one against all others. */
  function cutCategories(f: number, sums: Float64Array, whole: Mass, least: number): void {
    const single = isSingle(f);
    const l2 = single ? lambda_l2 : lambda_l2 + cat_l2;
    const order = ordered(f, sums, whole);
    const most = single
      ? order.length
      : Math.min(MOST_CATEGORIES, Math.ceil(order.length / 2), order.length - 1);
    for (const isFlipped of single ? [false] : [false, true]) {
      let [g, h] = [0, 0];
      for (let k = 0; k < most; k++) {
        const bin = order[isFlipped ? order.length - 1 - k : k]!;
        const at = 2 * (f * BINS + bin);
        [g, h] = single ? [sums[at]!, sums[at + 1]!] : [g + sums[at]!, h + sums[at + 1]!];
        if (h < least || whole.h - h < least) continue;
        const gain = worthOf(g, h, whole, l2, 0);
        if (gain > best.gain) keep(gain, f, single ? bin : k + 1, isFlipped, g, h);
      }
    }
  }

  /** Which bins the best cut sends to the left. */
  function sidesOf(sums: Float64Array, whole: Mass): Uint8Array {
    const { feature: f, bin, isFlipped } = best;
    const goesLeft = new Uint8Array(BINS);
    if (features[f]!.levels === 0) {
      goesLeft.fill(1, 1, bin + 1);
      goesLeft[0] = isFlipped ? 1 : 0;
    } else if (isSingle(f)) goesLeft[bin] = 1;
    else {
      const order = ordered(f, sums, whole);
      for (const b of isFlipped ? order.slice(-bin) : order.slice(0, bin)) goesLeft[b] = 1;
    }
    return goesLeft;
  }

  return (sums, whole, allowed) => {
    const own = worth(
      whole.g,
      whole.h,
      leafOutput(whole.g, whole.h, l1, lambda_l2, whole.limits),
      l1,
      lambda_l2,
    );
    // Rows are counted by h, exactly where each row has the same second derivative.
    const least = Math.max(min_child_weight, ((min_child_samples - 0.5) * whole.h) / whole.rows);
    keep(own + Math.max(min_gain, LEAST_GAIN * (1 + Math.abs(own))), -1, 0, false, 0, 0);
    for (let f = 0; f < features.length; f++) {
      if (allowed[f] === 0) continue;
      if (features[f]!.levels > 0) cutCategories(f, sums, whole, least);
      else cutNumber(f, sums, whole, least);
    }
    const { feature, gain, bin, g, h } = best;
    if (feature < 0) return undefined;
    return {
      feature,
      gain: gain - own,
      bin: features[feature]!.levels > 0 ? 0 : bin,
      goesLeft: sidesOf(sums, whole),
      rows: Math.round((h * whole.rows) / whole.h),
      g,
      h,
    };
  };
}
