// The hot loops of trees in AssemblyScript, compiled to WebAssembly with SIMD; `plain.ts` is the same in TypeScript, to the bit.
// Everything lies in one memory, and arguments are places in it, in bytes.

import { BLOCK } from './lanes.as';

export { binNumbers, bounds, transpose } from './bins.as';
export { slopes } from './slopes.as';
export { walk } from './walk.as';

/** Bytes of a feature in a histogram: 256 pairs of f64. */
const STRIDE: usize = 4096;
/** Rows that are gathered before they are summed. */
const TILE: usize = 1024;
/** Rows that are touched before they are gathered: a short loop waits for more cache misses at once than a long one. */
const TOUCHED: usize = 128;
/** Bytes from one eight of features to the next in gathered rows; not a power of two, so that they share no cache lines. */
const EIGHT: usize = 8 * TILE + 64;

/** Which thread this is: each has an instance of these loops, and with it a number of its own. */
let seat: usize = 0;

export function sit(thread: i32): void {
  seat = thread;
}

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

let cutGain: f64 = 0;
let cutBin: i32 = 0;
let cutMissing: f64 = 0;
let cutG: f64 = 0;
let cutH: f64 = 0;

/** Cuts after each bin from 1 to `last`, (g, h) being what lies left of them already; keeps what beats the cut so far. */
function scan(
  cells: usize,
  last: i32,
  sum: v128,
  whole: v128,
  least: f64,
  l2: f64,
  missing: f64,
): void {
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
    if (gain > cutGain) {
      cutGain = gain;
      cutBin = b;
      cutMissing = missing;
      cutG = f64x2.extract_lane(sum, 0);
      cutH = h;
    }
  }
}

/** The best cut of one feature; ask holds g, h, rows, least, l2, bar; found gets gain, bin, missing left, g, h, misses. */
function cut(cells: usize, count: i32, ask: usize, found: usize): void {
  const whole = v128.load(ask);
  const least = load<f64>(ask + 24);
  const l2 = load<f64>(ask + 32);
  cutGain = load<f64>(ask + 40);
  cutBin = -1;
  cutMissing = 0;
  cutG = 0;
  cutH = 0;
  const misses = load<f64>(cells + 8) * load<f64>(ask + 16) > 0.5 * load<f64>(ask + 8);
  scan(cells, misses ? count : count - 1, f64x2.splat(0), whole, least, l2, 0);
  if (misses) scan(cells, count - 1, v128.load(cells), whole, least, l2, 1);
  store<f64>(found, cutGain);
  store<f64>(found + 8, <f64>cutBin);
  store<f64>(found + 16, cutMissing);
  store<f64>(found + 24, cutG);
  store<f64>(found + 32, cutH);
  store<f64>(found + 40, misses ? 1 : 0);
}

/**
 * The words of a search and of the parting before it: the table by row, its width, counts of bins, lanes, whether they are summed
 * apart, gradients, sides, room for sums of lanes but the first, the threads' tiles, bytes of a tile; from SIDES on sums, ask,
 * open, found of the side that is summed, and of the one that it is taken from; from PARTING on the column, what goes left, bytes
 * from rows to spare room, whether the left side is summed; from SPAN on for each lane its rows, how many, and how many go left.
 */
const SIDES: usize = 40;
const PARTING: usize = 72;
const SPAN: usize = 88;
const LANE: usize = 12;

@inline
function clear(work: usize, into: usize, first: usize, last: usize): void {
  const counts = <usize>load<u32>(work, 8);
  for (let f = first; f < last; f++) {
    memory.fill(into + f * STRIDE, 0, (<usize>load<u8>(counts + f) + 1) << 4);
  }
}

/** Adds the rows of a lane to sums, for features `first` to `last` − 1, by way of this thread's own tile. */
function addLane(work: usize, lane: usize, into: usize, first: usize, last: usize): void {
  const span = work + SPAN + lane * LANE;
  accumulate(
    load<u32>(work),
    load<u32>(work, 4),
    first,
    last,
    load<u32>(span),
    load<u32>(span, 4),
    load<u32>(work, 12),
    load<u32>(work, 20),
    into,
    <usize>load<u32>(work, 32) + seat * <usize>load<u32>(work, 36),
  );
}

/** Adds sums of features to those of `into`, cell by cell. */
@inline
function merge(work: usize, into: usize, from: usize, first: usize, last: usize): void {
  const counts = <usize>load<u32>(work, 8);
  for (let f = first; f < last; f++) {
    const end = f * STRIDE + ((<usize>load<u8>(counts + f) + 1) << 4);
    for (let at = f * STRIDE; at < end; at += 16) add(into + at, v128.load(from + at));
  }
}

/** Takes the first side's sums off the second side's, and cuts both, for features `first` to `last` − 1. */
@inline
function cutSides(work: usize, first: usize, last: usize): void {
  const counts = <usize>load<u32>(work, 8);
  const sides = load<u32>(work, 24);
  const small = <usize>load<u32>(work, SIDES);
  for (let s: u32 = 0; s < sides; s++) {
    const side = work + SIDES + (<usize>s << 4);
    const sums = <usize>load<u32>(side);
    const ask = <usize>load<u32>(side, 4);
    const open = <usize>load<u32>(side, 8);
    const found = <usize>load<u32>(side, 12);
    for (let f = first; f < last; f++) {
      const cells = sums + f * STRIDE;
      const count = <i32>load<u8>(counts + f);
      if (s == 1) {
        const own = small + f * STRIDE;
        const end = (<usize>count + 1) << 4;
        for (let at: usize = 0; at < end; at += 16) {
          v128.store(cells + at, f64x2.sub(v128.load(cells + at), v128.load(own + at)));
        }
      }
      if (load<u8>(open + f) == 1) cut(cells, count, ask, found + f * 48);
    }
  }
}

