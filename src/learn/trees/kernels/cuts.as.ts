// The best cut of each feature of a leaf, and the best of those; `cuts.ts` is the same in TypeScript, to the bit.
import { seat } from './crew.as';
import { CATEGORIES, Found, Leaf, NUMBER, Plan, STRIDE } from './plan.as';

/** Splits that gain less than rounding errors are none. */
const LEAST_GAIN: f64 = 1e-10;
/** Categories on the smaller side of a split at most, as in LightGBM. */
const MOST_CATEGORIES: i32 = 32;

/** The output of a leaf after Newton's step, shrunk by both penalties and held to the limits. */
export function outputOf(g: f64, h: f64, l1: f64, l2: f64, low: f64, high: f64): f64 {
  const size = abs(g) - l1;
  if (size <= 0 || h + l2 <= 0) return min(max<f64>(0, low), high);
  const value = (g > 0 ? -size : size) / (h + l2);
  return min(max(value, low), high);
}

/** By how much a leaf with this output lowers the objective, to second order. */
function worth(g: f64, h: f64, output: f64, l1: f64, l2: f64): f64 {
  return -(2 * (g * output + l1 * abs(output)) + (h + l2) * output * output);
}

function ownWorth(plan: Plan, leaf: Leaf): f64 {
  const l1 = plan.lambda_l1;
  const l2 = plan.lambda_l2;
  return worth(leaf.g, leaf.h, outputOf(leaf.g, leaf.h, l1, l2, leaf.low, leaf.high), l1, l2);
}

/** Writes what sides of a leaf must have, and what both must be worth. */
export function setBars(plan: Plan, leaf: Leaf): void {
  const own = ownWorth(plan, leaf);
  // Rows are counted by h, exactly where each row has the same second derivative.
  leaf.least = max(plan.min_child_weight, ((plan.min_child_samples - 0.5) * leaf.h) / leaf.rows);
  leaf.bar = own + max(plan.min_gain, LEAST_GAIN * (1 + abs(own)));
}

/** The best cut so far. */
let bestGain: f64 = 0;
let bestBin: i32 = 0;
let bestMissing: u32 = 0;
let bestG: f64 = 0;
let bestH: f64 = 0;

@inline
function keep(gain: f64, bin: i32, isMissingLeft: u32, g: f64, h: f64): void {
  bestGain = gain;
  bestBin = bin;
  bestMissing = isMissingLeft;
  bestG = g;
  bestH = h;
}

/**
 * Cuts after each bin from 1 to `last`, (g, h) being what lies left of them already, where outputs have neither a direction nor
 * a penalty on their size nor limits. This is the loop that training spends its time in beside those over rows.
 */
function scan(cells: usize, last: i32, sum: v128, whole: v128, least: f64, l2: f64, isMissingLeft: u32): void {
  const most = f64x2.extract_lane(whole, 1) - least;
  const penalty = f64x2.splat(l2);
  for (let b = 1; b <= last; b++) {
    sum = f64x2.add(sum, v128.load(cells + (<usize>b << 4)));
    const h = f64x2.extract_lane(sum, 1);
    if (h < least) continue;
    if (h > most) return;
    const rest = f64x2.sub(whole, sum);
    const gs = v128.shuffle<f64>(sum, rest, 0, 2);
    const hs = v128.shuffle<f64>(sum, rest, 1, 3);
    const sides = f64x2.div(f64x2.mul(gs, gs), f64x2.add(hs, penalty));
    const gain = f64x2.extract_lane(sides, 0) + f64x2.extract_lane(sides, 1);
    if (gain > bestGain) keep(gain, b, isMissingLeft, f64x2.extract_lane(sum, 0), h);
  }
}

/** What both sides are worth, −Infinity where outputs would go against the direction. */
function worthOfSides(plan: Plan, leaf: Leaf, g: f64, h: f64, l2: f64, direction: f64): f64 {
  const l1 = plan.lambda_l1;
  const otherG = leaf.g - g;
  const otherH = leaf.h - h;
  const left = outputOf(g, h, l1, l2, leaf.low, leaf.high);
  const right = outputOf(otherG, otherH, l1, l2, leaf.low, leaf.high);
  if (direction != 0 && direction * (right - left) < 0) return -Infinity;
  return worth(g, h, left, l1, l2) + worth(otherG, otherH, right, l1, l2);
}

