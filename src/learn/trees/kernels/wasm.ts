// The hot loops as WebAssembly with SIMD, on one growing memory that threads share.
import { type Call, type Crew, FREE, lead, loopsOf, MOST_CALLS, type SharedMemory, wasm } from './crew.ts';
import { BINS, BLOCK, chunksOf, type Kernels, SLOPES, stretches } from './kernels.ts';
import { KERNELS } from './kernels.wasm.ts';
import { plainKernels } from './plain.ts';

const PAGE = 65_536;
/** Pages that a memory may grow to: all that 32 bits can tell apart. */
const MOST_PAGES = 65_536;
/** What every array begins at a multiple of, so that no two share a cache line. */
const LINE = 64;

let compiled: object | undefined;

/** The compiled loops, decoded once; `atob` is in browsers and in Node alike. */
export function kernelsModule(): object {
  compiled ??= new wasm.Module(Uint8Array.from(atob(KERNELS), (c) => c.charCodeAt(0)));
  return compiled;
}

/** A memory that threads can share. Throws where there is none. */
export const sharedMemory = (): SharedMemory =>
  new wasm.Memory({ initial: Math.ceil(FREE / PAGE), maximum: MOST_PAGES, shared: true });

/** Arrays in a memory, given back in the opposite order of taking. */
function arena(memory: SharedMemory) {
  // Growing gives the memory a new buffer; older views stay good, as the memory is shared.
  const buffers = new WeakSet<ArrayBufferLike>([memory.buffer]);
  let end = Math.ceil(FREE / LINE) * LINE;
  /** Up to where arrays ever were: beyond, a memory is zero by itself. */
  let used = end;
  /** Room that is not made zero. */
  const raw = (bytes: number): number => {
    const from = end;
    end = Math.ceil((from + bytes) / LINE) * LINE;
    // The loops may look at up to eight bytes beyond an array.
    const missing = Math.ceil((end + LINE - memory.buffer.byteLength) / PAGE);
    if (missing > 0) {
      try {
        memory.grow(missing);
      } catch {
        throw new Error(
          `trees need ${Math.ceil(end / 1e6)} MB at once, which is more than 4 GB or than there is.`,
        );
      }
      buffers.add(memory.buffer);
    }
    used = Math.max(used, end);
    return from;
  };
  const take = (bytes: number): number => {
    const before = used;
    const from = raw(bytes);
    if (from < before) new Uint8Array(memory.buffer, from, Math.min(end, before) - from).fill(0);
    return from;
  };
  const bytes = (length: number): Uint8Array => {
    const from = take(length);
    return new Uint8Array(memory.buffer, from, length);
  };
  return {
    raw,
    scope<T>(work: () => T): T {
      const before = end;
      try {
        return work();
      } finally {
        end = before;
      }
    },
    bytes,
    places: (length: number): Uint32Array => {
      const from = take(4 * length);
      return new Uint32Array(memory.buffer, from, length);
    },
    pairs: (length: number): Float32Array => {
      const from = take(4 * length);
      return new Float32Array(memory.buffer, from, length);
    },
    sums: (length: number): Float64Array => {
      const from = take(8 * length);
      return new Float64Array(memory.buffer, from, length);
    },
    within: (array: Uint8Array): Uint8Array => {
      if (buffers.has(array.buffer)) return array;
      const copy = bytes(array.length);
      copy.set(array);
      return copy;
    },
  };
}

/** Rows of a tile, as in `kernels.as.ts`. */
const TILE = 1024;
/** Bytes of a tile of gathered rows: a pair of f64 for each, and the bins of eight features at a time. */
const tileOf = (width: number): number => 16 * TILE + (8 * TILE + LINE) * Math.ceil(width / 8);

/** Rows of a piece of work at least, where rows are shared out. */
const ROWS = 5000;
/** Rows of a leaf at least for each thread that parts them: they are moved twice then. */
const PARTED = 8192;
/** Rows whose scores are raised together, about: half a megabyte of them. */
const STRETCH = 32_768;

/** Stretches of `count` things, `most` of them at most and none smaller than `least` but for the only one. */
const shares = (count: number, most: number, least: number): readonly (readonly [number, number])[] =>
  stretches(count, Math.max(1, Math.min(most, Math.floor(count / least), MOST_CALLS)));

