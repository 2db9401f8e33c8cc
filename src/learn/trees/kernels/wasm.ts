// The hot loops as WebAssembly with SIMD, on one growing memory that threads share.
import { type Call, FREE, lead, MOST_CALLS, type SharedMemory, wasm } from './crew.ts';
import { BLOCK, type Kernels, type Numbers, SLOPES, stretches } from './kernels.ts';
import { KERNELS } from './kernels.wasm.ts';
import { BLOCK_ROWS, lanesOf } from './lanes.ts';
import { plainKernels } from './plain.ts';
import { wasmGrower } from './wasm-grower.ts';

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

/** Arrays in a memory, given back in the opposite order of taking; `clear` makes bytes zero from a place on. */
function arena(memory: SharedMemory, clear: (from: number, bytes: number) => void) {
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
    if (from < before) clear(from, Math.min(end, before) - from);
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
    within: <T extends Uint8Array | Uint32Array | Numbers>(array: T): T => {
      if (holds(array)) return array;
      const kind = array.constructor as new (buffer: ArrayBufferLike, from: number, length: number) => T;
      const from = raw(array.byteLength);
      const copy = new kind(memory.buffer, from, array.length);
      copy.set(array);
      return copy;
    },
  };
}

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

/** The loops on a memory, done by the calling thread and those that `help` it; for `patience` see `lead`. */
export function crewKernels(memory: SharedMemory, threads: number, patience?: number): Kernels {
  // Not by JavaScript, which fills shared memory element by element.
  const room = arena(memory, (from, bytes) => crew.clear(from, bytes));
  const crew = lead(kernelsModule(), memory, threads, room.raw, patience);
  // More pieces than threads, so that no thread waits long for a slow one.
  const pieces = threads === 1 ? 1 : 3 * threads;
  return {
    threads,
    ...room,
    grower: (table, settings) => wasmGrower(crew, room, threads, table, settings),
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
    bounds: (columns, rows, most) =>
      room.scope(() => {
        const sampled = at(room.within(rows));
        const uppers = columns.map(() => room.sums(most));
        const calls = columns.map((values, k): Call => {
          const spare = room.raw(16 * (rows.length + 1) + 4 * 2048);
          return [
            'bounds',
            at(room.within(values)),
            values.BYTES_PER_ELEMENT,
            sampled,
            rows.length,
            spare,
            most,
            at(uppers[k]!),
          ];
        });
        crew.run(calls, 50 * rows.length * columns.length);
        return uppers.map((upper, k) => upper.slice(0, crew.result(k)));
      }),
    binNumbers(columns, uppers, out) {
      room.scope(() => {
        const parts = Math.ceil(pieces / columns.length);
        const calls = columns.flatMap((values, k) => {
          const upper = uppers[k]!;
          let size = 1;
          while (size < upper.length) size *= 2;
          const bounds = room.sums(size).fill(Number.POSITIVE_INFINITY);
          bounds.set(upper);
          const [own, bytes] = [at(room.within(values)), values.BYTES_PER_ELEMENT];
          return shares(values.length, parts, ROWS).map(
            ([from, to]): Call => [
              'binNumbers',
              own + bytes * from,
              bytes,
              to - from,
              at(bounds),
              4 * size,
              at(out[k]!) + from,
            ],
          );
        });
        crew.run(calls, 8 * columns.reduce((sum, { length }) => sum + length, 0));
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
  return crewKernels(sharedMemory(), 1);
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
