// What runs a compiled graph: a contract with several implementations, which give the same numbers to rounding.
import type { Compiled } from './lowering.ts';

/** Numbers that go in or come out: single precision, or whole numbers as 64 bits. */
export type Numbers = Float32Array | BigInt64Array;

/** A graph that is ready to run. */
export interface Session {
  /**
   * Runs the graph on inputs by name. Results are written into the arrays given for them, and returned; those without an
   * array of their own are new ones. Inputs and outputs must not share memory.
   */
  run(
    inputs: Readonly<Record<string, Numbers>>,
    into?: Readonly<Record<string, Float32Array>>,
  ): Promise<Record<string, Float32Array>>;
  /** Frees what the session holds. */
  release(): Promise<void>;
}

export interface SessionOptions {
  /** Threads of one operation; defaults to 1. */
  readonly threads?: number;
}

export interface Runtime {
  readonly name: string;
  /** What graphs for it may consist of. */
  readonly target: import('./lowering.ts').Target;
  open(graph: Compiled, options?: SessionOptions): Promise<Session>;
}