const at = (array: { readonly byteOffset: number }): number => array.byteOffset;

/** The loops on a crew's memory. More pieces than threads, so that no thread waits long for a slow one. */
export function crewKernels(memory: SharedMemory, crew: Crew, threads: number): Kernels {
  const room = arena(memory);
  const pieces = threads === 1 ? 1 : 3 * threads;
  const work = room.places(17);
  const single = (call: Call): number => {
    crew.run([call], 0);
    return crew.result(0);
  };
  return {
    threads,
    ...room,
    total(rows, pairs) {
      return room.scope(() => {
        const chunks = stretches(rows.length, chunksOf(rows.length));
        const sums = room.sums(2 * chunks.length);
        crew.run(
          chunks.map(([from, to], c) => [
            'total',
            at(pairs),
            at(rows) + 4 * from,
            to - from,
            at(sums) + 16 * c,
          ]),
          2 * rows.length,
        );
        let [g, h] = [0, 0];
        for (let c = 0; c < chunks.length; c++) {
          g += sums[2 * c]!;
          h += sums[2 * c + 1]!;
        }
        return [g, h];
      });
    },
    search({ byRow, width, counts }, rows, pairs, sides) {
      const chunks = chunksOf(rows.length);
      room.scope(() => {
        const most = chunks === 1 ? 0 : threads === 1 ? 1 : chunks - 1;
        const others = room.raw(8 * 2 * BINS * width * most);
        work.set([
          at(byRow),
          width,
          at(counts),
          at(rows),
          rows.length,
          at(pairs),
          sides.length,
          chunks,
          others,
        ]);
        for (const [s, { sums, ask, open, found }] of sides.entries()) {
          work.set([at(sums), at(ask), at(open), at(found)], 9 + 4 * s);
        }
        // Cutting costs as much as some 500 rows do.
        const cutting = 500 * width * sides.length;
        const cells = width * rows.length;
        // Features in fours, as eight or four are summed at once, and fewer parts of them the more chunks there are.
        const enough = threads === 1 ? 1 : Math.ceil(threads / chunks);
        const parts = shares(Math.ceil(width / 4), enough, 2).map(
          ([first, last]) => [4 * first, Math.min(4 * last, width)] as const,
        );
        const tile = tileOf(width);
        if (threads === 1 || chunks === 1) {
          const tiles = room.raw(tile * parts.length);
          crew.run(
            parts.map(([first, last], p) => ['search', at(work), first, last, tiles + p * tile]),
            cells + cutting,
          );
          return;
        }
        const tiles = room.raw(tile * chunks * parts.length);
        const sums: Call[] = [];
        for (let chunk = 0; chunk < chunks; chunk++) {
          for (const [first, last] of parts) {
            sums.push(['sumChunk', at(work), chunk, first, last, tiles + sums.length * tile]);
          }
        }
        crew.run(sums, cells);
        crew.run(
          shares(width, pieces, 2).map(([first, last]) => ['cutChunks', at(work), first, last]),
          cutting + 256 * width * chunks,
        );
      });
    },
    partition(column, goesLeft, rows, spare) {
      const parts = shares(rows.length, threads, PARTED);
      if (parts.length === 1) {
        const left = single(['divide', at(column), at(goesLeft), at(rows), rows.length, at(rows), at(spare)]);
        rows.set(spare.subarray(0, rows.length - left), left);
        return left;
      }
      // Each part is divided into spare room, then all left parts move together, and all right ones behind them.
      const right = at(spare) + 4 * (rows.length + 1);
      crew.run(
        parts.map(([from, to]) => [
          'divide',
          at(column),
          at(goesLeft),
          at(rows) + 4 * from,
          to - from,
          at(spare) + 4 * from,
          right + 4 * from,
        ]),
        2 * rows.length,
      );
      const lefts = parts.map((_, p) => crew.result(p));
      const left = lefts.reduce((a, b) => a + b, 0);
      let [toLeft, toRight] = [at(rows), at(rows) + 4 * left];
      const moves: Call[] = [];
      for (const [p, [from, to]] of parts.entries()) {
        const [l, r] = [4 * lefts[p]!, 4 * (to - from - lefts[p]!)];
        moves.push(['copy', toLeft, at(spare) + 4 * from, l], ['copy', toRight, right + 4 * from, r]);
        toLeft += l;
        toRight += r;
      }
      crew.run(moves, rows.length);
      return left;
    },
    raise(score, outputs, k, rows, offsets, values) {
      // Scores in stretches, so that each stays in the cache for all leaves and no two threads write to the same lines.
      const stretch = shares(score.length / outputs, Number.POSITIVE_INFINITY, STRETCH);
      room.scope(() => {
        const [ends, steps] = [room.places(offsets.length), room.sums(values.length)];
        ends.set(offsets);
        steps.set(values);
        crew.run(
          stretch.map(([from, to]) => [
            'raise',
            at(score) + 8 * k,
            outputs,
            at(rows),
            at(ends),
            at(steps),
            values.length,
            from,
            to,
          ]),
          rows.length,
        );
      });
    },
    slopes([name, parameter], y, score, rows, pairs) {
      crew.run(
        shares(rows.length, pieces, ROWS).map(([from, to]) => [
          'slopes',
          SLOPES.indexOf(name),
          parameter,
          at(y),
          at(score),
          at(rows) + 4 * from,
          to - from,
          at(pairs),
        ]),
        10 * rows.length,
      );
    },
    bounds: (samples, most) =>
      room.scope(() => {
        const found = samples.map(() => room.sums(most));
        const calls = samples.map((values, s): Call => {
          const [spare, digits] = [room.raw(8 * values.length), room.raw(4 * 2048)];
          return ['bounds', at(values), values.length, spare, digits, most, at(found[s]!)];
        });
        crew.run(calls, 50 * samples.reduce((sum, { length }) => sum + length, 0));
        return found.map((upper, s) => upper.slice(0, crew.result(s)));
      }),
    binNumbers(values, upper, out) {
      room.scope(() => {
        let size = 1;
        while (size < upper.length) size *= 2;
        const bounds = room.sums(size).fill(Number.POSITIVE_INFINITY);
        bounds.set(upper);
        const bytes = values.BYTES_PER_ELEMENT;
        const own = bytes === 4 ? room.pairs(values.length) : room.sums(values.length);
        own.set(values);
        crew.run(
          shares(values.length, pieces, ROWS).map(([from, to]) => [
            'binNumbers',
            at(own) + bytes * from,
            bytes,
            to - from,
            at(bounds),
            4 * size,
            at(out) + from,
          ]),
          8 * values.length,
        );
      });
    },
    transpose(byColumn, rows, byRow) {
      const width = rows > 0 ? byColumn.length / rows : 0;
      crew.run(
        shares(rows, pieces, ROWS).map(([from, to]) => [
          'transpose',
          at(byColumn),
          rows,
          width,
          at(byRow),
          from,
          to,
        ]),
        byColumn.length,
      );
    },
    walk({ nodes, trees, outputs }, blocks, width, count, score) {
      const calls: Call[] = [];
      for (let from = 0; from < count; from += BLOCK) {
        const own = Math.min(BLOCK, count - from);
        calls.push([
          'walk',
          at(nodes),
          at(trees),
          trees.length / 2,
          at(blocks) + 8 * from * width,
          own,
          at(score) + 8 * from * outputs,
          outputs,
        ]);
      }
      // A tree is some ten steps deep, with two numbers a step.
      crew.run(calls, 20 * count * (trees.length / 2));
    },
  };
}

/** Kernels on one thread, with a memory of their own. Throws where WebAssembly or shared memory is not there. */
export function wasmKernels(): Kernels {
  const memory = sharedMemory();
  return crewKernels(memory, lead(loopsOf(kernelsModule(), memory), memory, 1), 1);
}

let kept: Kernels | undefined;

/**
 * WebAssembly where it is there, else the plain loops: the same bytes, several times slower. A thread has one memory for all its
 * trainings, as the collector does not hurry to free what lies outside its heap.
 */
export function fastKernels(): Kernels {
  try {
    kept ??= wasmKernels();
  } catch {
    kept = plainKernels;
  }
  return kept;
}
