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
    // In eights, as shared memory is filled element by element.
    if (from < before) new Float64Array(memory.buffer, from, (Math.min(end, before) - from) / 8).fill(0);
    return from;
  };
  const bytes = (length: number): Uint8Array => {
    const from = take(length);
    return new Uint8Array(memory.buffer, from, length);
  };
  /** Whether an array lies in this memory. */
  const holds = ({ buffer }: { readonly buffer: ArrayBufferLike }): boolean => buffers.has(buffer);
  return {
    raw,
    holds,
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
      if (holds(array)) return array;
      const copy = bytes(array.length);
      copy.set(array);
      return copy;
    },
  };
}

/** Bytes of a feature in a histogram. */
const HISTOGRAM = 8 * 2 * BINS;
/** Rows of a tile, as in `kernels.as.ts`. */
const TILE = 1024;
/** Bytes of a tile of gathered rows: a pair of f64 for each, and the bins of eight features at a time. */
const tileOf = (width: number): number => 16 * TILE + (8 * TILE + LINE) * Math.ceil(width / 8);

/** Rows of a piece of work at least, where rows are shared out. */
const ROWS = 5000;
/** Rows of a leaf from which on two threads part them. */
const PARTED = 16_384;
/** Rows whose scores are raised together, about: half a megabyte of them. */
const STRETCH = 32_768;

/** Stretches of `count` things, `most` of them at most and none smaller than `least` but for the only one. */
const shares = (count: number, most: number, least: number): readonly (readonly [number, number])[] =>
  stretches(count, Math.max(1, Math.min(most, Math.floor(count / least), MOST_CALLS)));

const at = (array: { readonly byteOffset: number }): number => array.byteOffset;

/** The calls of a search for splits, round by round. */
interface Search {
  readonly sums: readonly Call[];
  readonly cuts?: readonly Call[];
}

/** The loops on a crew's memory. More pieces than threads, so that no thread waits long for a slow one. */
export function crewKernels(memory: SharedMemory, crew: Crew, threads: number): Kernels {
  const room = arena(memory);
  const pieces = threads === 1 ? 1 : 3 * threads;
  const work = room.places(19);
  const single = (call: Call): number => {
    crew.run([call], 0);
    return crew.result(0);
  };
  const searches = new Map<number, Search>();
  /** The calls of a search: in one round, or in two, where rows are shared out too. */
  function searchOf(width: number, chunks: number): Search {
    const key = 16 * width + chunks;
    const known = searches.get(key);
    if (known) return known;
    // Features in fours, as eight or four are summed at once, and fewer parts of them the more chunks there are.
    const enough = threads === 1 ? 1 : Math.ceil(threads / chunks);
    const parts = shares(Math.ceil(width / 4), enough, 2).map(
      ([first, last]) => [4 * first, Math.min(4 * last, width)] as const,
    );
    const made: Search =
      threads === 1 || chunks === 1
        ? { sums: parts.map((part) => ['search', at(work), ...part]) }
        : {
            sums: Array.from({ length: chunks }, (_, chunk) =>
              parts.map((part): Call => ['sumChunk', at(work), chunk, ...part]),
            ).flat(),
            cuts: shares(width, pieces, 2).map((part) => ['cutChunks', at(work), ...part]),
          };
    searches.set(key, made);
    return made;
  }
  return {
    threads,
    ...room,
    start(rows, pairs, index) {
      return room.scope(() => {
        if (!room.holds(rows)) index.set(rows);
        const given = room.holds(rows) ? rows : index;
        const chunks = stretches(rows.length, chunksOf(rows.length));
        const sums = room.sums(2 * chunks.length);
        crew.run(
          chunks.map(([from, to], c) => [
            'start',
            at(pairs),
            at(given) + 4 * from,
            to - from,
            at(index) + 4 * from,
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
      const { sums, cuts } = searchOf(width, chunks);
      room.scope(() => {
        const others = room.raw(HISTOGRAM * width * (chunks === 1 ? 0 : cuts ? chunks - 1 : 1));
        const tile = tileOf(width);
        work[0] = at(byRow);
        work[1] = width;
        work[2] = at(counts);
        work[3] = at(rows);
        work[4] = rows.length;
        work[5] = at(pairs);
        work[6] = sides.length;
        work[7] = chunks;
        work[8] = others;
        work[9] = room.raw(tile * threads);
        work[10] = tile;
        for (let s = 0; s < sides.length; s++) {
          const side = sides[s]!;
          work[11 + 4 * s] = at(side.sums);
          work[12 + 4 * s] = at(side.ask);
          work[13 + 4 * s] = at(side.open);
          work[14 + 4 * s] = at(side.found);
        }
        // Cutting costs as much as some 500 rows do.
        const cutting = 500 * width * sides.length;
        const cells = width * rows.length;
        if (!cuts) {
          crew.run(sums, cells + cutting);
          return;
        }
        crew.run(sums, cells);
        crew.run(cuts, cutting + 256 * width * chunks);
      });
    },
    partition(column, goesLeft, rows, spare) {
      const count = rows.length;
      const [sides, from] = [[at(column), at(goesLeft)] as const, at(rows)];
      if (threads === 1 || count < PARTED) return single(['part', ...sides, from, count, at(spare)]);
      // From both ends towards the middle: so half of the rows are where they belong at once, the others in spare room.
      const half = count >> 1;
      const [end, spareEnd] = [from + 4 * count, at(spare) + 4 * (count + 2)];
      crew.run(
        [
          ['divide', ...sides, from, half, from, at(spare)],
          ['divideBack', ...sides, from + 4 * half, count - half, spareEnd, end],
        ],
        2 * count,
      );
      const [first, last] = [crew.result(0), crew.result(1)];
      const left = first + last;
      crew.run(
        [
          ['copy', from + 4 * first, spareEnd - 4 * last, 4 * last],
          ['copy', from + 4 * left, at(spare), 4 * (half - first)],
        ],
        0,
      );
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
  return crewKernels(memory, lead(loopsOf(kernelsModule(), memory, 0), memory, 1), 1);
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
