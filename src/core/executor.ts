// An executor maps a named task over parts of the series; every executor gives the same bytes.
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

/** A task computes one part; it depends on nothing but its arguments and changes nothing but its own rows of them. */
export type Task<Input extends TaskInput = TaskInput, Result = unknown> = (
  panel: Panel,
  part: Part,
  input: Input,
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
