// The hot loops of training in plain TypeScript: where there is no WebAssembly, and what its loops are held to.
import { BINS, type Kernels } from './kernels.ts';

export const plainKernels: Kernels = {
  bytes: (length) => new Uint8Array(length),
  places: (length) => new Uint32Array(length),
  pairs: (length) => new Float32Array(length),
  sums: (length) => new Float64Array(length),
  within: (array) => array,
  accumulate(byRow, width, rows, pairs, histogram) {
    for (let k = 0; k < rows.length; k++) {
      const i = rows[k]!;
      const g = pairs[2 * i]!;
      const h = pairs[2 * i + 1]!;
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
