/** Bytes of a block of rows that lies in one lane, as `BLOCK_ROWS` in lanes.ts. */
export const BLOCK: usize = 4 * 8192;
