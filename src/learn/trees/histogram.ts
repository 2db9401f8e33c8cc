// The hot loops of training, in plain TypeScript: sums of gradients by bin, and telling rows apart.

/** Bins of a feature in a histogram, the one for what is missing included. */
export const BINS = 256;

/**
 * Loops over rows. Gradients are pairs (first, second derivative) in one array, g of row i at 2i; a histogram holds such pairs
 * of sums, bin b of feature f at 2 · (f · BINS + b).
 */
export interface Kernels {
  /** Adds the gradients of `rows` to the histogram, by the bins of each feature. */
  accumulate(
    byRow: Uint8Array,
    width: number,
    rows: Uint32Array,
    gradients: Float32Array,
    histogram: Float64Array,
  ): void;
  /**
   * Puts the rows whose bin goes left first, both sides in their old order, and returns how many those are.
   * `goesLeft` has a 1 for each of the BINS that does; `spare` is as long as `rows`.
   */
  partition(column: Uint8Array, goesLeft: Uint8Array, rows: Uint32Array, spare: Uint32Array): number;
}

export const plainKernels: Kernels = {
  accumulate(byRow, width, rows, gradients, histogram) {
    for (let k = 0; k < rows.length; k++) {
      const i = rows[k]!;
      const g = gradients[2 * i]!;
      const h = gradients[2 * i + 1]!;
      const from = i * width;
      for (let f = 0; f < width; f++) {
        const at = 2 * (f * BINS + byRow[from + f]!);
        histogram[at] = histogram[at]! + g;
        histogram[at + 1] = histogram[at + 1]! + h;
      }
    }
  },
  partition(column, goesLeft, rows, spare) {
    let left = 0;
    let right = 0;
    for (let k = 0; k < rows.length; k++) {
      const i = rows[k]!;
      if (goesLeft[column[i]!] === 1) rows[left++] = i;
      else spare[right++] = i;
    }
    rows.set(spare.subarray(0, right), left);
    return left;
  },
};

/** parent − child, written over the parent: what the other child has. */
export function subtract(parent: Float64Array, child: Float64Array): void {
  for (let k = 0; k < parent.length; k++) parent[k] = parent[k]! - child[k]!;
}
