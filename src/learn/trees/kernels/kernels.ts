// What the loops over rows must do, whoever does them.
import type { Span } from './lanes.ts';

/** Bins of a feature in a histogram, the one for what is missing included. */
export const BINS = 256;

/** Numbers of a question to a leaf: g, h and rows of it, the least h of a side, the L2 penalty, the gain to beat. */
export const ASKED = 6;
/** Numbers of an answer, one a feature: gain, bin (−1: none), whether missing goes left, g and h left, whether any is missing. */
export const FOUND = 6;

/** One leaf as the search for splits sees it. */
export interface Side {
  /** Its histogram: pairs of sums, bin b of feature f at 2 · (f · BINS + b). */
  readonly sums: Float64Array;
  readonly ask: Float64Array;
  /** 1 for each feature that is to be cut. */
  readonly open: Uint8Array;
  readonly found: Float64Array;
}

/** The table that trees are grown on, as the loops see it. */
export interface Grid {
  /** Feature f of row i is at i · width + f. */
  readonly byRow: Uint8Array;
  readonly width: number;
  /** Bins of values of each feature, the one for what is missing not among them. */
  readonly counts: Uint8Array;
  /** Room for a histogram of each lane but the first. */
  readonly room: Float64Array;
}

/** What is sought next, told when its rows are parted. */
export interface Sought {
  readonly grid: Grid;
  readonly pairs: Float32Array;
  readonly side: Side;
  /** Whether it is the rows that go left. */
  readonly isLeft: boolean;
  /** Whether its lanes are summed apart. */
  readonly isApart: boolean;
}

/** Trees as records that `walk` can follow; see `forest.ts`. */
export interface Forest {
  readonly nodes: Uint8Array;
  /** Two words a tree: where it begins and where its leaves do, in bytes. */
  readonly trees: Uint32Array;
  readonly outputs: number;
}

/** `parts` stretches of `count` things, about as long as each other: from, to. */
export const stretches = (count: number, parts: number): readonly (readonly [number, number])[] =>
  Array.from({ length: parts }, (_, p) => [
    Math.floor((p * count) / parts),
    Math.floor(((p + 1) * count) / parts),
  ]);

/** Rows that are walked together: feature f of row r of a block is at f · BLOCK + r. */
export const BLOCK = 256;

/** Losses of which the kernels know the derivatives by the score, in the order of their numbers. */
export const SLOPES = ['l2', 'huber', 'poisson', 'tweedie', 'gamma', 'logistic'] as const;
/** A loss, and what it is told: huber's delta, tweedie's power, the factor on poisson's second derivative. */
export type Slope = readonly [(typeof SLOPES)[number], number];

/**
 * Loops over rows, and the arrays they can reach, which come from `bytes` to `sums` and `within`. Gradients are pairs (first,
 * second derivative) in one array, g of row i at 2i.
 */
export interface Kernels {
  /** Threads at work. */
  readonly threads: number;
  /** Does some work; the arrays taken in it are given back after it. */
  scope<T>(work: () => T): T;
  /** Zeros. */
  bytes(length: number): Uint8Array;
  places(length: number): Uint32Array;
  pairs(length: number): Float32Array;
  sums(length: number): Float64Array;
  /** The same bytes where the loops can reach them: `array` itself, or a copy. */
  within(array: Uint8Array): Uint8Array;
  /** Deals `rows` to the lanes of `index`; returns the sums of both derivatives over them, lane by lane. */
  start(rows: Uint32Array, pairs: Float32Array, index: Uint32Array): readonly [number, number];
  /**
   * Sums the gradients of a span of rows by the bins of each feature into the first side, takes those off the second side's sums,
   * where there is one, and finds the best cut of each open feature on both. With `isApart`, each lane is summed from zero on,
   * and sums are added up in the lanes' order; otherwise lanes are summed one after the other.
   */
  search(
    grid: Grid,
    index: Uint32Array,
    span: Span,
    pairs: Float32Array,
    isApart: boolean,
    sides: readonly Side[],
  ): void;
  /**
   * Puts the rows of each lane of a span whose bin goes left first, both sides in their old order, and returns where the others
   * begin, lane by lane. `goesLeft` has a 1 for each of the BINS that does; `spare` has room for as many rows as `index`. With
   * `next`, the next call must be the search of it, which may then find its sums done already: a thread that has just parted
   * rows need not meet the others before it sums them.
   */
  partition(
    column: Uint8Array,
    goesLeft: Uint8Array,
    index: Uint32Array,
    span: Span,
    spare: Uint32Array,
    next: Sought | undefined,
  ): Uint32Array;
  /**
   * Adds values[l] to the scores of output k of the rows of leaf l, which ascend in each lane: those from rows[offsets[l]] to
   * rows[offsets[l + 1] − 1] in the first, whose offsets are followed by those of the next, as many. None is there twice.
   */
  raise(
    score: Float64Array,
    outputs: number,
    k: number,
    rows: Uint32Array,
    offsets: Uint32Array,
    values: Float64Array,
  ): void;
  /** Writes both derivatives of a loss for each of the rows, g of row i at 2i. */
  slopes(slope: Slope, y: Float64Array, score: Float64Array, rows: Uint32Array, pairs: Float32Array): void;
  /** Bounds of at most `most` bins of each of the samples, which are sorted; see `boundsOf`. */
  bounds(samples: readonly Float64Array[], most: number): Float64Array[];
  /** The bins, from 1 on, of numbers among ascending bounds of which the last is Infinity; 0 for NaN. */
  binNumbers(values: Float32Array | Float64Array, upper: Float64Array, out: Uint8Array): void;
  /** Columns of `rows` bytes to rows of as many bytes as there are columns. */
  transpose(byColumn: Uint8Array, rows: number, byRow: Uint8Array): void;
  /** Adds what trees say of blocks of rows, `count` rows in all, to their scores. */
  walk(forest: Forest, blocks: Float64Array, width: number, count: number, score: Float64Array): void;
}
