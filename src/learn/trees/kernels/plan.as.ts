// What trees are grown on and by which rules, and their leaves while they grow. All of it lies in the memory that threads share.

/** Bytes of a feature in a histogram: 256 pairs of f64. */
export const STRIDE: usize = 4096;

/** Kinds of features: numbers, numbers whose cuts follow a direction or a penalty on the size of outputs, categories. */
export const NUMBER: u32 = 0;
export const HELD: u32 = 1;
export const CATEGORIES: u32 = 2;

/** A leaf of the tree that grows, and its best split. */
@unmanaged
export class Leaf {
  /** Its rows in the first lane and in the second: places in the plan's `index`. */
  from: u32;
  to: u32;
  otherFrom: u32;
  otherTo: u32;
  /** Rows of the leaves to its left. */
  before: u32;
  depth: u32;
  /** The node above, −1 for the root, and whether it hangs on its left. */
  parent: i32;
  isLeft: u32;
  /** Its histogram, 0 for none. */
  sums: u32;
  /** 1 for each feature that it may be split by. */
  allowed: u32;
  /** How many rows it holds, their derivatives summed, and between which values its output must lie. */
  rows: f64;
  g: f64;
  h: f64;
  low: f64;
  high: f64;
  /** What h each side of a split must have, and what both must be worth. */
  least: f64;
  bar: f64;
  /** By how much its best split lowers the objective, 0 for none; then the feature, and as in `Found`. */
  gain: f64;
  feature: u32;
  bin: i32;
  isMissingLeft: u32;
  /** Rows, g and h on the left. */
  leftRows: f64;
  leftG: f64;
  leftH: f64;
}

/** The best cut of a feature. */
@unmanaged
export class Found {
  /** What both sides are worth. */
  gain: f64;
  /** g and h on the left. */
  g: f64;
  h: f64;
  /** The last bin that goes left; of categories the one that does, or how many of their order; 0 for no cut. */
  bin: i32;
  /** Whether what is missing goes left; of categories whether they are the last of their order. */
  isMissingLeft: u32;
}

/** What a grower works with; pointers are places in the memory, in bytes. `wasm-grower.ts` writes all but the round. */
@unmanaged
export class Plan {
  /** Bins by row and by column, rows, features. */
  byRow: u32;
  byColumn: u32;
  height: u32;
  width: u32;
  /** A byte a feature: how many bins of values, its kind, its direction. */
  counts: u32;
  kinds: u32;
  directions: u32;
  /** A byte a group and feature: whether it is in it. */
  groups: u32;
  groupCount: u32;
  /** Threads, their tiles for rows that are gathered, and bytes of a tile. */
  threads: u32;
  tiles: u32;
  tileBytes: u32;
  /** A histogram of the other lane. */
  other: u32;
  /** Rows leaf by leaf, and room for as many. */
  index: u32;
  spare: u32;
  /** 256 bytes: 1 for each bin that goes left. */
  goesLeft: u32;
  /** Leaves of a tree at most, and splits above one. */
  leaves: u32;
  depth: u32;
  /** Leaves that grow; what each may be split by and what was asked above it, a byte a feature, where interactions are limited. */
  open: u32;
  paths: u32;
  /** Histograms that are free, and how many. */
  pool: u32;
  pooled: u32;
  /** Cuts that a search found: for both leaves one a feature. */
  found: u32;
  /** What the tree is written to; see `Growth`. */
  feature: u32;
  bin: u32;
  isMissingLeft: u32;
  left: u32;
  right: u32;
  gain: u32;
  cover: u32;
  sets: u32;
  before: u32;
  parent: u32;
  isLeft: u32;
  ends: u32;
  masses: u32;
  /** The round: pairs of derivatives, lanes, whether they are summed apart, the histogram that is summed. */
  pairs: u32;
  lanes: u32;
  isApart: u32;
  sums: u32;
  /** The leaf that was summed, and the one whose sums it is taken from. */
  small: u32;
  large: u32;
  /** The bins that rows are parted by, and whether those on the left are summed next. */
  column: u32;
  isLeftNext: u32;
  /** Of each lane: where its rows begin, how many, and how many went left. */
  rows: u32;
  count: u32;
  lefts: u32;
  otherRows: u32;
  otherCount: u32;
  otherLefts: u32;

  lambda_l1: f64;
  lambda_l2: f64;
  min_child_samples: f64;
  min_child_weight: f64;
  min_gain: f64;
  max_cat_to_onehot: f64;
  cat_smooth: f64;
  cat_l2: f64;
}

const LANE: usize = 12;

/** Where a lane is told of in the round. */
@inline
export function laneOf(plan: Plan, lane: usize): usize {
  return changetype<usize>(plan) + offsetof<Plan>("rows") + lane * LANE;
}
