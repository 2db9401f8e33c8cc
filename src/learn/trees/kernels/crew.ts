// How threads share calls of the loops through one memory: each has its part of them, helps the others after that, and all meet
// at the end.

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

/** A loop of the compiled kernels: numbers in, a number out. */
export type Loop = (...args: number[]) => number;

/** The loops by number, so that a call fits into memory. */
export const LOOPS = [
  'start',
  'search',
  'sumLane',
  'cutLanes',
  'part',
  'partAndSum',
  'raise',
  'slopes',
  'bounds',
  'binNumbers',
  'transpose',
  'walk',
] as const;
export type LoopName = (typeof LOOPS)[number];

const NUMBERS = Object.fromEntries(LOOPS.map((name, number) => [name, number])) as Record<LoopName, number>;

/** One call of a loop. */
export type Call = readonly [LoopName, ...number[]];

/** Where the state begins in the memory, and how its words are used. */
export const STATE = 64;
const TICKET = STATE / 4;
const DONE = TICKET + 16;
const SLEEPING = DONE + 16;
const FAILED = SLEEPING + 16;
const STOPPED = FAILED + 1;
/** Calls a round at most, and numbers of a call: its loop, up to eight arguments, its result. */
export const MOST_CALLS = 1000;
const CALL = 10;
/** Where it is kept which calls are taken, a word each. */
export const TAKEN: number = STATE + 256;
const TABLE = TAKEN + 4 * 1024;
/** Where free memory begins. */
export const FREE: number = TABLE + 8 * CALL * (MOST_CALLS + 24);

/** A ticket tells of a round in one word, so that it is seen whole: 22 bits of its number, 10 of its calls. */
const ticketOf = (round: number, calls: number): number => (round << 10) | calls;
const callsOf = (ticket: number): number => ticket & 1023;

/** Looks at a word before sleeping on it. */
const SPINS = 20_000;

export interface Crew {
  /**
   * Does the calls of a round, and returns when all are done; results are in `result`. `cells` is about how many numbers they
   * work on, from which follows whether they are worth sharing.
   */
  run(calls: readonly Call[], cells: number): void;
  result(call: number): number;
}

interface Views {
  readonly words: Int32Array;
  /** 1 for each call that a thread has taken. */
  readonly taken: Int32Array;
  readonly table: Float64Array;
}

const viewsOf = ({ buffer }: SharedMemory): Views => ({
  words: new Int32Array(buffer, 0, (STATE + 256) / 4),
  taken: new Int32Array(buffer, TAKEN, MOST_CALLS),
  table: new Float64Array(buffer, TABLE, CALL * (MOST_CALLS + 24)),
});

/** The loops for a thread, 0 for the one that leads. */
export const loopsOf = (module: object, memory: SharedMemory, thread: number): readonly Loop[] => {
  const exports = new wasm.Instance(module, { env: { memory } }).exports as Record<LoopName | 'sit', Loop>;
  exports.sit(thread);
  return LOOPS.map((name) => exports[name]);
};

function doCall(loops: readonly Loop[], table: Float64Array, call: number): void {
  const at = call * CALL;
  // Loops take as many arguments as they have; those beyond are ignored.
  table[at + 9] = loops[table[at]!]!(
    table[at + 1]!,
    table[at + 2]!,
    table[at + 3]!,
    table[at + 4]!,
    table[at + 5]!,
    table[at + 6]!,
    table[at + 7]!,
    table[at + 8]!,
  );
}

/**
 * Takes calls until none is left: first this thread's part from its beginning, then what others have left of theirs, from the
 * end. So a thread mostly works on the same rows and features from round to round, and finds them in its own cache.
 *
 * A thread that comes late for a round may take calls of the next one. That does no harm: they are complete when they can be
 * taken.
 */
function takeCalls(loops: readonly Loop[], views: Views, thread: number, threads: number): void {
  const { words, taken, table } = views;
  const count = callsOf(Atomics.load(words, TICKET));
  const take = (call: number): void => {
    if (Atomics.load(taken, call) === 1 || Atomics.exchange(taken, call, 1) === 1) return;
    doCall(loops, table, call);
    if (Atomics.add(words, DONE, 1) + 1 === callsOf(Atomics.load(words, TICKET))) Atomics.notify(words, DONE);
  };
  for (let t = thread; t < thread + threads; t++) {
    const part = t % threads;
    const from = Math.floor((part * count) / threads);
    const to = Math.floor(((part + 1) * count) / threads);
    for (let k = 0; k < to - from; k++) take(part === thread ? from + k : to - 1 - k);
  }
}

/**
 * What helping thread `thread` (1 … threads − 1) does until it is told to stop: it looks for work for a while, then sleeps until
 * there is some.
 */
