// A crew of threads for trees: one memory, on which the calling thread and its helpers share each piece of work.
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { UsageError } from '../core/errors.ts';
import { stop } from '../learn/trees/kernels/crew.ts';
import type { Kernels } from '../learn/trees/kernels/kernels.ts';
import { crewKernels, sharedMemory } from '../learn/trees/kernels/wasm.ts';
import { startWorker } from './start-worker.ts';
import type { Place } from './tree-helper.ts';

/** A round of shared work has room for four calls of each. */
const MOST_THREADS = 250;

export interface TreeCrew {
  /** What `trainTrees`, `binTable` and `predictTrees` take as `kernels`; for one of them at a time. */
  readonly kernels: Kernels;
  /** Sends the helpers home. */
  close(): Promise<void>;
}

/**
 * Starts a crew of `threads` (default: as many as the machine runs at once, 250 at most), the calling one among them. Trees are the same
 * bytes from any number of threads. A helper that ends while trees are at work fails the call instead of leaving it to wait.
 * Throws a UsageError for less than one thread or more than 250, an Error where there is no shared memory or a helper does not start.
 */
export async function treeCrew(
  threads: number = Math.min(availableParallelism(), MOST_THREADS),
): Promise<TreeCrew> {
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS) {
    throw new UsageError(`threads is ${threads}; give a whole number from 1 to ${MOST_THREADS}.`);
  }
  const memory = sharedMemory();
  const helpers = Array.from({ length: threads - 1 }, () => startWorker('tree-helper'));
  const leave = async (): Promise<void> => {
    stop(memory);
    await Promise.all(helpers.map((helper) => helper.terminate()));
  };
  try {
    await Promise.all(helpers.map((helper, h) => ready(helper, { memory, thread: h + 1, threads })));
  } catch (error) {
    await leave();
    throw error;
  }
  return { kernels: crewKernels(memory, threads), close: leave };
}

function ready(helper: Worker, place: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    helper.once('message', () => {
      // From now on, a crew that is not closed does not keep the program from ending.
      helper.unref();
      resolve();
    });
    helper.once('error', reject);
    helper.once('exit', (code) => reject(new Error(`a helping thread ended with code ${code}`)));
    helper.postMessage(place);
  });
}
