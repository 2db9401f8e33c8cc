// Grows one tree leaf by leaf, the leaf that gains most first; `grow.ts` is the same in TypeScript, to the bit. It is all done
// here, as a tree has some hundred rounds of shared loops, each over within microseconds.
import { CUT_LANES, PART, PART_AND_SUM, SEARCH, START, SUM_LANE } from './calls.as';
import { run, tell } from './crew.as';
import { choose, outputOf, setBars, writeSides } from './cuts.as';
import { BLOCK, isSummedApart, lanesOf } from './lanes.as';
import { CATEGORIES, Found, laneOf, Leaf, Plan, STRIDE } from './plan.as';

/** Room for so many bytes more; throws where there is none. */
@external("env", "more")
declare function more(bytes: i32): usize;

/** Why the crew does not work, 0 as long as it does. */
let refused: i32 = 0;

/** Does a round of the calls that were told. */
function share(calls: i32, cells: f64): void {
  if (!refused) refused = run(calls, cells);
}

@inline
function planOf(plan: Plan): f64 {
  return <f64>changetype<usize>(plan);
}

@inline
function openLeaf(plan: Plan, k: u32): Leaf {
  return changetype<Leaf>(<usize>plan.open + <usize>k * offsetof<Leaf>());
}

function takeSums(plan: Plan): u32 {
  if (!plan.pooled) return <u32>more(<i32>(plan.width * <u32>STRIDE));
  plan.pooled -= 1;
  return load<u32>(plan.pool + (plan.pooled << 2));
}

function giveSums(plan: Plan, sums: u32): void {
  if (!sums) return;
  store<u32>(plan.pool + (plan.pooled << 2), sums);
  plan.pooled += 1;
}

/** Tells the round where the rows of a leaf are. */
function tellRows(plan: Plan, leaf: Leaf): void {
  plan.rows = plan.index + (leaf.from << 2);
  plan.count = leaf.to - leaf.from;
  plan.otherRows = plan.index + (leaf.otherFrom << 2);
  plan.otherCount = leaf.otherTo - leaf.otherFrom;
}

/** Pieces of `count` things at most as many as asked for, none smaller than 2 but for the only one. */
@inline
function piecesOf(count: u32, most: u32): u32 {
  return max<u32>(1, min(most, count >> 1));
}

/** Tells the calls that sum the features of a lane, or of all: some fours of features each. Returns the next call. */
function tellSums(plan: Plan, k: i32, loop: i32, lane: f64, pieces: u32): i32 {
  const fours = (plan.width + 3) >> 2;
  for (let p: u32 = 0; p < pieces; p++) {
    const first = <f64>(4 * ((p * fours) / pieces));
    const last = <f64>min(4 * (((p + 1) * fours) / pieces), plan.width);
    if (loop == SEARCH) tell(k++, loop, planOf(plan), first, last);
    else tell(k++, loop, planOf(plan), lane, first, last);
  }
  return k;
}

/**
 * Sums the small leaf, if it is not summed yet, takes its sums off those of the large one, if there is one, and seeks the splits
 * of both.
 */
function seek(plan: Plan, isSummed: bool, small: Leaf, large: Leaf | null): void {
  plan.small = <u32>changetype<usize>(small);
  plan.large = <u32>changetype<usize>(large);
  setBars(plan, small);
  if (large) setBars(plan, large);
  tellRows(plan, small);
  plan.sums = small.sums;
  const width = <f64>plan.width;
  const cells = width * <f64>(plan.count + plan.otherCount);
  // Cutting costs as much as some 500 rows do.
  const cutting = 500 * width * (large ? 2 : 1);
  const fours = (plan.width + 3) >> 2;
  // Features in fours, as eight or four are summed at once, and fewer parts of them the more lanes there are.
  const apart = plan.isApart ? plan.lanes : 1;
  const parts = plan.threads == 1 ? 1 : piecesOf(fours, (plan.threads + apart - 1) / apart);
  if (plan.threads == 1 || apart == 1) {
    share(tellSums(plan, 0, SEARCH, 0, parts), cells + cutting);
  } else {
    if (!isSummed) {
      let k = 0;
      for (let lane: u32 = 0; lane < plan.lanes; lane++) k = tellSums(plan, k, SUM_LANE, lane, parts);
      share(k, cells);
    }
    const pieces = piecesOf(plan.width, 3 * plan.threads);
    for (let p: u32 = 0; p < pieces; p++) {
      const first = (p * plan.width) / pieces;
      tell(p, CUT_LANES, planOf(plan), first, ((p + 1) * plan.width) / pieces);
    }
    share(pieces, cutting + 256 * width * plan.lanes);
  }
  chooseSplit(plan, small, plan.found);
  if (large) chooseSplit(plan, large, <usize>plan.found + plan.width * offsetof<Found>());
}

