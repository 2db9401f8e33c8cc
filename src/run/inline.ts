// Runs tasks in the calling thread, part by part, giving way to other events between parts.
import { Interrupted } from '../core/errors.ts';
import type { Executor, MapOptions, TaskInput } from '../core/executor.ts';
import type { Panel } from '../core/panel.ts';
import { partsOf, piecesOf } from './parts.ts';
import { taskNamed } from './tasks.ts';

// A message channel is the one way to yield that Node and browsers share and that timers do not slow down.
function pause(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener(
      'message',
      () => {
        port1.close();
        resolve();
      },
      { once: true },
    );
    port1.start();
    port2.postMessage(undefined);
  });
}

/** An executor without threads; works in browsers. */
export function inline(): Executor {
  return {
    name: 'inline',
    threads: 1,
    async map<Result>(
      name: string,
      panel: Panel,
      input: TaskInput,
      { stage = name, pieces, onProgress, onPart, checkpoint, signal }: MapOptions = {},
    ): Promise<Result[]> {
      const task = taskNamed(name);
      const total = pieces ?? panel.ids.length;
      const results: Result[] = [];
      for (const part of pieces === undefined ? partsOf(total, 1) : piecesOf(pieces)) {
        if (signal?.aborted) throw new Interrupted();
        results.push((await task(panel, part, input, { onProgress: onPart, checkpoint, signal })) as Result);
        onProgress?.({ stage, done: part.to, total });
        await pause();
      }
      return results;
    },
    close: async () => {},
  };
}