export function help(module: object, memory: SharedMemory, thread: number, threads: number): void {
  const views = viewsOf(memory);
  const { words } = views;
  try {
    const loops = loopsOf(module, memory, thread);
    let seen = Atomics.load(words, TICKET);
    while (Atomics.load(words, STOPPED) === 0) {
      let ticket = Atomics.load(words, TICKET);
      for (let spin = 0; spin < SPINS && ticket === seen; spin++) ticket = Atomics.load(words, TICKET);
      if (ticket === seen) {
        Atomics.add(words, SLEEPING, 1);
        Atomics.wait(words, TICKET, ticket);
        Atomics.sub(words, SLEEPING, 1);
        continue;
      }
      seen = ticket;
      takeCalls(loops, views, thread, threads);
    }
  } catch (error) {
    fail(memory);
    throw error;
  }
}

/** Tells the thread that leads that one of its helpers is gone. */
export function fail(memory: SharedMemory): void {
  const { words } = viewsOf(memory);
  Atomics.store(words, FAILED, 1);
  Atomics.notify(words, DONE);
}

/** Sends the helping threads home. */
export function stop(memory: SharedMemory): void {
  const { words } = viewsOf(memory);
  Atomics.store(words, STOPPED, 1);
  Atomics.add(words, TICKET, ticketOf(1, 0));
  Atomics.notify(words, TICKET);
}

/** Numbers to work on below which a round is not shared, and from which on it always is: some 10 microseconds, some 5 ms. */
const SHARED_CELLS = 10_000;
const LARGE_CELLS = 4_000_000;
const MOST_DISTRUST = 255;
/** Milliseconds that the leader may wait beyond as long as it worked itself, until helpers count as put off. */
const LATE = 0.3;

/** Milliseconds without any call being done after which a helper counts as dead: no call takes a hundredth of it. */
const PATIENCE = 30_000;
const ENDED = 'a helping thread ended while trees were at work; start another crew.';

/**
 * The thread that leads: it hands out calls and does its share of them. Throws where a helper has ended, or has not done
 * anything for `patience` milliseconds.
 */
export function lead(
  loops: readonly Loop[],
  memory: SharedMemory,
  threads: number,
  patience: number = PATIENCE,
): Crew {
  const views = viewsOf(memory);
  const { words, taken, table } = views;
  let round = 0;

  function refuseFailed(): void {
    if (Atomics.load(words, STOPPED) === 1)
      throw new Error('the crew for trees is closed; start another one.');
    if (Atomics.load(words, FAILED) === 1) throw new Error(ENDED);
  }

  // On a busy machine a helper may be put off while the leader waits for it. The leader then does small rounds alone for a
  // while, longer each time, until a helper is prompt again. Which thread does what changes no result.
  let alone = 0;
  let distrust = 0;

  /** Waits until all calls are done; `own` is the milliseconds that the leader's share of them took. */
  function meet(count: number, own: number): void {
    const began = performance.now();
    let done = Atomics.load(words, DONE);
    for (let spin = 0; spin < SPINS && done < count; spin++) done = Atomics.load(words, DONE);
    while (done < count) {
      const answer = Atomics.wait(words, DONE, done, patience);
      refuseFailed();
      const now = Atomics.load(words, DONE);
      if (answer === 'timed-out' && now === done) {
        fail(memory);
        throw new Error(ENDED);
      }
      done = now;
    }
    const isLate = performance.now() - began > LATE + own;
    distrust = isLate ? Math.min(2 * distrust + 1, MOST_DISTRUST) : distrust >> 1;
    alone = distrust;
  }

  return {
    run(calls, cells) {
      if (threads > 1) refuseFailed();
      const count = calls.length;
      for (let c = 0; c < count; c++) {
        const [call, at] = [calls[c]!, c * CALL];
        table[at] = NUMBERS[call[0]];
        for (let k = 1; k < call.length; k++) table[at + k] = call[k] as number;
      }
      const isShared =
        threads > 1 && count > 1 && cells >= SHARED_CELLS && (alone === 0 || cells >= LARGE_CELLS);
      if (!isShared) {
        alone = Math.max(0, alone - 1);
        for (let c = 0; c < count; c++) doCall(loops, table, c);
        return;
      }
      Atomics.store(words, DONE, 0);
      for (let c = 0; c < count; c++) Atomics.store(taken, c, 0);
      Atomics.store(words, TICKET, ticketOf(++round, count));
      if (Atomics.load(words, SLEEPING) > 0) Atomics.notify(words, TICKET);
      const began = performance.now();
      takeCalls(loops, views, 0, threads);
      meet(count, performance.now() - began);
    },
    result: (call) => table[call * CALL + 9]!,
  };
}