function chooseSplit(plan: Plan, leaf: Leaf, found: usize): void {
  choose(plan, leaf, found);
  if (leaf.gain != 0) return;
  giveSums(plan, leaf.sums);
  leaf.sums = 0;
}

/** What may be asked about below a path, which begins at `path`: features of a group that holds all of it, and those of it. */
function setAllowed(plan: Plan, path: usize, drawn: usize): void {
  const width = <usize>plan.width;
  const allowed = path + width;
  let many = 0;
  for (let f: usize = 0; f < width; f++) many += load<u8>(path + f);
  for (let f: usize = 0; f < width; f++) store<u8>(allowed + f, many == load<u8>(path + f) ? load<u8>(drawn + f) : 0);
  for (let group: u32 = 0; group < plan.groupCount; group++) {
    const members = plan.groups + group * width;
    let isAll = true;
    for (let f: usize = 0; f < width; f++) if (load<u8>(path + f) > load<u8>(members + f)) isAll = false;
    if (!isAll) continue;
    for (let f: usize = 0; f < width; f++) if (load<u8>(members + f)) store<u8>(allowed + f, load<u8>(drawn + f));
  }
}

@inline
function pathOf(plan: Plan, k: u32): usize {
  return <usize>plan.paths + (<usize>k * plan.width << 1);
}

/** Deals `count` rows to the lanes, and begins the root with them. */
function plant(plan: Plan, rows: usize, count: u32, drawn: usize): void {
  const root = openLeaf(plan, 0);
  plan.lanes = lanesOf(count);
  const end = <f64>(rows + (<usize>count << 2));
  let first: u32 = count;
  if (plan.lanes > 1) {
    const blocks = count / <u32>(BLOCK >> 2);
    const rest = count - blocks * <u32>(BLOCK >> 2);
    first = ((blocks + 1) >> 1) * <u32>(BLOCK >> 2) + (blocks & 1 ? 0 : rest);
  }
  // Sums of lanes lie where what was found will.
  for (let lane: u32 = 0; lane < plan.lanes; lane++) {
    const from = <f64>(rows + BLOCK * lane);
    const index = <f64>(plan.index + (lane ? first << 2 : 0));
    tell(lane, START, plan.pairs, from, end, plan.lanes, index, plan.found + (lane << 4));
  }
  share(plan.lanes, 2 * <f64>count);
  root.from = 0;
  root.to = first;
  root.otherFrom = first;
  root.otherTo = count;
  root.before = 0;
  root.depth = 0;
  root.parent = -1;
  root.isLeft = 0;
  root.rows = count;
  root.g = 0;
  root.h = 0;
  for (let lane: u32 = 0; lane < plan.lanes; lane++) {
    root.g += load<f64>(plan.found + (lane << 4));
    root.h += load<f64>(plan.found + (lane << 4), 8);
  }
  root.low = -Infinity;
  root.high = Infinity;
  root.allowed = <u32>drawn;
  if (plan.paths) {
    memory.fill(pathOf(plan, 0), 0, plan.width);
    setAllowed(plan, pathOf(plan, 0), drawn);
    root.allowed = <u32>pathOf(plan, 0) + plan.width;
  }
}

/** Writes the split of a leaf as node `node`, and hangs it on the node above. */
function writeNode(plan: Plan, leaf: Leaf, node: u32): void {
  const at = <usize>node << 2;
  const isCategories = load<u8>(<usize>plan.kinds + leaf.feature) == CATEGORIES;
  store<u32>(plan.feature + at, leaf.feature);
  store<i32>(plan.bin + at, isCategories ? 0 : leaf.bin);
  store<u32>(plan.isMissingLeft + at, load<u8>(plan.goesLeft));
  store<f64>(plan.gain + (at << 1), leaf.gain);
  store<f64>(plan.cover + (at << 1), leaf.h);
  if (plan.sets) memory.copy(plan.sets + (<usize>node << 8), plan.goesLeft, 256);
  if (leaf.parent >= 0) store<u32>((leaf.isLeft ? plan.left : plan.right) + (<usize>leaf.parent << 2), node);
}

