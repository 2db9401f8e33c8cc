// What the loops over rows must do, whoever does them.
import type { BinnedTable } from '../bins.ts';
import type { TreeSettings } from '../options.ts';
import type { Growth } from './growth.ts';

/** Bins of a feature in a histogram, the one for what is missing included. */
export const BINS = 256;

/** Grows a tree on rows, from pairs of derivatives, by the features that `drawn` has a 1 for; it holds until the next is grown. */
export type Grow = (rows: Uint32Array, pairs: Float32Array, drawn: Uint8Array) => Growth;

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

/** A column of numbers; NaN is missing. */
export type Numbers = Float32Array | Float64Array;

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
  /** The same values where the loops can reach them: `array` itself, or a copy. */
  within<T extends Uint8Array | Uint32Array | Numbers>(array: T): T;
  /**
   * Makes trees on a table; room for rows and histograms is kept from tree to tree. They grow leaf by leaf, the leaf that gains
   * most first (Shi 2007; Ke et al. 2017). Settings of features are those of the table's columns.
   */
  grower(table: BinnedTable, settings: TreeSettings): Grow;
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
  /** Bounds of at most `most` bins of each of some columns, from some of their rows; see `boundsOf`. */
  bounds(columns: readonly Numbers[], rows: Uint32Array, most: number): Float64Array[];
  /**
   * The bins, from 1 on, of columns of numbers among the ascending bounds of each, of which the last is Infinity; 0 for NaN.
   * Those of column k are written to out[k].
   */
  binNumbers(columns: readonly Numbers[], uppers: readonly Float64Array[], out: readonly Uint8Array[]): void;
  /** Columns of `rows` bytes to rows of as many bytes as there are columns. */
  transpose(byColumn: Uint8Array, rows: number, byRow: Uint8Array): void;
  /** Adds what trees say of blocks of rows, `count` rows in all, to their scores. */
  walk(forest: Forest, blocks: Float64Array, width: number, count: number, score: Float64Array): void;
}
