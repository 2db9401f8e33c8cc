// How the rows of a tree are dealt to lanes, so that threads have rows of their own.

/** Lanes of a table that is worth dealing out, and its rows at least. */
export const LANES = 2;
const DEALT_OUT = 8192;

/** Rows of a block, which lies in one lane: enough for the machine to fetch ahead, few enough to give all lanes of a leaf their share. */
export const BLOCK_ROWS = 8192;

/**
 * Lanes of so many rows: blocks of rows are dealt to them in turn, and lie there in their old order. A leaf has a span of rows in
 * each. A thread parts, sums and raises rows of its own lanes, whichever leaf they are in, and finds them in its own cache.
 * As lanes follow from the rows alone, sums are the same from any number of threads.
 */
export const lanesOf = (rows: number): number => (rows < DEALT_OUT ? 1 : LANES);

/** Where a leaf's rows lie: in lane k from place from[k] to to[k] − 1. */
export interface Span {
  readonly from: Uint32Array;
  readonly to: Uint32Array;
}

/** The span of all rows: lane after lane. */
export function wholeSpan(rows: number): Span {
  const lanes = lanesOf(rows);
  const ends = new Uint32Array(lanes + 1);
  for (let lane = 0; lane < lanes; lane++) {
    ends[lane + 1] = ends[lane]! + blocksOf(rows, lane).reduce((sum, [from, to]) => sum + to - from, 0);
  }
  return { from: ends.subarray(0, -1), to: ends.subarray(1) };
}

/** The blocks of a lane: rows from, to. */
export function blocksOf(rows: number, lane: number): readonly (readonly [number, number])[] {
  const blocks: [number, number][] = [];
  for (let from = lane * BLOCK_ROWS; from < rows; from += lanesOf(rows) * BLOCK_ROWS) {
    blocks.push([from, Math.min(from + BLOCK_ROWS, rows)]);
  }
  return blocks;
}

export const rowsOf = ({ from, to }: Span): number => {
  let rows = 0;
  for (let lane = 0; lane < from.length; lane++) rows += to[lane]! - from[lane]!;
  return rows;
};

/** Rows of a leaf from which on each lane is summed by itself, and the lanes' sums are added up in their order. */
const SUMMED_APART = 2048;

/** Whether lanes of a leaf are summed apart: what that saves in waiting must outweigh adding the sums up. */
export const isSummedApart = (rows: number, lanes: number): boolean => lanes > 1 && rows >= SUMMED_APART;
