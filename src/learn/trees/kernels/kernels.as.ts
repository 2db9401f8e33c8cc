// The hot loops of training trees in AssemblyScript, compiled to WebAssembly with SIMD; `plain.ts` is the same in TypeScript.
// Everything lies in one memory, and arguments are places in it, in bytes.

/** Rows that are touched before they are worked on: their cache misses then overlap, as a prefetch would make them do. */
const CHUNK: usize = 128;

/** Adds pairs of sums by bin: features `first` to `last` − 1 of `count` rows, `width` bytes a row. */
export function accumulate(
  byRow: usize,
  width: usize,
  first: usize,
  last: usize,
  rows: usize,
  count: usize,
  pairs: usize,
  histogram: usize,
): u32 {
  let touched: u32 = 0;
  const end = rows + (count << 2);
  const span = last - first;
  const quads = span & ~3;
  for (let at = rows; at < end; at += CHUNK << 2) {
    const stop = min(at + (CHUNK << 2), end);
    for (let r = at; r < stop; r += 4) {
      const i = <usize>load<u32>(r);
      touched += load<u8>(byRow + i * width + first);
      touched += load<u8>(byRow + i * width + last - 1);
      touched += load<u8>(pairs + (i << 3));
    }
    for (let r = at; r < stop; r += 4) {
      const i = <usize>load<u32>(r);
      const pair = f64x2.promote_low_f32x4(v128.load64_zero(pairs + (i << 3)));
      const from = byRow + i * width + first;
      let into = histogram + (first << 12);
      let f: usize = 0;
      for (; f < quads; f += 4) {
        const bins = load<u32>(from + f);
        const a = into + ((bins & 255) << 4);
        v128.store(a, f64x2.add(v128.load(a), pair));
        const b = into + 4096 + (((bins >> 8) & 255) << 4);
        v128.store(b, f64x2.add(v128.load(b), pair));
        const c = into + 8192 + (((bins >> 16) & 255) << 4);
        v128.store(c, f64x2.add(v128.load(c), pair));
        const d = into + 12288 + ((bins >> 24) << 4);
        v128.store(d, f64x2.add(v128.load(d), pair));
        into += 16384;
      }
      for (; f < span; f++) {
        const a = into + ((<usize>load<u8>(from + f)) << 4);
        v128.store(a, f64x2.add(v128.load(a), pair));
        into += 4096;
      }
    }
  }
  return touched;
}

/** Puts the rows that go left first, both sides in their old order; returns how many those are. */
export function partition(column: usize, goesLeft: usize, rows: usize, count: usize, spare: usize): u32 {
  let left = rows;
  let right = spare;
  const end = rows + (count << 2);
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
  return <u32>((left - rows) >> 2);
}
