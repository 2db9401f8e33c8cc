// Sums of derivatives by the bins of each feature: what trees are grown on.
import { laneOf, Plan, STRIDE } from './plan.as';
import { seat } from './crew.as';

/** Rows that are gathered before they are summed. */
const TILE: usize = 1024;
/** Rows that are touched before they are gathered: a short loop waits for more cache misses at once than a long one. */
const TOUCHED: usize = 128;
/** Bytes from one eight of features to the next in gathered rows; not a power of two, so that they share no cache lines. */
const EIGHT: usize = 8 * TILE + 64;

@inline
function add(cell: usize, pair: v128): void {
  v128.store(cell, f64x2.add(v128.load(cell), pair));
}

/** Loads both ends of rows, and their pairs, into the cache; what it writes to `to` means nothing, but keeps it from being left out. */
@inline
function touch(begin: usize, end: usize, width: usize, rows: usize, upto: usize, pairs: usize, to: usize): void {
  let touched: u32 = 0;
  for (let r = rows; r < upto; r += 4) {
    const i = <usize>load<u32>(r);
    touched ^= load<u8>(begin + i * width) ^ load<u8>(end + i * width) ^ load<u8>(pairs + (i << 3));
  }
  store<u8>(to, <u8>touched);
}

/**
 * Adds pairs to sums by bin: features `first` to `last` − 1 of `count` rows, `width` bytes a row. Rows lie all over the table and
 * sums of all features do not fit the nearest cache. So a tile of rows is gathered first, without waiting for one row before
 * the next is asked for, and then summed by eight features at a time.
 */
function accumulate(
  byRow: usize,
  width: usize,
  first: usize,
  last: usize,
  rows: usize,
  count: usize,
  lanes: u32,
  pairs: usize,
  histogram: usize,
  gathered: usize,
): void {
  const end = rows + (count << 2);
  const bins = gathered + 16 * TILE;
  for (let at = rows; at < end; at += TILE << 2) {
    const stop = min(at + (TILE << 2), end);
    let pair = gathered;
    let to = bins;
    // Rows that lie close to each other, but for those of other lanes, are fetched ahead by the machine itself.
    const isSparse = load<u32>(stop - 4) - load<u32>(at) > lanes * <u32>((stop - at) >> 1);
    for (let block = at; block < stop; block += TOUCHED << 2) {
      const upto = min(block + (TOUCHED << 2), stop);
      if (isSparse) touch(byRow + first, byRow + last - 1, width, block, upto, pairs, to);
      for (let r = block; r < upto; r += 4, pair += 16, to += 8) {
        const i = <usize>load<u32>(r);
        v128.store(pair, f64x2.promote_low_f32x4(v128.load64_zero(pairs + (i << 3))));
        const from = byRow + i * width;
        // The last eight may reach into the next row, which is not looked at.
        for (let f = first, place = to; f < last; f += 8, place += EIGHT) {
          store<u64>(place, load<u64>(from + f));
        }
      }
    }
    const own = ((stop - at) >> 2) << 4;
    for (let f = first, place = bins; f < last; f += 8, place += EIGHT) {
      if (f + 8 <= last) {
        sumEight(place, gathered, own, histogram + f * STRIDE);
        continue;
      }
      let rest = f;
      if (f + 4 <= last) {
        sumFour(place, gathered, own, histogram + f * STRIDE);
        rest += 4;
      }
      for (; rest < last; rest++) sumOne(place + rest - f, gathered, own, histogram + rest * STRIDE);
    }
  }
}

