// The hot loops in plain TypeScript: where there is no WebAssembly, and what its loops are held to.
import { boundsOf } from './bounds.ts';
import { plainGrower } from './grow.ts';
import { BLOCK, type Forest, type Kernels, type Numbers } from './kernels.ts';
import { plainSlopes } from './slopes.ts';

/** Where the row at `row` of the blocks goes from a node; the same records as in `forest.ts`. */
function step(nodes: DataView, node: number, values: Float64Array, row: number): number {
  const x = values[row + (nodes.getUint32(node + 8, true) >> 3)]!;
  const kind = nodes.getUint32(node + 20, true);
  let isLeft: boolean;
  if (Number.isNaN(x)) isLeft = (kind & 1) === 1;
  else if ((kind & 2) === 0) isLeft = x <= nodes.getFloat64(node, true);
  else {
    const set = nodes.getUint32(node, true);
    isLeft =
      x >= 0 &&
      x < nodes.getUint32(set, true) &&
      ((nodes.getUint32(set + 4 + 4 * (x >> 5), true) >>> (x & 31)) & 1) === 1;
  }
  return nodes.getUint32(node + (isLeft ? 12 : 16), true);
}

/** Cells of a grid over the bounds of a feature: a value's cell says between which bounds to look. */
const CELLS = 1024;

function binColumn(values: Numbers, upper: Float64Array, out: Uint8Array): void {
  const last = upper.length - 1;
  if (last === 0) {
    for (let i = 0; i < values.length; i++) out[i] = Number.isNaN(values[i]!) ? 0 : 1;
    return;
  }
  const low = upper[0]!;
  const scale = CELLS / (upper[last - 1]! - low || 1);
  const cellOf = (value: number): number => Math.min(Math.max((value - low) * scale, 0), CELLS - 1) | 0;
  // Bounds in a cell before this one are below all of this cell's values, those in a cell behind it are not.
  const first = new Uint8Array(CELLS + 1);
  let b = 0;
  for (let cell = 0; cell <= CELLS; cell++) {
    while (b < last && cellOf(upper[b]!) < cell) b++;
    first[cell] = b;
  }
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) {
      out[i] = 0;
      continue;
    }
    const cell = cellOf(value);
    let from = first[cell]!;
    let to = first[cell + 1]!;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (value <= upper[middle]!) to = middle;
      else from = middle + 1;
    }
    out[i] = from + 1;
  }
}

export const plainKernels: Kernels = {
  threads: 1,
  scope: (work) => work(),
  bytes: (length) => new Uint8Array(length),
  places: (length) => new Uint32Array(length),
  pairs: (length) => new Float32Array(length),
  sums: (length) => new Float64Array(length),
  within: (array) => array,
  grower: (table, settings) => plainGrower(plainKernels, table, settings),
  raise(score, outputs, k, rows, offsets, values) {
    for (let place = 0; place < offsets.length; place += values.length + 1) {
      for (let l = 0; l < values.length; l++) {
        for (let r = offsets[place + l]!; r < offsets[place + l + 1]!; r++) {
          score[rows[r]! * outputs + k]! += values[l]!;
        }
      }
    }
  },
  slopes: plainSlopes,
  bounds: (columns, rows, most) =>
    columns.map((values) => {
      const sample = Float64Array.from(rows, (i) => values[i]!).filter((value) => !Number.isNaN(value));
      return boundsOf(sample.sort(), most);
    }),
  binNumbers(columns, uppers, out) {
    for (const [k, values] of columns.entries()) binColumn(values, uppers[k]!, out[k]!);
  },
  transpose(byColumn, rows, byRow) {
    const width = rows > 0 ? byColumn.length / rows : 0;
    for (let f = 0; f < width; f++) {
      for (let i = 0, at = f; i < rows; i++, at += width) byRow[at] = byColumn[f * rows + i]!;
    }
  },
  walk({ nodes, trees, outputs }: Forest, blocks, width, count, score) {
    const view = new DataView(nodes.buffer, nodes.byteOffset, nodes.byteLength);
    for (let from = 0, block = 0; from < count; from += BLOCK, block += BLOCK * width) {
      const upto = Math.min(from + BLOCK, count);
      for (let t = 0; 2 * t < trees.length; t++) {
        for (let r = from; r < upto; r++) {
          let node = trees[2 * t]!;
          while (node < trees[2 * t + 1]!) node = step(view, node, blocks, block + r - from);
          score[r * outputs + (t % outputs)]! += view.getFloat64(node, true);
        }
      }
    }
  },
};
