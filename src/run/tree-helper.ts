// The worker thread of a tree crew: it does loops on the shared memory until it is sent home.
import { parentPort } from 'node:worker_threads';
import { fail, help, type SharedMemory } from '../learn/trees/kernels/crew.ts';
import { kernelsModule } from '../learn/trees/kernels/wasm.ts';

/** What the leading thread tells a helper. */
export interface Place {
  readonly memory: SharedMemory;
  /** Which thread of how many it is; the leading one is 0. */
  readonly thread: number;
  readonly threads: number;
}

parentPort?.once('message', ({ memory, thread, threads }: Place) => {
  let home = false;
  // However this thread ends, the one that leads must not wait for it.
  process.once('exit', () => {
    if (!home) fail(memory);
  });
  parentPort?.postMessage('ready');
  help(kernelsModule(), memory, thread, threads);
  home = true;
  process.exit(0);
});
