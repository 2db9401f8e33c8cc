import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
// @ts-expect-error a script of the build, without types
import { compileKernels, kernelModule } from '../../../scripts/kernels.js';
import { random } from '../../../src/core/random.ts';
import { BINS, type Kernels } from '../../../src/learn/trees/kernels/kernels.ts';
import { plainKernels } from '../../../src/learn/trees/kernels/plain.ts';
import { wasmKernels } from '../../../src/learn/trees/kernels/wasm.ts';
import { trainTrees } from '../../../src/learn/trees/train.ts';

interface Drawn {
  readonly rows: number;
  readonly width: number;
  readonly seed: number;
}

/** Histogram, partition and the order of rows that some kernels make of drawn data. */
function results(kernels: Kernels, { rows, width, seed }: Drawn) {
  const draw = random(seed);
  const byRow = kernels.within(Uint8Array.from({ length: rows * width }, () => draw.below(BINS)));
  const pairs = kernels.pairs(2 * rows);
  for (let i = 0; i < pairs.length; i++) pairs[i] = draw.normal();
  const chosen = Array.from({ length: rows }, (_, i) => i).filter(() => draw.uniform() < 0.7);
  const places = kernels.places(chosen.length);
  places.set(chosen);
  const histogram = kernels.sums(2 * BINS * width);
  kernels.accumulate(byRow, width, places, pairs, histogram);
  const goesLeft = kernels.bytes(BINS);
  for (let b = 0; b < BINS; b++) goesLeft[b] = draw.below(2);
  const column = kernels.within(Uint8Array.from({ length: rows }, () => draw.below(BINS)));
  const left = kernels.partition(column, goesLeft, places, kernels.places(chosen.length + 1));
  return { histogram: Array.from(histogram), left, places: Array.from(places) };
}

describe('the kernels', () => {
  it('give the same bits as WebAssembly and as TypeScript', () => {
    const drawn = fc.record({
      rows: fc.integer({ min: 1, max: 700 }),
      width: fc.integer({ min: 1, max: 19 }),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(drawn, (data) => {
        expect(results(wasmKernels(), data)).toEqual(results(plainKernels, data));
      }),
      { numRuns: 60 },
    );
  });

  it('train the same trees', () => {
    const draw = random(2);
    const features = ['a', 'b', 'c', 'd', 'e'].map((name) => ({
      name,
      values: Float64Array.from({ length: 2000 }, () => (draw.uniform() < 0.1 ? Number.NaN : draw.normal())),
    }));
    const y = Float64Array.from({ length: 2000 }, () => draw.normal());
    const options = { rounds: 10, row_share: 0.8 };
    expect(trainTrees({ features, y }, options, { kernels: wasmKernels() })).toEqual(
      trainTrees({ features, y }, options, { kernels: plainKernels }),
    );
  });

  it('are what their source compiles to', async () => {
    const binary = await compileKernels();
    if (!binary) throw new Error('assemblyscript is not installed; run npm ci');
    const kept = readFileSync(
      new URL('../../../src/learn/trees/kernels/kernels.wasm.ts', import.meta.url),
      'utf8',
    );
    expect(kept).toBe(kernelModule(binary));
  });
});
