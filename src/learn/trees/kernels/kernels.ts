// What the loops over rows must do, whoever does them.

/** Bins of a feature in a histogram, the one for what is missing included. */
export const BINS = 256;

/**
 * Loops over rows, and the arrays they can reach. Gradients are pairs (first, second derivative) in one array, g of row i at
 * 2i; a histogram holds such pairs of sums, bin b of feature f at 2 · (f · BINS + b).
 */
export interface Kernels {
  bytes(length: number): Uint8Array;
  places(length: number): Uint32Array;
  pairs(length: number): Float32Array;
  sums(length: number): Float64Array;
  /** The same bytes where the loops can reach them: `array` itself, or a copy. */
  within(array: Uint8Array): Uint8Array;
  /** Adds the gradients of `rows` to the histogram, by the bins of each of the `width` features. */
  accumulate(
    byRow: Uint8Array,
    width: number,
    rows: Uint32Array,
    pairs: Float32Array,
    histogram: Float64Array,
  ): void;
  /**
   * Puts the rows whose bin goes left first, both sides in their old order, and returns how many those are.
   * `goesLeft` has a 1 for each of the BINS that does; `spare` is as long as `rows`.
   */
  partition(column: Uint8Array, goesLeft: Uint8Array, rows: Uint32Array, spare: Uint32Array): number;
}
