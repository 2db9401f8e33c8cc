// Runs tasks on worker threads over shared panels. A free thread takes the next part of whatever work there is, so that
// long pieces and short parts of works that go on at the same time fill all threads.
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { Checkpoint } from '../core/checkpoint.ts';
import { DataError, Interrupted, UsageError } from '../core/errors.ts';
import type { Executor, MapOptions, Part, TaskInput } from '../core/executor.ts';
import type { Panel } from '../core/panel.ts';
import type { ProgressListener } from '../core/progress.ts';
import { partsOf, piecesOf } from './parts.ts';
import { startWorker } from './start-worker.ts';
import type { FromWorker, ToWorker } from './worker.ts';

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

/** One call of `map`, under way. */
interface Work {
  readonly task: string;
  readonly panel: Panel;
  readonly input: TaskInput;
  readonly parts: readonly Part[];
  /** What parts may keep what is half done in. */
  readonly checkpoint: Checkpoint | undefined;
  /** The next part to hand out. */
  next: number;
  /** Hears how far a part is. */
  readonly heard: ProgressListener | undefined;
  /** Takes the result of a part. */
  arrived(index: number, result: unknown): void;
  failed(error: Error): void;
}

/** A thread, with what it has been sent and what it is at work on. */
interface Hand {
  readonly worker: Worker;
  /** The panel that the thread has: stages of one panel follow each other, and its ids are many. */
  panel?: Panel;
  /** The work whose input it has. */
  job?: Work;
  busy: boolean;
}

/**
 * An executor on `count` worker threads (default: as many as the machine runs at once).
 * The panel's arrays are shared, not copied; results are the same bytes as the inline executor's. Calls that are made at
 * the same time share the threads, pieces going before parts: they are the longer ones, and would be waited for at the end.
 * A thread that dies fails the call it works for instead of leaving it to wait.
 */
export function threads(count: number = availableParallelism()): Executor {
  if (!Number.isInteger(count) || count < 1) {
    throw new UsageError(`threads is ${count}; give a whole number of 1 or more.`);
  }
  let hands: Hand[] = [];
  const works: Work[] = [];
  let closed = false;

  const feed = (hand: Hand): void => {
    const work = works.find(({ next, parts }) => next < parts.length);
    if (!work || hand.busy) return;
    const send = (message: ToWorker): void => hand.worker.postMessage(message);
    if (hand.job !== work) {
      const { task, input, panel } = work;
      send({ job: hand.panel === panel ? { task, input } : { task, input, panel } });
      hand.panel = panel;
      hand.job = work;
    }
    const index = work.next++;
    hand.busy = true;
    send({ index, part: work.parts[index]!, keeps: work.checkpoint !== undefined });
  };
  /** Does with the checkpoint what a thread asks for; what goes wrong there, such as a full disk, fails the work. */
  const answer = async (
    { worker, job }: Hand,
    message: Extract<FromWorker, { asked: number }>,
  ): Promise<void> => {
    const { asked } = message;
    try {
      const value =
        'get' in message
          ? await job?.checkpoint?.get(message.get)
          : await job?.checkpoint?.put(message.put, message.value);
      worker.postMessage({ asked, value } satisfies ToWorker);
    } catch (error) {
      job?.failed(error as Error);
    }
  };
  const start = (): Hand => {
    const hand: Hand = { worker: startWorker('worker'), busy: false };
    const died = (error: Error): void => {
      hands = hands.filter((other) => other !== hand);
      if (hand.busy) hand.job?.failed(error);
    };
    hand.worker.on('message', (message: FromWorker) => {
      if ('progress' in message) {
        hand.job?.heard?.(message.progress);
        return;
      }
      if ('asked' in message) {
        void answer(hand, message);
        return;
      }
      hand.busy = false;
      if ('failure' in message) hand.job?.failed(revived(message.failure));
      else hand.job?.arrived(message.index, message.result);
      // It may have been sent home by what it answered.
      if (hands.includes(hand)) feed(hand);
    });
    hand.worker.on('error', died);
    hand.worker.on('exit', (code) => died(new Error(`a worker thread ended with code ${code}`)));
    return hand;
  };
  /** What these threads still compute is of no use to anyone. */
  const dismiss = async (leaving: readonly Hand[]): Promise<void> => {
    hands = hands.filter((hand) => !leaving.includes(hand));
    for (const { worker } of leaving) worker.removeAllListeners();
    await Promise.all(leaving.map(({ worker }) => worker.terminate()));
  };
  /** Puts all threads to work that there is work for. */
  const employ = (): void => {
    const wanted = works.reduce((sum, { parts }) => sum + parts.length, 0);
    while (hands.length < Math.min(count, wanted)) hands.push(start());
    for (const hand of hands) feed(hand);
  };
  const leave = (work: Work): void => {
    const at = works.indexOf(work);
    if (at >= 0) works.splice(at, 1);
  };

  return {
    name: 'threads',
    threads: count,
    async map<Result>(
      task: string,
      panel: Panel,
      input: TaskInput,
      { stage = task, pieces, onProgress, onPart, checkpoint, signal }: MapOptions = {},
    ): Promise<Result[]> {
      if (closed || signal?.aborted) throw new Interrupted();
      const total = pieces ?? panel.ids.length;
      const parts = pieces === undefined ? partsOf(total, count) : piecesOf(pieces);
      if (parts.length === 0) return [];
      const results = new Array<Result>(parts.length);
      let [finished, done] = [0, 0];
      let resolve!: () => void;
      let reject!: (error: Error) => void;
      const settled = new Promise<void>((yes, no) => {
        [resolve, reject] = [yes, no];
      });
      const work: Work = {
        task,
        panel,
        input,
        parts,
        checkpoint,
        next: 0,
        heard: onPart,
        failed: reject,
        arrived(index, result) {
          results[index] = result as Result;
          done += parts[index]!.to - parts[index]!.from;
          finished++;
          onProgress?.({ stage, done, total });
          if (finished === parts.length) resolve();
        },
      };
      const stop = (): void => work.failed(new Interrupted());
      signal?.addEventListener('abort', stop, { once: true });
      if (pieces === undefined) works.push(work);
      else works.unshift(work);
      employ();
      try {
        await settled;
      } catch (error) {
        leave(work);
        await dismiss(hands.filter(({ busy, job }) => busy && job === work));
        employ();
        throw error;
      } finally {
        leave(work);
        signal?.removeEventListener('abort', stop);
      }
      return results;
    },
    async close() {
      closed = true;
      for (const work of works) work.failed(new Interrupted());
      await dismiss(hands);
    },
  };
}
