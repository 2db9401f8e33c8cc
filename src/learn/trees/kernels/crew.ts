// The crew of threads that share the loops, as JavaScript sees it; how they do is in `crew.as.ts`.

/** What is used of WebAssembly, which every runtime has and the language's own library does not declare. */
interface Wasm {
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
  readonly Memory: new (limits: { initial: number; maximum: number; shared: boolean }) => SharedMemory;
}
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}
export const wasm: Wasm = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly;

/** The loops that are called from here, by number, as in `calls.as.ts`. */
const LOOPS = ['raise', 'slopes', 'bounds', 'binNumbers', 'transpose', 'walk'] as const;
type LoopName = (typeof LOOPS)[number];
const NUMBERS = Object.fromEntries(LOOPS.map((name, number) => [name, number])) as Record<LoopName, number>;

/** One call of a loop. */
export type Call = readonly [LoopName, ...number[]];

/** Words of the state that are told from here, and where it is kept which calls are taken; see `crew.as.ts`. */
export const TICKET: number = 64 / 4;
const DONE = 128 / 4;
const FAILED = 256 / 4;
const STOPPED = FAILED + 1;
export const TAKEN: number = 320 / 4;
/** Calls a round at most, where they begin, and numbers of each: its loop, up to eight arguments, its result. */
export const MOST_CALLS = 1000;
const TABLE = 4 * TAKEN + 4096;
const CALL = 10;
/** Where free memory begins. */
export const FREE: number = TABLE + 8 * CALL * (MOST_CALLS + 24);

/** Milliseconds without any call being done after which a helper counts as dead: no call takes a hundredth of it. */
const PATIENCE = 30_000;

/** What the compiled module gives a thread. */
interface Loops {
  sit(thread: number, threads: number, patience: number): void;
  help(): void;
  clear(from: number, bytes: number): void;
  run(calls: number, cells: number): number;
  grow(plan: number, rows: number, count: number, pairs: number, drawn: number): number;
}

/** The loops for a thread, 0 for the one that leads; `more` gives room where they need it. */
function loopsOf(
  module: object,
  memory: SharedMemory,
  thread: number,
  threads: number,
  patience: number,
  more: (bytes: number) => number,
): Loops {
  const env = { memory, more, now: () => performance.now() };
  const loops = new wasm.Instance(module, { env }).exports as Loops;
  loops.sit(thread, threads, patience);
  return loops;
}

const wordsOf = ({ buffer }: SharedMemory): Int32Array => new Int32Array(buffer, 0, FREE / 4);

/** What helping thread `thread` (1 … threads − 1) does until it is told to stop. */
export function help(module: object, memory: SharedMemory, thread: number, threads: number): void {
  try {
    loopsOf(module, memory, thread, threads, PATIENCE, () => 0).help();
  } catch (error) {
    fail(memory);
    throw error;
  }
}

/** Tells the thread that leads that one of its helpers is gone. */
export function fail(memory: SharedMemory): void {
  const words = wordsOf(memory);
  Atomics.store(words, FAILED, 1);
  Atomics.notify(words, DONE);
}

/** Sends the helping threads home. */
export function stop(memory: SharedMemory): void {
  const words = wordsOf(memory);
  Atomics.store(words, STOPPED, 1);
  // A round of no calls.
  Atomics.add(words, TICKET, 1024);
  Atomics.notify(words, TICKET);
}

/** Why the loops did not do their work, by what they returned. */
const REFUSALS = [
  'the crew for trees is closed; start another one.',
  'a helping thread ended while trees were at work; start another crew.',
];

function refuse(code: number): void {
  if (code > 0) throw new Error(REFUSALS[code - 1]);
}

/** The thread that leads: it hands out calls and does its share of them. */
export interface Crew {
  /**
   * Does the calls of a round, and returns when all are done; results are in `result`. `cells` is about how many numbers they
   * work on, from which follows whether they are worth sharing.
   */
  run(calls: readonly Call[], cells: number): void;
  result(call: number): number;
  /** Makes bytes zero. */
  clear(from: number, bytes: number): void;
  /** Grows a tree and returns how many leaves it has; see `grow.as.ts`. */
  grow(plan: number, rows: number, count: number, pairs: number, drawn: number): number;
}

/**
 * Leads a crew of so many threads, of which the others `help`. All it does throws where the crew was stopped, a helper has ended,
 * or no call was done for `patience` milliseconds.
 */
export function lead(
  module: object,
  memory: SharedMemory,
  threads: number,
  more: (bytes: number) => number,
  patience: number = PATIENCE,
): Crew {
  const loops = loopsOf(module, memory, 0, threads, patience, more);
  const table = new Float64Array(memory.buffer, TABLE, CALL * MOST_CALLS);
  return {
    run(calls, cells) {
      for (let c = 0; c < calls.length; c++) {
        const [call, at] = [calls[c]!, c * CALL];
        table[at] = NUMBERS[call[0]];
        for (let k = 1; k < call.length; k++) table[at + k] = call[k] as number;
      }
      refuse(loops.run(calls.length, cells));
    },
    clear: loops.clear,
    result: (call) => table[call * CALL + CALL - 1]!,
    grow(...args) {
      const leaves = loops.grow(...args);
      refuse(-leaves);
      return leaves;
    },
  };
}
