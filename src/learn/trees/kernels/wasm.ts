// The hot loops as WebAssembly with SIMD, on one growing memory that threads share.
import { type Call, type Crew, FREE, lead, loopsOf, MOST_CALLS, type SharedMemory, wasm } from './crew.ts';
import { BLOCK, type Grid, type Kernels, type Side, SLOPES, stretches } from './kernels.ts';
import { KERNELS } from './kernels.wasm.ts';
import { BLOCK_ROWS, LANES, lanesOf, rowsOf, type Span, wholeSpan } from './lanes.ts';
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
  // Growing gives the memory a new buffer; older views stay good.
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
    }
    // Not only after growing: a memory that threads share is told of it later, and has another buffer then.
    buffers.add(memory.buffer);
    used = Math.max(used, end);
    return from;
  };
  const take = (bytes: number): number => {
    const before = used;
    const from = raw(bytes);
    // Not only after growing: a memory that threads share is told of it later, and has another buffer then.
    buffers.add(memory.buffer);
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

/** Rows of a tile, as in `kernels.as.ts`. */
const TILE = 1024;
/** Bytes of a tile of gathered rows: a pair of f64 for each, and the bins of eight features at a time. */
const tileOf = (width: number): number => 16 * TILE + (8 * TILE + LINE) * Math.ceil(width / 8);

/** Rows of a piece of work at least, where rows are shared out. */
const ROWS = 5000;
/** Pieces of a lane where derivatives are shared out. */
const LANE_PIECES = 4;
/** Rows whose scores are raised together, about: half a megabyte of them. */
const STRETCH = 32_768;

/** Stretches of `count` things, `most` of them at most and none smaller than `least` but for the only one. */
const shares = (count: number, most: number, least: number): readonly (readonly [number, number])[] =>
  stretches(count, Math.max(1, Math.min(most, Math.floor(count / least), MOST_CALLS)));

const at = (array: { readonly byteOffset: number }): number => array.byteOffset;

/** Words of the work, as `kernels.as.ts` tells them. */
const [SIDES, PARTING, SPAN, LANE] = [10, 18, 22, 3];
const WORDS = SPAN + LANE * LANES;

/** The calls of a search for splits, round by round. */
interface Search {
  readonly sums: readonly Call[];
  readonly cuts?: readonly Call[];
}

/** The loops on a crew's memory. More pieces than threads, so that no thread waits long for a slow one. */
export function crewKernels(memory: SharedMemory, crew: Crew, threads: number): Kernels {
  const room = arena(memory);
  const pieces = threads === 1 ? 1 : 3 * threads;
  const work = room.places(WORDS);
  const searches = new Map<number, Search>();
  /** The calls of a search: in one round, or in two, where lanes are shared out too. */
  function searchOf(width: number, lanes: number): Search {
    const key = 16 * width + lanes;
    const known = searches.get(key);
    if (known) return known;
    // Features in fours, as eight or four are summed at once, and fewer parts of them the more lanes there are.
    const enough = threads === 1 ? 1 : Math.ceil(threads / lanes);
    const parts = shares(Math.ceil(width / 4), enough, 2).map(
      ([first, last]) => [4 * first, Math.min(4 * last, width)] as const,
    );
    const made: Search =
      threads === 1 || lanes === 1
        ? { sums: parts.map((part) => ['search', at(work), ...part]) }
        : {
            sums: Array.from({ length: lanes }, (_, lane) =>
              parts.map((part): Call => ['sumLane', at(work), lane, ...part]),
            ).flat(),
            cuts: shares(width, pieces, 2).map((part) => ['cutLanes', at(work), ...part]),
          };
    searches.set(key, made);
    return made;
  }
  const eachLane = (loop: 'part' | 'partAndSum'): readonly (readonly Call[])[] =>
    Array.from({ length: LANES }, (_, k) => k + 1).map((lanes) =>
      Array.from({ length: lanes }, (_, lane): Call => [loop, at(work), lane]),
    );
  const [partings, partingsAndSums] = [eachLane('part'), eachLane('partAndSum')];
  /** Tells the loops where the rows of a leaf are. */
  function tell(index: Uint32Array, { from, to }: Span): void {
    for (let lane = 0; lane < from.length; lane++) {
      work[SPAN + LANE * lane] = at(index) + 4 * from[lane]!;
      work[SPAN + LANE * lane + 1] = to[lane]! - from[lane]!;
    }
    work[3] = from.length;
  }
  /** Tells the loops what is summed, by way of tiles that hold until the scope ends. */
  function tellSums(
    { byRow, width, counts, room: rest }: Grid,
    pairs: Float32Array,
    isApart: boolean,
    side: Side,
  ): void {
    const tile = tileOf(width);
    work[0] = at(byRow);
    work[1] = width;
    work[2] = at(counts);
    work[4] = isApart ? 1 : 0;
    work[5] = at(pairs);
    work[7] = at(rest);
    work[8] = room.raw(tile * threads);
    work[9] = tile;
    work[SIDES] = at(side.sums);
  }
  /** The side that is summed already. */
  let summed: Side | undefined;
  return {
    threads,
    ...room,
    start(rows, pairs, index) {
      return room.scope(() => {
        let given = rows;
        if (!room.holds(rows)) {
          given = room.places(rows.length);
          given.set(rows);
        }
        const { from } = wholeSpan(rows.length);
        const sums = room.sums(2 * from.length);
        crew.run(
          Array.from(from, (place, lane) => [
            'start',
            at(pairs),
            at(given) + 4 * BLOCK_ROWS * lane,
            at(given) + 4 * rows.length,
            from.length,
            at(index) + 4 * place,
            at(sums) + 16 * lane,
          ]),
          2 * rows.length,
        );
        let [g, h] = [0, 0];
        for (let lane = 0; lane < from.length; lane++) {
          g += sums[2 * lane]!;
          h += sums[2 * lane + 1]!;
        }
        return [g, h];
      });
    },
    search(grid, index, span, pairs, isApart, sides) {
      const { width } = grid;
      const { sums, cuts } = searchOf(width, isApart ? span.from.length : 1);
      const isSummed = summed !== undefined && summed === sides[0];
      summed = undefined;
      room.scope(() => {
        tell(index, span);
        tellSums(grid, pairs, isApart, sides[0]!);
        work[6] = sides.length;
        for (let s = 0; s < sides.length; s++) {
          const side = sides[s]!;
          work[SIDES + 4 * s] = at(side.sums);
          work[SIDES + 4 * s + 1] = at(side.ask);
          work[SIDES + 4 * s + 2] = at(side.open);
          work[SIDES + 4 * s + 3] = at(side.found);
        }
        // Cutting costs as much as some 500 rows do.
        const cutting = 500 * width * sides.length;
        const cells = width * rowsOf(span);
        if (!cuts) {
          crew.run(sums, cells + cutting);
          return;
        }
        if (!isSummed) crew.run(sums, cells);
        crew.run(cuts, cutting + 256 * width * span.from.length);
      });
    },
    partition(column, goesLeft, index, span, spare, next) {
      const lanes = span.from.length;
      const rows = rowsOf(span);
      tell(index, span);
      work[PARTING] = at(column);
      work[PARTING + 1] = at(goesLeft);
      work[PARTING + 2] = at(spare) - at(index);
      // A lane is summed by the thread that parts it, where threads have a lane each.
      if (next?.isApart && threads > 1 && threads <= lanes) {
        const { grid, pairs, side, isLeft } = next;
        work[PARTING + 3] = isLeft ? 1 : 0;
        room.scope(() => {
          tellSums(grid, pairs, true, side);
          crew.run(partingsAndSums[lanes - 1]!, (2 + grid.width / 2) * rows);
        });
        summed = side;
      } else crew.run(partings[lanes - 1]!, 2 * rows);
      const middle = span.from.slice();
      for (let lane = 0; lane < lanes; lane++) middle[lane] = middle[lane]! + work[SPAN + LANE * lane + 2]!;
      return middle;
    },
    raise(score, outputs, k, rows, offsets, values) {
      // Scores in stretches, so that each stays in the cache for all leaves and no two threads write to the same lines.
      const stretch = shares(score.length / outputs, MOST_CALLS / lanesOf(rows.length), STRETCH);
      room.scope(() => {
        const [ends, steps] = [room.places(offsets.length), room.sums(values.length)];
        ends.set(offsets);
        steps.set(values);
        const calls: Call[] = [];
        for (let place = 0; place < offsets.length; place += values.length + 1) {
          for (const [from, to] of stretch) {
            calls.push([
              'raise',
              at(score) + 8 * k,
              outputs,
              at(rows),
              at(ends) + 4 * place,
              at(steps),
              values.length,
              from,
              to,
            ]);
          }
        }
        crew.run(calls, rows.length);
      });
    },
    slopes([name, parameter], y, score, rows, pairs) {
      // By lanes, as the derivatives are summed by them next, and each in a few pieces, which threads may take from each other.
      const lanes = lanesOf(rows.length);
      const calls: Call[] = [];
      for (let lane = 0; lane < lanes; lane++) {
        for (let first = lane; first < lanes * LANE_PIECES; first += lanes) {
          const from = at(rows) + 4 * BLOCK_ROWS * first;
          const end = at(rows) + 4 * rows.length;
          const [of, step] = [SLOPES.indexOf(name), lanes * LANE_PIECES];
          calls.push(['slopes', of, parameter, at(y), at(score), from, end, step, at(pairs)]);
        }
      }
      crew.run(calls, 10 * rows.length);
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