function sumEight(bins: usize, pairs: usize, length: usize, cell: usize): void {
  const end = pairs + length;
  for (; pairs < end; pairs += 16, bins += 8) {
    const pair = v128.load(pairs);
    const eight = load<u64>(bins);
    add(cell + ((<usize>eight & 255) << 4), pair);
    add(cell + (<usize>(eight >> 4) & 0xff0) + STRIDE, pair);
    add(cell + (<usize>(eight >> 12) & 0xff0) + 2 * STRIDE, pair);
    add(cell + (<usize>(eight >> 20) & 0xff0) + 3 * STRIDE, pair);
    add(cell + (<usize>(eight >> 28) & 0xff0) + 4 * STRIDE, pair);
    add(cell + (<usize>(eight >> 36) & 0xff0) + 5 * STRIDE, pair);
    add(cell + (<usize>(eight >> 44) & 0xff0) + 6 * STRIDE, pair);
    add(cell + (<usize>(eight >> 52) & 0xff0) + 7 * STRIDE, pair);
  }
}

function sumFour(bins: usize, pairs: usize, length: usize, cell: usize): void {
  const end = pairs + length;
  for (; pairs < end; pairs += 16, bins += 8) {
    const pair = v128.load(pairs);
    const four = load<u32>(bins);
    add(cell + ((<usize>four & 255) << 4), pair);
    add(cell + (<usize>(four >> 4) & 0xff0) + STRIDE, pair);
    add(cell + (<usize>(four >> 12) & 0xff0) + 2 * STRIDE, pair);
    add(cell + (<usize>(four >> 20) & 0xff0) + 3 * STRIDE, pair);
  }
}

function sumOne(bins: usize, pairs: usize, length: usize, cell: usize): void {
  const end = pairs + length;
  for (; pairs < end; pairs += 16, bins += 8) add(cell + (<usize>load<u8>(bins) << 4), v128.load(pairs));
}

@inline
function clear(plan: Plan, into: usize, first: usize, last: usize): void {
  for (let f = first; f < last; f++) {
    memory.fill(into + f * STRIDE, 0, (<usize>load<u8>(<usize>plan.counts + f) + 1) << 4);
  }
}

/** Adds the rows of a lane to sums, for features `first` to `last` − 1, by way of this thread's own tile. */
function addLane(plan: Plan, lane: usize, into: usize, first: usize, last: usize): void {
  const own = laneOf(plan, lane);
  accumulate(
    plan.byRow,
    plan.width,
    first,
    last,
    load<u32>(own),
    load<u32>(own, 4),
    plan.lanes,
    plan.pairs,
    into,
    <usize>plan.tiles + seat * <usize>plan.tileBytes,
  );
}

/** Adds the other lane's sums of features to the first one's, cell by cell. */
export function mergeLanes(plan: Plan, first: usize, last: usize): void {
  const into = <usize>plan.sums;
  const from = <usize>plan.other;
  for (let f = first; f < last; f++) {
    const end = f * STRIDE + ((<usize>load<u8>(<usize>plan.counts + f) + 1) << 4);
    for (let at = f * STRIDE; at < end; at += 16) add(into + at, v128.load(from + at));
  }
}

/** Sums of one lane for features `first` to `last` − 1: the first lane's where they belong, the other's in its own room. */
export function sumLane(plan: Plan, lane: usize, first: usize, last: usize): void {
  const into = lane == 0 ? <usize>plan.sums : <usize>plan.other;
  clear(plan, into, first, last);
  addLane(plan, lane, into, first, last);
}

/** Sums of all lanes, apart or one after the other. */
export function sumLanes(plan: Plan, first: usize, last: usize): void {
  sumLane(plan, 0, first, last);
  if (plan.lanes == 1) return;
  if (plan.isApart) {
    sumLane(plan, 1, first, last);
    mergeLanes(plan, first, last);
  } else addLane(plan, 1, plan.sums, first, last);
}

/** Takes the sums of one histogram off those of another, for a feature. */
export function takeOff(plan: Plan, f: usize, small: usize, large: usize): void {
  const from = small + f * STRIDE;
  const cells = large + f * STRIDE;
  const end = (<usize>load<u8>(<usize>plan.counts + f) + 1) << 4;
  for (let at: usize = 0; at < end; at += 16) {
    v128.store(cells + at, f64x2.sub(v128.load(cells + at), v128.load(from + at)));
  }
}
