// From numbers to bins in AssemblyScript: bounds of bins, the bins of values, columns to rows.

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
