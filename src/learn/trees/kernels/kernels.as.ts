// The hot loops of trees in AssemblyScript, compiled to WebAssembly with SIMD; `plain.ts` is the same in TypeScript, to the bit.
// Everything lies in one memory, and arguments are places in it, in bytes.

export { slopes } from './slopes.as';

/** Bytes of a feature in a histogram: 256 pairs of f64. */
const STRIDE: usize = 4096;
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
    // Rows that lie close to each other are fetched ahead by the machine itself.
    const isSparse = load<u32>(stop - 4) - load<u32>(at) > <u32>((stop - at) >> 1);
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

/** Sums one chunk of a leaf's rows for features `first` to `last` − 1, from zero on. */
@inline
function sum(work: usize, chunk: u32, into: usize, first: usize, last: usize, gathered: usize): void {
  const counts = <usize>load<u32>(work, 8);
  const rows = <u64>load<u32>(work, 16);
  const chunks = <u64>load<u32>(work, 28);
  const from = <usize>((<u64>chunk * rows) / chunks);
  const upto = <usize>((<u64>(chunk + 1) * rows) / chunks);
  for (let f = first; f < last; f++) {
    memory.fill(into + f * STRIDE, 0, (<usize>load<u8>(counts + f) + 1) << 4);
  }
  accumulate(
    load<u32>(work),
    load<u32>(work, 4),
    first,
    last,
    <usize>load<u32>(work, 12) + (from << 2),
    upto - from,
    load<u32>(work, 20),
    into,
    gathered,
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
  const small = <usize>load<u32>(work, 36);
  for (let s: u32 = 0; s < sides; s++) {
    const side = work + 36 + (<usize>s << 4);
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

/**
 * Sums of a leaf and its best cuts, for features `first` to `last` − 1. The work is seventeen words: byRow, width, counts, rows,
 * count, pairs, sides, chunks, room for sums of chunks, then sums, ask, open, found of the side that is summed, and of the one
 * that it is taken from. `gathered` is room for a tile of rows.
 */
export function search(work: usize, first: i32, last: i32, gathered: usize): i32 {
  const small = <usize>load<u32>(work, 36);
  const chunks = load<u32>(work, 28);
  const room = <usize>load<u32>(work, 32);
  sum(work, 0, small, first, last, gathered);
  for (let chunk: u32 = 1; chunk < chunks; chunk++) {
    sum(work, chunk, room, first, last, gathered);
    merge(work, small, room, first, last);
  }
  cutSides(work, first, last);
  return 0;
}

/**
 * The first half of a shared search: the sums of one chunk for features `first` to `last` − 1, the first chunk's where they
 * belong, the others' in the room.
 */
export function sumChunk(work: usize, chunk: i32, first: i32, last: i32, gathered: usize): i32 {
  const width = <usize>load<u32>(work, 4);
  const room = <usize>load<u32>(work, 32);
  const into = chunk == 0 ? <usize>load<u32>(work, 36) : room + <usize>(chunk - 1) * width * STRIDE;
  sum(work, chunk, into, first, last, gathered);
  return 0;
}

/** The second half: adds the chunks up in their order, and cuts. */
export function cutChunks(work: usize, first: i32, last: i32): i32 {
  const width = <usize>load<u32>(work, 4);
  const small = <usize>load<u32>(work, 36);
  const chunks = <usize>load<u32>(work, 28);
  const room = <usize>load<u32>(work, 32);
  for (let chunk: usize = 1; chunk < chunks; chunk++) {
    merge(work, small, room + (chunk - 1) * width * STRIDE, first, last);
  }
  cutSides(work, first, last);
  return 0;
}

/** The sum of the pairs of rows, written to `to`. */
export function total(pairs: usize, rows: usize, count: i32, to: usize): i32 {
  let sum = f64x2.splat(0);
  const end = rows + (<usize>count << 2);
  for (let r = rows; r < end; r += 4) {
    sum = f64x2.add(sum, f64x2.promote_low_f32x4(v128.load64_zero(pairs + (<usize>load<u32>(r) << 3))));
  }
  v128.store(to, sum);
  return 0;
}

/**
 * Writes the rows that go left to `left` and the others to `right`, both in their old order; returns how many went left.
 * `left` may be where the rows are.
 */
export function divide(
  column: usize,
  goesLeft: usize,
  rows: usize,
  count: i32,
  left: usize,
  right: usize,
): i32 {
  const from = left;
  const end = rows + (<usize>count << 2);
  for (let r = rows; r < end; r += 4) {
    const i = load<u32>(r);
    const isLeft = <usize>load<u8>(goesLeft + <usize>load<u8>(column + <usize>i));
    // Both are written, one of the two places moves on: no branch to be guessed wrong.
    store<u32>(left, i);
    store<u32>(right, i);
    left += isLeft << 2;
    right += (1 - isLeft) << 2;
  }
  return <i32>((left - from) >> 2);
}

export function copy(to: usize, from: usize, bytes: i32): i32 {
  memory.copy(to, from, bytes);
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

@inline
function binOf(value: f64, upper: usize, half: usize): u8 {
  let at = upper;
  for (; half >= 8; half >>= 1) at += select<usize>(half, 0, value > load<f64>(at + half - 8));
  return select<u8>(0, <u8>(((at - upper) >> 3) + 1), value != value);
}

/** The bins of f32 or f64 numbers among ascending bounds; as many, padded with Infinity, as a power of two: 16 · half / 128. */
export function binNumbers(values: usize, bytes: i32, count: i32, upper: usize, half: i32, out: usize): i32 {
  if (bytes == 4) {
    for (let k: usize = 0; k < <usize>count; k++) {
      store<u8>(out + k, binOf(<f64>load<f32>(values + (k << 2)), upper, half));
    }
  } else {
    for (let k: usize = 0; k < <usize>count; k++) {
      store<u8>(out + k, binOf(load<f64>(values + (k << 3)), upper, half));
    }
  }
  return 0;
}

/** Columns to rows, rows `from` to `to` − 1, in tiles that stay in the cache. */
export function transpose(byColumn: usize, rows: i32, width: i32, byRow: usize, from: i32, to: i32): i32 {
  for (let start = from; start < to; start += 64) {
    const end = min(to, start + 64);
    for (let f = 0; f < width; f++) {
      const column = byColumn + <usize>f * rows;
      let at = byRow + <usize>start * width + f;
      for (let i = start; i < end; i++, at += width) store<u8>(at, load<u8>(column + i));
    }
  }
  return 0;
}

@inline
function keyOf(bits: u64): u64 {
  return bits ^ (<u64>(<i64>bits >> 63) | 0x8000000000000000);
}

/** Sorts f64 numbers by radix, 11 bits a pass; `spare` has as much room, `counts` that of 2048 words. */
function sort(values: usize, count: i32, spare: usize, counts: usize): void {
  const bytes = <usize>count << 3;
  for (let at: usize = 0; at < bytes; at += 8) store<u64>(values + at, keyOf(load<u64>(values + at)));
  let from = values;
  let to = spare;
  for (let shift: u64 = 0; shift < 64; shift += 11) {
    memory.fill(counts, 0, 8192);
    for (let at: usize = 0; at < bytes; at += 8) {
      const cell = counts + ((<usize>(load<u64>(from + at) >> shift) & 2047) << 2);
      store<u32>(cell, load<u32>(cell) + 1);
    }
    // A digit that all share moves nothing: numbers that were f32 have many of them.
    if (load<u32>(counts + ((<usize>(load<u64>(from) >> shift) & 2047) << 2)) == <u32>count) continue;
    let place: u32 = 0;
    for (let d: usize = 0; d < 8192; d += 4) {
      const own = load<u32>(counts + d);
      store<u32>(counts + d, place);
      place += own;
    }
    for (let at: usize = 0; at < bytes; at += 8) {
      const key = load<u64>(from + at);
      const cell = counts + ((<usize>(key >> shift) & 2047) << 2);
      const next = load<u32>(cell);
      store<u32>(cell, next + 1);
      store<u64>(to + (<usize>next << 3), key);
    }
    const other = from;
    from = to;
    to = other;
  }
  for (let at: usize = 0; at < bytes; at += 8) {
    const key = load<u64>(from + at);
    store<u64>(values + at, key ^ (<u64>(<i64>~key >> 63) | 0x8000000000000000));
  }
}

/** Keeps one of each of ascending values, and how often it was there; returns how many there are now. */
function distinct(values: usize, count: i32, counts: usize): i32 {
  let found = -1;
  for (let k = 0; k < count; k++) {
    const value = load<f64>(values + (<usize>k << 3));
    if (found >= 0 && value == load<f64>(values + (<usize>found << 3))) {
      const at = counts + (<usize>found << 2);
      store<u32>(at, load<u32>(at) + 1);
      continue;
    }
    found++;
    store<f64>(values + (<usize>found << 3), value);
    store<u32>(counts + (<usize>found << 2), 1);
  }
  return found + 1;
}

/** A number between neighbouring values k and k + 1; the lower one where there is none. */
@inline
function middle(values: usize, k: i32): f64 {
  const low = load<f64>(values + (<usize>k << 3));
  const high = load<f64>(values + (<usize>k << 3), 8);
  const between = low + (high - low) / 2;
  return between < high ? between : low;
}

@inline
function isLarge(counts: usize, k: i32, most: i32, count: i32): bool {
  return <i64>load<u32>(counts + (<usize>k << 2)) * <i64>most >= <i64>count;
}

/**
 * Bounds of at most `most` bins of values, as `boundsOf` in bounds.ts, written to `to`; returns how many. The values are sorted;
 * `spare` has as much room, `digits` that of 2048 words.
 */
export function bounds(values: usize, count: i32, spare: usize, digits: usize, most: i32, to: usize): i32 {
  sort(values, count, spare, digits);
  const counts = spare;
  const found = distinct(values, count, counts);
  let made = 0;
  if (found <= most) {
    for (; made + 1 < found; made++) store<f64>(to + (<usize>made << 3), middle(values, made));
    store<f64>(to + (<usize>made << 3), Infinity);
    return made + 1;
  }
  let left: f64 = count;
  let bins: f64 = most;
  for (let k = 0; k < found; k++) {
    if (!isLarge(counts, k, most, count)) continue;
    left -= load<u32>(counts + (<usize>k << 2));
    bins -= 1;
  }
  let share = bins > 0 ? left / bins : Infinity;
  let own: f64 = 0;
  for (let k = 0; k + 1 < found && made < most - 1; k++) {
    const large = isLarge(counts, k, most, count);
    const rows: f64 = load<u32>(counts + (<usize>k << 2));
    own += rows;
    if (!large) left -= rows;
    const isFull = large || own >= share || (isLarge(counts, k + 1, most, count) && own >= max<f64>(1, share / 2));
    if (!isFull) continue;
    store<f64>(to + (<usize>made << 3), middle(values, k));
    made++;
    own = 0;
    if (large) continue;
    bins -= 1;
    share = bins > 0 ? left / bins : Infinity;
  }
  store<f64>(to + (<usize>made << 3), Infinity);
  return made + 1;
}

@inline
function step(nodes: usize, node: usize, row: usize): usize {
  const x = load<f64>(row + <usize>load<u32>(node, 8));
  const kind = load<u32>(node, 20);
  let isLeft: bool;
  if (kind & 2) {
    // Codes beyond the levels, and what is not a code, go right; the set's first word says how many levels there are.
    const set = nodes + <usize>load<u32>(node, 0);
    const levels = <f64>load<u32>(set);
    const isCode = x >= 0 && x < levels;
    const code = isCode ? <u32>x : 0;
    const isIn = isCode && ((load<u32>(set + 4 + (<usize>(code >> 5) << 2)) >> (code & 31)) & 1) == 1;
    isLeft = x != x ? (kind & 1) == 1 : isIn;
  } else {
    isLeft = <bool>(i32(x <= load<f64>(node)) | (<i32>kind & i32(x != x)));
  }
  return nodes + <usize>select<u32>(load<u32>(node, 12), load<u32>(node, 16), isLeft);
}

/**
 * Adds what trees say of rows to their scores; the features of row r begin at values + 8 r, and are `rows` of f64 apart. A node
 * is 24 bytes: threshold or place of its set, place of its feature, left, right, kind (1: missing goes left, 2: categories). A
 * leaf leads to itself. For each tree, `trees` has where it begins and where its leaves do, `at` from `nodes` on.
 */
export function walk(
  nodes: usize,
  trees: usize,
  treeCount: i32,
  values: usize,
  count: i32,
  score: usize,
  outputs: i32,
): i32 {
  let output: usize = 0;
  const across = <usize>outputs << 3;
  for (let t: usize = 0; t < <usize>treeCount; t++) {
    const root = nodes + <usize>load<u32>(trees + (t << 3));
    const leaves = nodes + <usize>load<u32>(trees + (t << 3), 4);
    let at = score + (output << 3);
    let r: i32 = 0;
    // Four rows at once: their walks do not wait for each other.
    for (; r + 4 <= count; r += 4, at += across << 2) {
      const row = values + (<usize>r << 3);
      let a = root;
      let b = root;
      let c = root;
      let d = root;
      while (min(min(a, b), min(c, d)) < leaves) {
        a = step(nodes, a, row);
        b = step(nodes, b, row + 8);
        c = step(nodes, c, row + 16);
        d = step(nodes, d, row + 24);
      }
      store<f64>(at, load<f64>(at) + load<f64>(a));
      store<f64>(at + across, load<f64>(at + across) + load<f64>(b));
      store<f64>(at + 2 * across, load<f64>(at + 2 * across) + load<f64>(c));
      store<f64>(at + 3 * across, load<f64>(at + 3 * across) + load<f64>(d));
    }
    for (; r < count; r++, at += across) {
      let a = root;
      while (a < leaves) a = step(nodes, a, values + (<usize>r << 3));
      store<f64>(at, load<f64>(at) + load<f64>(a));
    }
    output++;
    if (output == <usize>outputs) output = 0;
  }
  return 0;
}
