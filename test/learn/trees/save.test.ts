import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../../src/core/errors.ts';
import { random } from '../../../src/core/random.ts';
import type { Feature } from '../../../src/learn/trees/bins.ts';
import type { TreeModel } from '../../../src/learn/trees/model.ts';
import { OBJECTIVES, type TreeOptions } from '../../../src/learn/trees/options.ts';
import { predictTrees } from '../../../src/learn/trees/predict.ts';
import { loadTrees, saveTrees } from '../../../src/learn/trees/save.ts';
import { trainTrees } from '../../../src/learn/trees/train.ts';
import { encodeState } from '../../../src/store/plain-data.ts';

const N = 600;

/** A model of a number with gaps, and of categories that are told both ways. */
function trained(options: TreeOptions = {}) {
  const draw = random(1);
  const column = (next: () => number): Float64Array => Float64Array.from({ length: N }, next);
  const features: Feature[] = [
    { name: 'Größe', values: column(() => (draw.uniform() < 0.1 ? Number.NaN : draw.normal())) },
    { name: 'NaN', values: column(() => draw.below(70)), levels: 70 },
    { name: 'sku', values: column(() => draw.below(90)), levels: 100, encoding: 'ordered-target' },
  ];
  const y = column(() => draw.below(3)).map((v, i) => Math.min(2, v + (features[1]!.values[i]! % 2)) + 1);
  if (options.objective === 'softmax') for (let i = 0; i < N; i++) y[i]!--;
  if (options.objective === 'logistic') for (let i = 0; i < N; i++) y[i] = y[i]! > 2 ? 1 : 0;
  const groups = options.objective === 'lambdarank' ? { groups: new Int32Array(N / 10).fill(10) } : {};
  const valid = { features, y, ...groups };
  const model = trainTrees({ features, y, valid, ...groups }, { rounds: 8, classes: 3, ...options });
  return { model, features };
}

describe('a saved model of trees', () => {
  it.each(OBJECTIVES)('comes back to the bit: %s', (objective) => {
    const { model, features } = trained({ objective });
    const read = loadTrees(saveTrees(model));
    expect(read).toEqual(model);
    expect(predictTrees(read, features)).toEqual(predictTrees(model, features));
    expect(saveTrees(read)).toEqual(saveTrees(model));
  });

  it('keeps odd settings, and trees without a split', () => {
    const { model } = trained({
      monotone: [-0, 1, 0],
      goss: { top: 0.2, other: 0.1 },
      max_depth: Infinity,
      min_child_samples: 1000,
    });
    expect(model.trees[0]!.feature).toHaveLength(0);
    const read = loadTrees(saveTrees(model));
    expect(read).toEqual(model);
    expect(Object.is(read.settings.monotone![0], -0)).toBe(true);
  });

  it('may lie anywhere in a larger buffer', () => {
    const { model } = trained();
    const saved = saveTrees(model);
    const pool = new Uint8Array(saved.length + 11).fill(7);
    pool.set(saved, 3);
    expect(loadTrees(pool.subarray(3, 3 + saved.length))).toEqual(model);
  });

  it('takes three quarters of the room of JSON at most', () => {
    const { model } = trained({ rounds: 50, leaves: 63, min_child_samples: 3 });
    expect(saveTrees(model).length).toBeLessThan(0.75 * encodeState(model).length);
  });
});

describe('refused with a DataError', () => {
  const saved = saveTrees(trained().model);
  const reading = (bytes: Uint8Array) => (): TreeModel => loadTrees(bytes);

  it('what is something else', () => {
    for (const bytes of [new Uint8Array(0), new TextEncoder().encode('{"settings":{}}'), saved.subarray(1)]) {
      expect(reading(bytes)).toThrow(
        new DataError('these bytes are not a model of trees; give those that saveTrees made.'),
      );
    }
  });

  it('what a newer version wrote', () => {
    const newer = saved.slice();
    newer[8] = 2;
    expect(reading(newer)).toThrow(
      new DataError(
        'this model of trees was saved in version 2 of the format, and version 1 is known here; update bellwether.',
      ),
    );
  });

  it('what is not whole, wherever it is cut or spoiled', () => {
    const damaged = new DataError(
      'this model of trees is damaged; restore its file from a copy or train anew.',
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 12, max: saved.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, by) => {
          expect(reading(saved.subarray(0, at))).toThrow(damaged);
          const spoiled = saved.slice();
          spoiled[at] = spoiled[at]! ^ by;
          expect(reading(spoiled)).toThrow(damaged);
        },
      ),
    );
    expect(reading(saved.subarray(0, 9))).toThrow(damaged);
    const older = saved.slice();
    older[8] = 0;
    expect(reading(older)).toThrow(damaged);
  });
});
