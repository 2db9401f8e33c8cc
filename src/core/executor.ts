// An executor maps a named task over parts of the series; every executor gives the same bytes.
import type { Checkpoint } from './checkpoint.ts';
import type { Panel } from './panel.ts';
import type { ProgressListener } from './progress.ts';

/** A range of series, [from, to); of pieces where the work was cut into pieces. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

/**
 * What a task is given besides the panel: plain data that structured clone can carry. Arrays on shared memory are
 * not copied; a task writes large results into them, each part the rows of its own series alone.
 */
export type TaskInput = Readonly<Record<string, unknown>>;

/** What a task may have around it. None of it changes what the task comes to, and all of it may be absent. */
export interface Surroundings {
  /** Hears how far a part is that takes long. */
  readonly onProgress?: ProgressListener | undefined;
  /** Keeps what is half done, so that a part which was cut short is taken up again. */
  readonly checkpoint?: Checkpoint | undefined;
  /** Aborting stops a long part at its next step; it then rejects with Interrupted. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A task computes one part; the result depends on nothing but panel, part and input, and it changes nothing but its own rows of
 * them.
 */
export type Task<Input extends TaskInput = TaskInput, Result = unknown> = (
  panel: Panel,
  part: Part,
  input: Input,
  around?: Surroundings,
) => Result | Promise<Result>;

export interface MapOptions {
  /** Names the work in progress reports. */
  readonly stage?: string;
  /**
   * Cuts the work into so many pieces, each a part of its own, in place of the panel's series: for tasks that need the
   * whole panel each time.
   */
  readonly pieces?: number;
  readonly onProgress?: ProgressListener | undefined;
  /** Hears of parts that tell themselves how far they are. */
  readonly onPart?: ProgressListener | undefined;
  /** Where parts that take long keep what is half done, each under names of its own; defaults to nowhere. */
  readonly checkpoint?: Checkpoint | undefined;
  /** Aborting stops before the next part; the call then rejects with Interrupted. */
  readonly signal?: AbortSignal | undefined;
}

export interface Executor {
  readonly name: string;
  readonly threads: number;
  /** Runs a registered task over all series of the panel, or over `pieces`; results come in the order of the parts. */
  map<Result>(task: string, panel: Panel, input: TaskInput, options?: MapOptions): Promise<Result[]>;
  /** Frees the threads; the executor cannot be used afterwards. */
  close(): Promise<void>;
}
