// How rows are dealt to lanes, for the loops in AssemblyScript; `lanes.ts` is the same in TypeScript, and says why.

/** Bytes of a block of rows that lies in one lane. */
export const BLOCK: usize = 4 * 8192;

@inline
export function lanesOf(rows: u32): u32 {
  return rows < 8192 ? 1 : 2;
}

@inline
export function isSummedApart(rows: f64, lanes: u32): bool {
  return lanes > 1 && rows >= 2048;
}
