// The worker thread of a tree crew: it does loops on the shared memory until it is sent home.
import { parentPort } from 'node:worker_threads';
import { fail, help, type SharedMemory } from '../learn/trees/kernels/crew.ts';
import { kernelsModule } from '../learn/trees/kernels/wasm.ts';

parentPort?.once('message', (memory: SharedMemory) => {
  let home = false;
  // However this thread ends, the one that leads must not wait for it.
  process.once('exit', () => {
    if (!home) fail(memory);
  });
  parentPort?.postMessage('ready');
  help(kernelsModule(), memory);
  home = true;
  process.exit(0);
});
