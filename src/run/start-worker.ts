// Starts a worker thread from a file of this folder, whether the package is built or run from its sources.
import { Worker } from 'node:worker_threads';

/** A worker thread that runs `name`, a file of this folder without its ending. */
export function startWorker(name: string): Worker {
  const source = import.meta.url;
  if (!source.endsWith('.ts')) return new Worker(new URL(`./${name}.js`, source));
  // Run from source (tests, benchmarks): Node cannot load .ts by itself, so tsx is registered first.
  const url = JSON.stringify(new URL(`./${name}.ts`, source).href);
  const code = `import('tsx/esm/api').then((tsx) => { tsx.register(); return import(${url}); })`;
  return new Worker(code, { eval: true });
}
