// The inside of a worker thread: receives a panel and an input once, then computes part after part.
import { parentPort } from 'node:worker_threads';
import type { Part, TaskInput } from '../core/executor.ts';
import type { Panel } from '../core/panel.ts';
import { taskNamed } from './tasks.ts';

export interface Job {
  readonly task: string;
  readonly input: TaskInput;
  /** Absent where the thread has it from the job before. */
  readonly panel?: Panel;
}

/** What the pool sends: a job to get ready for, or the index and range of a part to compute. */
export type ToWorker = { readonly job: Job } | { readonly index: number; readonly part: Part };

/** What a worker answers for each part. */
export type FromWorker =
  | { readonly index: number; readonly result: unknown }
  | {
      readonly index: number;
      readonly failure: { name: string; message: string; stack: string | undefined };
    };

const port = parentPort;
let job: Job | undefined;
let panel: Panel | undefined;

port?.on('message', async (message: ToWorker) => {
  if ('job' in message) {
    job = message.job;
    panel = job.panel ?? panel;
    return;
  }
  const { index, part } = message;
  try {
    if (!job || !panel) throw new Error('a part came before its job');
    const result = await taskNamed(job.task)(panel, part, job.input);
    port.postMessage({ index, result } satisfies FromWorker);
  } catch (error) {
    const { name, message, stack } = error as Error;
    port.postMessage({ index, failure: { name, message, stack } } satisfies FromWorker);
  }
});