/** The same with penalties on the size of outputs, limits to them and a direction. */
function scanHeld(
  plan: Plan,
  leaf: Leaf,
  cells: usize,
  last: i32,
  g: f64,
  h: f64,
  direction: f64,
  isMissingLeft: u32,
): void {
  const least = leaf.least;
  for (let b = 1; b <= last; b++) {
    g += load<f64>(cells + (<usize>b << 4));
    h += load<f64>(cells + (<usize>b << 4), 8);
    if (h < least || leaf.h - h < least) continue;
    const gain = worthOfSides(plan, leaf, g, h, plan.lambda_l2, direction);
    if (gain > bestGain) keep(gain, b, isMissingLeft, g, h);
  }
}

function cutNumber(plan: Plan, leaf: Leaf, f: usize, cells: usize, count: i32): void {
  const isFree = load<u8>(<usize>plan.kinds + f) == NUMBER && leaf.low == -Infinity && leaf.high == Infinity;
  const isMissing = load<f64>(cells, 8) * leaf.rows > 0.5 * leaf.h;
  // What is missing may stand alone: all values left of it.
  const last = isMissing ? count : count - 1;
  if (isFree) {
    const whole = f64x2.replace_lane(f64x2.splat(leaf.g), 1, leaf.h);
    scan(cells, last, f64x2.splat(0), whole, leaf.least, plan.lambda_l2, 0);
    if (isMissing) scan(cells, count - 1, v128.load(cells), whole, leaf.least, plan.lambda_l2, 1);
  } else {
    const direction = <f64>load<i8>(<usize>plan.directions + f);
    scanHeld(plan, leaf, cells, last, 0, 0, direction, 0);
    if (isMissing) scanHeld(plan, leaf, cells, count - 1, load<f64>(cells), load<f64>(cells, 8), direction, 1);
  }
  // Nothing was missing here: what is missing later goes with the greater side.
  if (!isMissing) bestMissing = <u32>(2 * bestH > leaf.h);
}

/** This thread's room to put categories in order: their ratios, and behind them their bins. */
@inline
function ratios(plan: Plan): usize {
  return <usize>plan.tiles + seat * <usize>plan.tileBytes;
}

@inline
function orderOf(plan: Plan): usize {
  return ratios(plan) + 2048;
}

@inline
function isSingle(plan: Plan, count: i32): bool {
  return <f64>count <= plan.max_cat_to_onehot;
}

/** Puts the categories of a leaf in the order of their gradient ratio (Fisher 1958); of few keeps their own. Returns how many. */
function order(plan: Plan, leaf: Leaf, cells: usize, count: i32): i32 {
  const perWeight = leaf.rows / leaf.h;
  const single = isSingle(plan, count);
  const fewest = single ? 0.5 : min(plan.cat_smooth, plan.min_child_samples);
  const room = ratios(plan);
  const bins = orderOf(plan);
  let many = 0;
  for (let b = 1; b <= count; b++) {
    const h = load<f64>(cells + (<usize>b << 4), 8);
    // A category of a handful of rows says too little to be put in order.
    if (h * perWeight < fewest) continue;
    const weight = h + plan.cat_smooth;
    const ratio = weight > 0 ? load<f64>(cells + (<usize>b << 4)) / weight : 0;
    let k = many++;
    if (!single) {
      for (; k > 0 && load<f64>(room + (<usize>(k - 1) << 3)) > ratio; k--) {
        store<f64>(room + (<usize>k << 3), load<f64>(room + (<usize>(k - 1) << 3)));
        store<u8>(bins + k, load<u8>(bins + k - 1));
      }
    }
    store<f64>(room + (<usize>k << 3), ratio);
    store<u8>(bins + k, <u8>b);
  }
  return many;
}

