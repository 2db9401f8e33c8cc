// The hot loops as WebAssembly with SIMD, on one growing memory that threads can share.
import type { Kernels } from './kernels.ts';
import { KERNELS } from './kernels.wasm.ts';
import { plainKernels } from './plain.ts';

interface Exports {
  accumulate(
    byRow: number,
    width: number,
    first: number,
    last: number,
    rows: number,
    count: number,
    pairs: number,
    histogram: number,
  ): number;
  partition(column: number, goesLeft: number, rows: number, count: number, spare: number): number;
}

/** What is used of WebAssembly, which every runtime has and the language's own library does not declare. */
interface Wasm {
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
  readonly Memory: new (limits: { initial: number; maximum: number; shared: boolean }) => SharedMemory;
}
interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}
const wasm = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly;

const PAGE = 65_536;
/** Pages that a memory may grow to: all that 32 bits can tell apart. */
const MOST_PAGES = 65_536;
/** What every array begins at a multiple of, so that no two share a cache line. */
const LINE = 64;

let compiled: object | undefined;

/** Decodes the module once; `atob` is in browsers and in Node alike. */
function moduleOf(): object {
  compiled ??= new wasm.Module(Uint8Array.from(atob(KERNELS), (c) => c.charCodeAt(0)));
  return compiled;
}

/** Kernels on a memory of their own, which is freed with them. Throws where WebAssembly or shared memory is not there. */
export function wasmKernels(): Kernels {
  const memory = new wasm.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
  const { exports } = new wasm.Instance(moduleOf(), { env: { memory } });
  const { accumulate, partition } = exports as Exports;
  // Growing gives the memory a new buffer; older views stay good, as the memory is shared.
  const buffers = new WeakSet<ArrayBufferLike>([memory.buffer]);
  let end = LINE;
  const take = (bytes: number): number => {
    const from = end;
    end = Math.ceil((from + bytes) / LINE) * LINE;
    const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE);
    if (missing > 0) {
      memory.grow(missing);
      buffers.add(memory.buffer);
    }
    return from;
  };
  const bytes = (length: number): Uint8Array => {
    const from = take(length);
    return new Uint8Array(memory.buffer, from, length);
  };
  return {
    bytes,
    places: (length) => {
      const from = take(4 * length);
      return new Uint32Array(memory.buffer, from, length);
    },
    pairs: (length) => {
      const from = take(4 * length);
      return new Float32Array(memory.buffer, from, length);
    },
    sums: (length) => {
      const from = take(8 * length);
      return new Float64Array(memory.buffer, from, length);
    },
    within: (array) => {
      if (buffers.has(array.buffer)) return array;
      const copy = bytes(array.length);
      copy.set(array);
      return copy;
    },
    accumulate: (byRow, width, rows, pairs, histogram) => {
      accumulate(
        byRow.byteOffset,
        width,
        0,
        width,
        rows.byteOffset,
        rows.length,
        pairs.byteOffset,
        histogram.byteOffset,
      );
    },
    partition: (column, goesLeft, rows, spare) =>
      partition(column.byteOffset, goesLeft.byteOffset, rows.byteOffset, rows.length, spare.byteOffset),
  };
}

/** WebAssembly where it is there, else the plain loops: the same bytes, at half the speed. */
export function fastKernels(): Kernels {
  try {
    return wasmKernels();
  } catch {
    return plainKernels;
  }
}
