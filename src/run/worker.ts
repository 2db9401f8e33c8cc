// The inside of a worker thread: receives a panel and an input once, then computes part after part.
import { parentPort } from 'node:worker_threads';
import type { Checkpoint } from '../core/checkpoint.ts';
import type { Part, TaskInput } from '../core/executor.ts';
import type { Panel } from '../core/panel.ts';
import type { Progress } from '../core/progress.ts';
import { taskNamed } from './tasks.ts';

export interface Job {
  readonly task: string;
  readonly input: TaskInput;
  /** Absent where the thread has it from the job before. */
  readonly panel?: Panel;
}

/** What the pool sends: a job to get ready for, the index and range of a part to compute, or what the checkpoint answered. */
export type ToWorker =
  | { readonly job: Job }
  | { readonly index: number; readonly part: Part; readonly keeps: boolean }
  | { readonly asked: number; readonly value: unknown };

/** What a worker says: how far a part is, what it asks of the checkpoint, and what the part came to. */
export type FromWorker =
  | { readonly progress: Progress }
  | { readonly asked: number; readonly get: string }
  | { readonly asked: number; readonly put: string; readonly value: unknown }
  | { readonly index: number; readonly result: unknown }
  | {
      readonly index: number;
      readonly failure: { name: string; message: string; stack: string | undefined };
    };

const port = parentPort;
let job: Job | undefined;
let panel: Panel | undefined;

const say = (message: FromWorker): void => port?.postMessage(message);

/** Questions to the checkpoint, which lies with the thread that leads, until they are answered. */
const waiting = new Map<number, (value: unknown) => void>();
let questions = 0;

function ask(question: (asked: number) => FromWorker): Promise<unknown> {
  const asked = questions++;
  return new Promise((resolve) => {
    waiting.set(asked, resolve);
    say(question(asked));
  });
}

const checkpoint: Checkpoint = {
  get: (key) => ask((asked) => ({ asked, get: key })),
  put: async (key, value) => {
    await ask((asked) => ({ asked, put: key, value }));
  },
};

port?.on('message', async (message: ToWorker) => {
  if ('job' in message) {
    job = message.job;
    panel = job.panel ?? panel;
    return;
  }
  if ('asked' in message) {
    waiting.get(message.asked)?.(message.value);
    waiting.delete(message.asked);
    return;
  }
  const { index, part, keeps } = message;
  try {
    if (!job || !panel) throw new Error('a part came before its job');
    const result = await taskNamed(job.task)(panel, part, job.input, {
      onProgress: (progress) => say({ progress }),
      ...(keeps ? { checkpoint } : {}),
    });
    say({ index, result });
  } catch (error) {
    const { name, message, stack } = error as Error;
    say({ index, failure: { name, message, stack } });
  }
});