/** Cuts the categories in their order once; of few one against all others. */
function cutCategories(plan: Plan, leaf: Leaf, cells: usize, count: i32): void {
  const many = order(plan, leaf, cells, count);
  const bins = orderOf(plan);
  const single = isSingle(plan, count);
  const l2 = single ? plan.lambda_l2 : plan.lambda_l2 + plan.cat_l2;
  const least = leaf.least;
  const most = single ? many : min3(MOST_CATEGORIES, (many + 1) >> 1, many - 1);
  const ways: u32 = single ? 1 : 2;
  for (let isLast: u32 = 0; isLast < ways; isLast++) {
    let g: f64 = 0;
    let h: f64 = 0;
    for (let k = 0; k < most; k++) {
      const bin = load<u8>(bins + (isLast ? many - 1 - k : k));
      const cell = cells + (<usize>bin << 4);
      g = single ? load<f64>(cell) : g + load<f64>(cell);
      h = single ? load<f64>(cell, 8) : h + load<f64>(cell, 8);
      if (h < least || leaf.h - h < least) continue;
      const gain = worthOfSides(plan, leaf, g, h, l2, 0);
      if (gain > bestGain) keep(gain, single ? bin : k + 1, isLast, g, h);
    }
  }
}

@inline
function min3(a: i32, b: i32, c: i32): i32 {
  return min(min(a, b), c);
}

/** Writes the best cut of a feature of a leaf to `found`. */
export function cut(plan: Plan, leaf: Leaf, f: usize, found: Found): void {
  keep(leaf.bar, 0, 0, 0, 0);
  if (load<u8>(<usize>leaf.allowed + f)) {
    const cells = <usize>leaf.sums + f * STRIDE;
    const count = <i32>load<u8>(<usize>plan.counts + f);
    if (load<u8>(<usize>plan.kinds + f) == CATEGORIES) cutCategories(plan, leaf, cells, count);
    else cutNumber(plan, leaf, f, cells, count);
  }
  found.gain = bestGain;
  found.g = bestG;
  found.h = bestH;
  found.bin = bestBin;
  found.isMissingLeft = bestMissing;
}

/** Chooses the best of the cuts that were found for a leaf. */
export function choose(plan: Plan, leaf: Leaf, found: usize): void {
  leaf.gain = 0;
  let bar = leaf.bar;
  for (let f: u32 = 0; f < plan.width; f++) {
    const own = changetype<Found>(found + f * offsetof<Found>());
    if (own.bin == 0 || own.gain <= bar) continue;
    bar = own.gain;
    leaf.feature = f;
    leaf.bin = own.bin;
    leaf.isMissingLeft = own.isMissingLeft;
    leaf.leftG = own.g;
    leaf.leftH = own.h;
  }
  if (bar == leaf.bar) return;
  leaf.gain = bar - ownWorth(plan, leaf);
  leaf.leftRows = roundHalfUp((leaf.leftH * leaf.rows) / leaf.h);
}

/** As numbers are rounded in JavaScript. */
function roundHalfUp(x: f64): f64 {
  const down = floor(x);
  return x - down >= 0.5 ? down + 1 : down;
}

/** Writes which bins go left in the best split of a leaf: 1 for each that does. */
export function writeSides(plan: Plan, leaf: Leaf): void {
  const f = <usize>leaf.feature;
  const goesLeft = <usize>plan.goesLeft;
  memory.fill(goesLeft, 0, 256);
  if (load<u8>(<usize>plan.kinds + f) != CATEGORIES) {
    memory.fill(goesLeft + 1, 1, leaf.bin);
    store<u8>(goesLeft, <u8>leaf.isMissingLeft);
    return;
  }
  const count = <i32>load<u8>(<usize>plan.counts + f);
  if (isSingle(plan, count)) {
    store<u8>(goesLeft + leaf.bin, 1);
    return;
  }
  const many = order(plan, leaf, <usize>leaf.sums + f * STRIDE, count);
  const bins = orderOf(plan);
  for (let k = 0; k < leaf.bin; k++) {
    store<u8>(goesLeft + load<u8>(bins + (leaf.isMissingLeft ? many - 1 - k : k)), 1);
  }
}
