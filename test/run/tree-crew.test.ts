import { execFileSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { random } from '../../src/core/random.ts';
import type { Feature } from '../../src/learn/trees/bins.ts';
import { TAKEN, TICKET } from '../../src/learn/trees/kernels/crew.ts';
import type { Kernels } from '../../src/learn/trees/kernels/kernels.ts';
import { plainKernels } from '../../src/learn/trees/kernels/plain.ts';
import { crewKernels, sharedMemory, wasmKernels } from '../../src/learn/trees/kernels/wasm.ts';
import { predictTrees } from '../../src/learn/trees/predict.ts';
import { trainTrees } from '../../src/learn/trees/train.ts';
import { type TreeCrew, treeCrew } from '../../src/run/tree-crew.ts';

/** Enough rows that every loop is shared. */
const ROWS = 70_000;

function table(seed: number): { features: Feature[]; y: Float64Array } {
  const draw = random(seed);
  // Eights, fours and single features are summed apart from each other.
  const features = Array.from({ length: 14 }, (_, f) => ({
    name: `x${f}`,
    values: Float32Array.from({ length: ROWS }, () => (draw.uniform() < 0.05 ? Number.NaN : draw.normal())),
  }));
  const kind = Float32Array.from({ length: ROWS }, () => draw.below(30));
  const y = Float64Array.from(
    kind,
    (k, i) => Math.sin(2 * (features[0]!.values[i]! || 1)) + (k % 5) + draw.normal(),
  );
  return { features: [...features, { name: 'kind', values: kind, levels: 30 }], y };
}

describe('a crew for trees', () => {
  const data = table(1);
  const fresh = table(2);
  const work = (kernels: Kernels) => {
    const model = trainTrees(data, { rounds: 6, leaves: 15 }, { kernels });
    const bound = trainTrees(
      data,
      {
        rounds: 3,
        leaves: 31,
        monotone: data.features.map((_, f) => (f === 14 ? 0 : (f % 3) - 1)),
        row_share: 0.6,
      },
      { kernels },
    );
    return { model, bound, said: predictTrees(model, fresh.features, { kernels }) };
  };
  const alone = work(plainKernels);
  /** Two have a lane of rows each, three share features too. */
  let [two, three]: TreeCrew[] = [];
  beforeAll(async () => {
    [two, three] = await Promise.all([treeCrew(2), treeCrew(3)]);
  });
  afterAll(() => Promise.all([two!.close(), three!.close()]));

  it('gives the same bytes as one thread, twice on the same memory', () => {
    expect(work(wasmKernels())).toEqual(alone);
    for (const { kernels } of [two!, three!, two!, three!]) expect(work(kernels)).toEqual(alone);
  });

  it('works after its helpers have slept', async () => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(work(three!.kernels).said).toEqual(alone.said);
  });

  it('fails once a helper has ended, instead of waiting for it', async () => {
    const memory = sharedMemory();
    const kernels = crewKernels(memory, 2, 200);
    // This helper takes a call and goes without doing it.
    const helper = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
       const words = new Int32Array(workerData.buffer, ${4 * TICKET}, 1);
       const taken = new Int32Array(workerData.buffer, ${4 * TAKEN}, 1000);
       parentPort.postMessage('ready');
       for (;;) {
         const last = (Atomics.load(words, 0) & 1023) - 1;
         if (last >= 0 && Atomics.exchange(taken, last, 1) === 0) break;
       }`,
      { eval: true, workerData: memory },
    );
    await new Promise((resolve) => helper.once('message', resolve));
    const [columns, rows] = [kernels.bytes(8 * 400_000), kernels.bytes(8 * 400_000)];
    // It may be late for the first rounds.
    expect(() => {
      for (let round = 0; round < 1000; round++) kernels.transpose(columns, 400_000, rows);
    }).toThrow('a helping thread ended while trees were at work; start another crew.');
    expect(() => kernels.bounds([], new Uint32Array(0), 255)).toThrow('a helping thread ended');
    expect(() => work(kernels)).toThrow('a helping thread ended');
    await helper.terminate();
  });

  it('refuses work once it is closed', async () => {
    const crew = await treeCrew(2);
    await crew.close();
    expect(() => crew.kernels.bounds([], new Uint32Array(0), 255)).toThrow('the crew for trees is closed');
  });

  it('keeps a program alive until it has started, and not after that', () => {
    const url = JSON.stringify(new URL('../../src/run/tree-crew.ts', import.meta.url).href);
    const code = `import(${url}).then(({ treeCrew }) => treeCrew(2)).then((crew) => console.log(crew.kernels.threads));`;
    const out = execFileSync(process.execPath, ['--import', 'tsx', '-e', code], { encoding: 'utf8' });
    expect(out.trim()).toBe('2');
  });

  it('refuses less than one thread, and more than a round has room for', async () => {
    await expect(treeCrew(0)).rejects.toThrow('threads is 0; give a whole number from 1 to 250.');
    await expect(treeCrew(251)).rejects.toThrow('threads is 251; give a whole number from 1 to 250.');
  });
});
