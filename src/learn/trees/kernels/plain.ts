// The hot loops in plain TypeScript: where there is no WebAssembly, and what its loops are held to.
import { boundsOf } from './bounds.ts';
import { ASKED, BINS, BLOCK, FOUND, type Forest, type Grid, type Kernels, type Side } from './kernels.ts';
import { blocksOf, wholeSpan } from './lanes.ts';
import { plainSlopes } from './slopes.ts';

function accumulate(
  { byRow, width }: Grid,
  rows: Uint32Array,
  from: number,
  upto: number,
  pairs: Float32Array,
  histogram: Float64Array,
): void {
  for (let k = from; k < upto; k++) {
    const i = rows[k]!;
    const g = pairs[2 * i]!;
    const h = pairs[2 * i + 1]!;
    const place = i * width;
    for (let f = 0; f < width; f++) {
      const at = 2 * (f * BINS + byRow[place + f]!);
      histogram[at] = histogram[at]! + g;
      histogram[at + 1] = histogram[at + 1]! + h;
    }
  }
}

/**
 * Cuts after each bin from 1 to `last`, g and h being what lies left of them already, and keeps in `found` what beats the gain
 * there. This is the loop that training spends its time in beside those over rows, so it holds no more than what trees
 * without limits need.
 */
function scan(
  sums: Float64Array,
  from: number,
  last: number,
  g: number,
  h: number,
  ask: Float64Array,
  missingLeft: number,
  found: Float64Array,
): void {
  const [wholeG, wholeH, least, l2] = [ask[0]!, ask[1]!, ask[3]!, ask[4]!];
  const most = wholeH - least;
  let best = found[0]!;
  for (let b = 1; b <= last; b++) {
    const at = from + 2 * b;
    g += sums[at]!;
    h += sums[at + 1]!;
    if (h < least) continue;
    if (h > most) return;
    const rest = wholeG - g;
    const gain = (g * g) / (h + l2) + (rest * rest) / (wholeH - h + l2);
    if (gain > best) {
      best = gain;
      found[0] = gain;
      found[1] = b;
      found[2] = missingLeft;
      found[3] = g;
      found[4] = h;
    }
  }
}

function cut({ sums, ask, found }: Side, f: number, count: number): void {
  const from = 2 * f * BINS;
  const [g0, h0] = [sums[from]!, sums[from + 1]!];
  const misses = h0 * ask[2]! > 0.5 * ask[1]!;
  const own = found.subarray(f * FOUND, (f + 1) * FOUND).fill(0);
  own[0] = ask[ASKED - 1]!;
  own[1] = -1;
  own[5] = misses ? 1 : 0;
  // What is missing may stand alone: all values left of it.
  scan(sums, from, misses ? count : count - 1, 0, 0, ask, 0, own);
  if (misses) scan(sums, from, count - 1, g0, h0, ask, 1, own);
}

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

function binNumbers(values: Float32Array | Float64Array, upper: Float64Array, out: Uint8Array): void {
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
  start(rows, pairs, index) {
    let [g, h, place] = [0, 0, 0];
    for (const lane of wholeSpan(rows.length).from.keys()) {
      let [ownG, ownH] = [0, 0];
      for (const [from, upto] of blocksOf(rows.length, lane)) {
        for (let r = from; r < upto; r++) {
          const i = rows[r]!;
          index[place++] = i;
          ownG += pairs[2 * i]!;
          ownH += pairs[2 * i + 1]!;
        }
      }
      g += ownG;
      h += ownH;
    }
    return [g, h];
  },
  search(grid, index, { from, to }, pairs, isApart, sides) {
    const { width, counts, room } = grid;
    const small = sides[0]!.sums.fill(0);
    for (let lane = 0; lane < from.length; lane++) {
      const sums = isApart && lane > 0 ? room.subarray(0, small.length).fill(0) : small;
      accumulate(grid, index, from[lane]!, to[lane]!, pairs, sums);
      if (sums !== small) for (let k = 0; k < small.length; k++) small[k] = small[k]! + sums[k]!;
    }
    for (const [s, side] of sides.entries()) {
      const { sums, open } = side;
      if (s === 1) for (let k = 0; k < sums.length; k++) sums[k] = sums[k]! - small[k]!;
      for (let f = 0; f < width; f++) if (open[f] === 1) cut(side, f, counts[f]!);
    }
  },
  partition(column, goesLeft, index, { from, to }, spare) {
    return from.map((first, lane) => {
      let left = first;
      let right = 0;
      for (let k = first; k < to[lane]!; k++) {
        const i = index[k]!;
        if (goesLeft[column[i]!] === 1) index[left++] = i;
        else spare[right++] = i;
      }
      index.set(spare.subarray(0, right), left);
      return left;
    });
  },
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
  bounds: (samples, most) => samples.map((values) => boundsOf(values.sort(), most)),
  binNumbers,
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