/** Splits leaf `k` of `open`: its left part takes its place, its right one the next free place. */
function splitLeaf(plan: Plan, k: u32, open: u32, drawn: usize): void {
  const leaf = openLeaf(plan, k);
  const node = open - 1;
  const rightH = leaf.h - leaf.leftH;
  const rightRows = leaf.rows - leaf.leftRows;
  writeSides(plan, leaf);
  writeNode(plan, leaf, node);
  const isSought = open + 1 < plan.leaves && leaf.depth + 1 < plan.depth;
  // By the rows that the histogram tells of, so that it is known before they are parted.
  const isLeftSmall = leaf.leftRows <= rightRows;
  plan.isApart = isSummedApart(min(leaf.leftRows, rightRows), plan.lanes) ? 1 : 0;
  plan.isLeftNext = isLeftSmall ? 1 : 0;
  plan.sums = isSought ? takeSums(plan) : 0;
  plan.column = plan.byColumn + leaf.feature * plan.height;
  tellRows(plan, leaf);
  const rows = <f64>(plan.count + plan.otherCount);
  // A lane is summed by the thread that parts it, where threads have a lane each.
  const isSummed = isSought && plan.isApart != 0 && plan.threads > 1 && plan.threads <= plan.lanes;
  for (let lane: u32 = 0; lane < plan.lanes; lane++) tell(lane, isSummed ? PART_AND_SUM : PART, planOf(plan), lane);
  share(plan.lanes, isSummed ? (2 + 0.5 * <f64>plan.width) * rows : 2 * rows);
  const middle = leaf.from + plan.lefts;
  const otherMiddle = leaf.otherFrom + (plan.lanes > 1 ? plan.otherLefts : 0);

  const right = openLeaf(plan, open);
  memory.copy(changetype<usize>(right), changetype<usize>(leaf), offsetof<Leaf>());
  const lefts = middle - leaf.from + otherMiddle - leaf.otherFrom;
  right.from = middle;
  right.otherFrom = otherMiddle;
  right.before += lefts;
  // Rows are known exactly now; g and h are those of the histogram.
  right.rows = leaf.rows - lefts;
  right.g = leaf.g - leaf.leftG;
  right.h = rightH;
  right.isLeft = 0;
  right.gain = 0;
  const direction = load<i8>(<usize>plan.directions + leaf.feature);
  if (direction != 0) {
    // Outputs on both sides of a monotone split are kept apart by the middle between them.
    const l1 = plan.lambda_l1;
    const l2 = plan.lambda_l2;
    const low = leaf.low;
    const high = leaf.high;
    const between =
      (outputOf(leaf.leftG, leaf.leftH, l1, l2, low, high) + outputOf(right.g, right.h, l1, l2, low, high)) / 2;
    leaf.low = direction > 0 ? low : between;
    leaf.high = direction > 0 ? between : high;
    right.low = direction > 0 ? between : low;
    right.high = direction > 0 ? high : between;
  }
  leaf.to = middle;
  leaf.otherTo = otherMiddle;
  leaf.rows = lefts;
  leaf.g = leaf.leftG;
  leaf.h = leaf.leftH;
  leaf.isLeft = 1;
  leaf.gain = 0;
  leaf.parent = node;
  right.parent = node;
  leaf.depth += 1;
  right.depth = leaf.depth;
  if (plan.paths) {
    const path = pathOf(plan, k);
    store<u8>(path + leaf.feature, 1);
    setAllowed(plan, path, drawn);
    memory.copy(pathOf(plan, open), path, plan.width << 1);
    right.allowed = <u32>pathOf(plan, open) + plan.width;
  }
  if (isSought) {
    const large = isLeftSmall ? right : leaf;
    const small = isLeftSmall ? leaf : right;
    large.sums = leaf.sums;
    small.sums = plan.sums;
    seek(plan, isSummed, small, large);
  } else {
    giveSums(plan, leaf.sums);
    leaf.sums = 0;
    right.sums = 0;
  }
}

/** Writes what the leaves hold, in the order in which they were made. */
function writeLeaves(plan: Plan, open: u32): void {
  for (let k: u32 = 0; k < open; k++) {
    const leaf = openLeaf(plan, k);
    const at = <usize>k << 2;
    store<u32>(plan.before + at, leaf.before);
    store<i32>(plan.parent + at, leaf.parent);
    store<u32>(plan.isLeft + at, leaf.isLeft);
    memory.copy(plan.ends + (at << 2), changetype<usize>(leaf), 16);
    memory.copy(plan.masses + (<usize>k * 40), changetype<usize>(leaf) + offsetof<Leaf>("rows"), 40);
    giveSums(plan, leaf.sums);
  }
}

/**
 * Grows a tree on `count` rows, by features that are `drawn`: a byte each. Returns how many leaves it has, or below 0 why the
 * crew does not work.
 */
export function grow(plan: Plan, rows: usize, count: u32, pairs: u32, drawn: usize): i32 {
  refused = 0;
  plan.pairs = pairs;
  plant(plan, rows, count, drawn);
  const root = openLeaf(plan, 0);
  root.sums = takeSums(plan);
  plan.isApart = isSummedApart(count, plan.lanes) ? 1 : 0;
  seek(plan, false, root, null);
  let open: u32 = 1;
  while (open < plan.leaves) {
    let best: u32 = 0;
    let gain: f64 = 0;
    for (let k: u32 = 0; k < open; k++) {
      if (openLeaf(plan, k).gain > gain) {
        best = k;
        gain = openLeaf(plan, k).gain;
      }
    }
    if (gain == 0 || refused) break;
    splitLeaf(plan, best, open++, drawn);
  }
  writeLeaves(plan, open);
  return refused ? -refused : open;
}