/** Sums of a leaf and its best cuts, for features `first` to `last` − 1. */
export function search(work: usize, first: i32, last: i32): i32 {
  const lanes = <usize>load<u32>(work, 12);
  const isApart = load<u32>(work, 16);
  const room = <usize>load<u32>(work, 28);
  const small = <usize>load<u32>(work, SIDES);
  clear(work, small, first, last);
  addLane(work, 0, small, first, last);
  for (let lane: usize = 1; lane < lanes; lane++) {
    if (isApart) {
      clear(work, room, first, last);
      addLane(work, lane, room, first, last);
      merge(work, small, room, first, last);
    } else addLane(work, lane, small, first, last);
  }
  cutSides(work, first, last);
  return 0;
}

/**
 * The first half of a shared search: the sums of one lane for features `first` to `last` − 1, the first lane's where they belong,
 * the others' in the room.
 */
export function sumLane(work: usize, lane: i32, first: i32, last: i32): i32 {
  const room = <usize>load<u32>(work, 28) + <usize>(lane - 1) * <usize>load<u32>(work, 4) * STRIDE;
  const into = lane == 0 ? <usize>load<u32>(work, SIDES) : room;
  clear(work, into, first, last);
  addLane(work, lane, into, first, last);
  return 0;
}

/** The second half: adds the lanes up in their order, and cuts. */
export function cutLanes(work: usize, first: i32, last: i32): i32 {
  const width = <usize>load<u32>(work, 4);
  const small = <usize>load<u32>(work, SIDES);
  const lanes = <usize>load<u32>(work, 12);
  const room = <usize>load<u32>(work, 28);
  for (let lane: usize = 1; lane < lanes; lane++) {
    merge(work, small, room + (lane - 1) * width * STRIDE, first, last);
  }
  cutSides(work, first, last);
  return 0;
}

/** Parts the rows of a lane: those that go left come first, both sides in their old order. */
export function part(work: usize, lane: i32): i32 {
  const column = <usize>load<u32>(work, PARTING);
  const goesLeft = <usize>load<u32>(work, PARTING + 4);
  const span = work + SPAN + <usize>lane * LANE;
  const rows = <usize>load<u32>(span);
  const end = rows + (<usize>load<u32>(span, 4) << 2);
  const spare = rows + <usize>load<u32>(work, PARTING + 8);
  let left = rows;
  let right = spare;
  for (let r = rows; r < end; r += 4) {
    const i = load<u32>(r);
    const isLeft = <usize>load<u8>(goesLeft + <usize>load<u8>(column + <usize>i));
    // Both are written, one of the two places moves on: no branch to be guessed wrong.
    store<u32>(left, i);
    store<u32>(right, i);
    left += isLeft << 2;
    right += (1 - isLeft) << 2;
  }
  memory.copy(left, spare, right - spare);
  store<u32>(span, <u32>((left - rows) >> 2), 8);
  return 0;
}

/** Parts the rows of a lane, and sums the side that is sought next, for all features. */
export function partAndSum(work: usize, lane: i32): i32 {
  part(work, lane);
  const span = work + SPAN + <usize>lane * LANE;
  const left = load<u32>(span, 8);
  if (load<u32>(work, PARTING + 12)) store<u32>(span, left, 4);
  else {
    store<u32>(span, load<u32>(span) + (left << 2));
    store<u32>(span, load<u32>(span, 4) - left, 4);
  }
  return sumLane(work, lane, 0, load<u32>(work, 4));
}

/** Copies one block of rows out of `lanes`, from `block` to `end`, to `index`, and writes the sum of their pairs to `to`. */
export function start(
  pairs: usize,
  block: usize,
  end: usize,
  lanes: usize,
  index: usize,
  to: usize,
): i32 {
  let sum = f64x2.splat(0);
  for (; block < end; block += BLOCK * lanes) {
    const upto = min(block + BLOCK, end);
    for (let r = block; r < upto; r += 4, index += 4) {
      const i = load<u32>(r);
      store<u32>(index, i);
      sum = f64x2.add(sum, f64x2.promote_low_f32x4(v128.load64_zero(pairs + (<usize>i << 3))));
    }
  }
  v128.store(to, sum);
  return 0;
}

/** The first place from `at` to `end` whose row is not below `least`; rows ascend. */
function notBelow(at: usize, end: usize, least: u32): usize {
  while (at < end) {
    const half = at + (((end - at) >> 3) << 2);
    if (load<u32>(half) < least) at = half + 4;
    else end = half;
  }
  return at;
}

/**
 * Adds the values of leaves to the scores, `outputs` apart, of their rows from `least` to `most` − 1; the rows of leaf l lie
 * from place offsets[l] to offsets[l + 1] and ascend.
 */
export function raise(
  score: usize,
  outputs: i32,
  rows: usize,
  offsets: usize,
  values: usize,
  leaves: i32,
  least: u32,
  most: u32,
): i32 {
  const step = <usize>outputs << 3;
  for (let l: usize = 0; l < <usize>leaves; l++) {
    const value = load<f64>(values + (l << 3));
    const end = rows + (<usize>load<u32>(offsets + (l << 2), 4) << 2);
    let r = notBelow(rows + (<usize>load<u32>(offsets + (l << 2)) << 2), end, least);
    for (; r < end; r += 4) {
      const i = load<u32>(r);
      if (i >= most) break;
      const at = score + <usize>i * step;
      store<f64>(at, load<f64>(at) + value);
    }
  }
  return 0;
}
