// How rows are dealt to lanes, for the loops in AssemblyScript; `lanes.ts` is the same in TypeScript.

/** Bytes of a block of rows that lies in one lane. */
export const BLOCK: usize = 4 * 8192;
