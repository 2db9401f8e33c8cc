// Runs tasks on worker threads over one shared panel. Threads take the next part when they are free.
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { DataError, Interrupted, UsageError } from '../core/errors.ts';
import type { Executor, MapOptions, TaskInput } from '../core/executor.ts';
import type { Panel } from '../core/panel.ts';
import { partsOf, piecesOf } from './parts.ts';
import { startWorker } from './start-worker.ts';
import type { FromWorker, Job, ToWorker } from './worker.ts';

function revived({
  name,
  message,
  stack,
}: {
  name: string;
  message: string;
  stack: string | undefined;
}): Error {
  const kinds: Record<string, new (message: string) => Error> = { UsageError, DataError };
  const error = new (kinds[name] ?? Error)(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}

/**
 * An executor on `count` worker threads (default: as many as the machine runs at once).
 * The panel's arrays are shared, not copied; results are the same bytes as the inline executor's.
 * A thread that dies fails the call instead of leaving it to wait.
 */
export function threads(count: number = availableParallelism()): Executor {
  if (!Number.isInteger(count) || count < 1) {
    throw new UsageError(`threads is ${count}; give a whole number of 1 or more.`);
  }
  let workers: Worker[] = [];
  /** The panel that each thread has: stages of one panel follow each other, and its ids are many. */
  const panels = new WeakMap<Worker, Panel>();
  const dismiss = async (): Promise<void> => {
    const leaving = workers;
    workers = [];
    await Promise.all(leaving.map((worker) => worker.terminate()));
  };

  return {
    name: 'threads',
    threads: count,
    async map<Result>(
      task: string,
      panel: Panel,
      input: TaskInput,
      { stage = task, pieces, onProgress, signal }: MapOptions = {},
    ): Promise<Result[]> {
      if (signal?.aborted) throw new Interrupted();
      const total = pieces ?? panel.ids.length;
      const parts = pieces === undefined ? partsOf(total, count) : piecesOf(pieces);
      const results = new Array<Result>(parts.length);
      while (workers.length < Math.min(count, parts.length)) workers.push(startWorker('worker'));

      let next = 0;
      let finished = 0;
      let done = 0;
      const detach: (() => void)[] = [];
      try {
        await new Promise<void>((resolve, reject) => {
          if (parts.length === 0) resolve();
          const stop = (): void => reject(new Interrupted());
          signal?.addEventListener('abort', stop, { once: true });
          detach.push(() => signal?.removeEventListener('abort', stop));
          for (const worker of workers) {
            const send = (message: ToWorker): void => worker.postMessage(message);
            const feed = (): void => {
              const part = parts[next];
              if (part) send({ index: next++, part });
            };
            const receive = (message: FromWorker): void => {
              if ('failure' in message) {
                reject(revived(message.failure));
                return;
              }
              results[message.index] = message.result as Result;
              const part = parts[message.index]!;
              done += part.to - part.from;
              finished++;
              onProgress?.({ stage, done, total });
              if (finished === parts.length) resolve();
              else feed();
            };
            const died = (code: number): void => reject(new Error(`a worker thread ended with code ${code}`));
            worker.on('message', receive);
            worker.on('error', reject);
            worker.on('exit', died);
            detach.push(() => worker.off('message', receive).off('error', reject).off('exit', died));
            const job: Job = panels.get(worker) === panel ? { task, input } : { task, input, panel };
            panels.set(worker, panel);
            send({ job });
            feed();
          }
        });
      } catch (error) {
        for (const undo of detach.splice(0)) undo();
        // What the threads still compute is of no use to anyone.
        await dismiss();
        throw error;
      } finally {
        for (const undo of detach) undo();
      }
      return results;
    },
    close: dismiss,
  };
}
