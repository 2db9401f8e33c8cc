// From numbers to bins in AssemblyScript: bounds of bins, the bins of values, columns to rows.

/** Without a branch, which would be guessed wrong half of the time; a select may become one. */
@inline
function step(at: usize, half: usize, value: f64): usize {
  return at + (half & (0 - <usize>(value > load<f64>(at + half - 8))));
}

@inline
function binAt(at: usize, upper: usize, value: f64): u8 {
  return select<u8>(0, <u8>(((at - upper) >> 3) + 1), value != value);
}

@inline
function numberAt(values: usize, isSingle: bool, k: usize): f64 {
  return isSingle ? <f64>load<f32>(values + (k << 2)) : load<f64>(values + (k << 3));
}

/** The bins of f32 or f64 numbers among ascending bounds; as many, padded with Infinity, as a power of two: 16 · half / 128. */
export function binNumbers(values: usize, bytes: i32, count: i32, upper: usize, half: i32, out: usize): void {
  const single = bytes == 4;
  const all = <usize>count;
  let k: usize = 0;
  // Four at once: their searches do not wait for each other.
  for (; k + 4 <= all; k += 4) {
    const a = numberAt(values, single, k);
    const b = numberAt(values, single, k + 1);
    const c = numberAt(values, single, k + 2);
    const d = numberAt(values, single, k + 3);
    let atA = upper;
    let atB = upper;
    let atC = upper;
    let atD = upper;
    for (let h = <usize>half; h >= 8; h >>= 1) {
      atA = step(atA, h, a);
      atB = step(atB, h, b);
      atC = step(atC, h, c);
      atD = step(atD, h, d);
    }
    store<u8>(out + k, binAt(atA, upper, a));
    store<u8>(out + k, binAt(atB, upper, b), 1);
    store<u8>(out + k, binAt(atC, upper, c), 2);
    store<u8>(out + k, binAt(atD, upper, d), 3);
  }
  for (; k < all; k++) {
    const value = numberAt(values, single, k);
    let at = upper;
    for (let h = <usize>half; h >= 8; h >>= 1) at = step(at, h, value);
    store<u8>(out + k, binAt(at, upper, value));
  }
}

/** Columns to rows, rows `from` to `to` − 1, in tiles that stay in the cache. */
export function transpose(byColumn: usize, rows: i32, width: i32, byRow: usize, from: i32, to: i32): void {
  for (let start = from; start < to; start += 64) {
    const end = min(to, start + 64);
    for (let f = 0; f < width; f++) {
      const column = byColumn + <usize>f * rows;
      let at = byRow + <usize>start * width + f;
      for (let i = start; i < end; i++, at += width) store<u8>(at, load<u8>(column + i));
    }
  }
}

/** Bits of a float as a whole number of the same order: all turned over where it is negative, else its sign. */
@inline
function keyOf<K>(bits: K): K {
  const last = <K>(8 * sizeof<K>() - 1);
  return bits ^ ((<K>0 - (bits >> last)) | (<K>1 << last));
}

@inline
function bitsOf<K>(key: K): K {
  const last = <K>(8 * sizeof<K>() - 1);
  return key ^ ((<K>0 - (~key >> last)) | (<K>1 << last));
}

/** Sorts floats of the size of K by radix, 11 bits a pass; `spare` has as much room, `counts` that of 2048 words. */
function sort<K>(values: usize, count: i32, spare: usize, counts: usize): void {
  const bytes = <usize>count * sizeof<K>();
  for (let at: usize = 0; at < bytes; at += sizeof<K>()) store<K>(values + at, keyOf<K>(load<K>(values + at)));
  let from = values;
  let to = spare;
  for (let shift: usize = 0; shift < 8 * sizeof<K>(); shift += 11) {
    memory.fill(counts, 0, 8192);
    for (let at: usize = 0; at < bytes; at += sizeof<K>()) {
      const cell = counts + ((<usize>(load<K>(from + at) >> <K>shift) & 2047) << 2);
      store<u32>(cell, load<u32>(cell) + 1);
    }
    // A digit that all share moves nothing.
    if (load<u32>(counts + ((<usize>(load<K>(from) >> <K>shift) & 2047) << 2)) == <u32>count) continue;
    let place: u32 = 0;
    for (let d: usize = 0; d < 8192; d += 4) {
      const own = load<u32>(counts + d);
      store<u32>(counts + d, place);
      place += own;
    }
    for (let at: usize = 0; at < bytes; at += sizeof<K>()) {
      const key = load<K>(from + at);
      const cell = counts + ((<usize>(key >> <K>shift) & 2047) << 2);
      const next = load<u32>(cell);
      store<u32>(cell, next + 1);
      store<K>(to + <usize>next * sizeof<K>(), key);
    }
    const other = from;
    from = to;
    to = other;
  }
  for (let at: usize = 0; at < bytes; at += sizeof<K>()) store<K>(values + at, bitsOf<K>(load<K>(from + at)));
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

/** Values of a column in some of its rows, without those that are missing; returns how many. */
function gather<T>(column: usize, rows: usize, count: i32, to: usize): i32 {
  let at = to;
  const end = rows + (<usize>count << 2);
  for (let r = rows; r < end; r += 4) {
    const value = load<T>(column + <usize>load<u32>(r) * sizeof<T>());
    store<T>(at, value);
    at += value == value ? sizeof<T>() : 0;
  }
  return <i32>((at - to) / sizeof<T>());
}

/** The same as ascending f64; `spare` has room for as many, `digits` for 2048 words. */
function ascending(column: usize, bytes: i32, rows: usize, sampled: i32, values: usize, spare: usize, digits: usize): i32 {
  if (bytes == 8) {
    const count = gather<f64>(column, rows, sampled, values);
    sort<u64>(values, count, spare, digits);
    return count;
  }
  const count = gather<f32>(column, rows, sampled, values);
  sort<u32>(values, count, spare, digits);
  // From the end on, as they take twice the room.
  for (let k = <usize>count; k > 0; k--) store<f64>(values + ((k - 1) << 3), <f64>load<f32>(values + ((k - 1) << 2)));
  return count;
}

/**
 * Bounds of at most `most` bins of a column of f32 or f64, from `sampled` of its rows, as `boundsOf` in bounds.ts, written to
 * `to`; returns how many. `room` is for twice as many f64 and one, and 2048 words.
 */
export function bounds(
  column: usize,
  bytes: i32,
  rows: usize,
  sampled: i32,
  room: usize,
  most: i32,
  to: usize,
): i32 {
  const values = room;
  const spare = room + (<usize>(sampled + 1) << 3);
  const count = ascending(column, bytes, rows, sampled, values, spare, spare + (<usize>sampled << 3));
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
