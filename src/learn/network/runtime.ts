// What runs a compiled graph: a contract with several implementations, which give the same numbers to rounding.
import { UsageError } from '../../core/errors.ts';
import type { Shape } from './graph.ts';
import type { Compiled, Target } from './lowering.ts';

/** Numbers that go in: single precision, or whole numbers as 64 bits. */
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
  readonly target: Target;
  open(graph: Compiled, options?: SessionOptions): Promise<Session>;
}

/** Refuses a device that a runtime does not know of. */
export function refuseUnknownDevice(device: string, known: readonly string[]): void {
  if (!known.includes(device)) {
    throw new UsageError(`device "${device}" is not known; give one of ${known.join(', ')}.`);
  }
}

/** What a graph is fed, each in the runtime's own form. */
export function feedsOf<Tensor>(
  inputs: Compiled['inputs'],
  fed: Readonly<Record<string, Numbers>>,
  tensorOf: (values: Numbers, shape: Shape) => Tensor,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape }]) => {
      const values = fed[name];
      if (!values) throw new UsageError(`the graph wants "${name}", which is not among what it is fed.`);
      return [name, tensorOf(values, shape)];
    }),
  );
}

/** A runtime, and what there is to say of it. */
export interface Chosen {
  readonly runtime: Runtime;
  readonly note: string | undefined;
}

/** Why the native runtime cannot be used; undefined where it can. */
export async function nativeHindrance(): Promise<string | undefined> {
  try {
    const { nativeRuntime } = await import('./runtime-node.ts');
    await nativeRuntime();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The native runtime where it is installed, else the portable one, saying that it is slower. */
export async function usualRuntime(): Promise<Chosen> {
  try {
    const { nativeRuntime } = await import('./runtime-node.ts');
    return { runtime: await nativeRuntime(), note: undefined };
  } catch (error) {
    const { portableRuntime } = await import('./runtime-web.ts');
    return {
      runtime: await portableRuntime(),
      note: `Training runs as WebAssembly, two to four times slower: ${(error as Error).message}`,
    };
  }
}
