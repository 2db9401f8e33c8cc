import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
// @ts-expect-error a script of the build, without types
import { compileKernels, kernelModule } from '../../../scripts/kernels.js';
import { random } from '../../../src/core/random.ts';
import type { BinnedFeature, BinnedTable, Feature } from '../../../src/learn/trees/bins.ts';
import { MASSES } from '../../../src/learn/trees/kernels/growth.ts';
import { BINS, type Kernels, SLOPES } from '../../../src/learn/trees/kernels/kernels.ts';
import {
  blocksOf,
  isSummedApart,
  LANES,
  lanesOf,
  rowsOf,
  wholeSpan,
} from '../../../src/learn/trees/kernels/lanes.ts';
import { plainKernels } from '../../../src/learn/trees/kernels/plain.ts';
import { exponential } from '../../../src/learn/trees/kernels/slopes.ts';
import { fastKernels, wasmKernels } from '../../../src/learn/trees/kernels/wasm.ts';
import { settingsOf, type TreeOptions, type TreeSettings } from '../../../src/learn/trees/options.ts';
import { predictTrees } from '../../../src/learn/trees/predict.ts';
import { trainTrees } from '../../../src/learn/trees/train.ts';

interface Drawn {
  readonly rows: number;
  readonly width: number;
  readonly seed: number;
}

type Draw = ReturnType<typeof random>;

/** Bins of drawn data, a few columns of them categories. */
function tableOf(kernels: Kernels, draw: Draw, rows: number, width: number): BinnedTable {
  const features = Array.from({ length: width }, (_, f): BinnedFeature => {
    const count = 1 + draw.below(draw.uniform() < 0.3 ? 6 : BINS - 1);
    const levels = draw.uniform() < 0.3 ? count : 0;
    const [upper, codes] = [new Float64Array(0), new Int32Array(0)];
    return { name: `f${f}`, count, levels, upper, codes };
  });
  const byRow = kernels.bytes(rows * width);
  for (let k = 0; k < byRow.length; k++) byRow[k] = draw.below(features[k % width]!.count + 1);
  const byColumn = kernels.bytes(rows * width);
  for (let k = 0; k < byRow.length; k++) byColumn[(k % width) * rows + Math.floor(k / width)] = byRow[k]!;
  return { rows, features, byRow, byColumn };
}

/** Rules for trees, with and without what few of them have. */
function rulesOf(draw: Draw, { features }: BinnedTable): TreeSettings {
  const width = features.length;
  const at = (share: number): boolean => draw.uniform() < share;
  return settingsOf(
    {
      leaves: 2 + draw.below(40),
      lambda_l2: at(0.5) ? draw.uniform() : 0,
      lambda_l1: at(0.3) ? draw.uniform() : 0,
      min_child_samples: draw.below(20),
      min_gain: at(0.2) ? 1 : 0,
      ...(at(0.3) ? { max_depth: 1 + 5 * draw.uniform() } : {}),
      ...(at(0.2) ? { cat_smooth: 0, cat_l2: 0 } : {}),
      ...(at(0.3) ? { monotone: features.map(({ levels }) => (levels ? 0 : draw.below(3) - 1)) } : {}),
      ...(at(0.3)
        ? {
            interactions: Array.from({ length: draw.below(4) }, () => [draw.below(width), draw.below(width)]),
          }
        : {}),
    },
    width,
  );
}

/** Trees on drawn rows and features of drawn data, the second in the room of the first. */
function grownTrees(kernels: Kernels, { rows, width, seed }: Drawn) {
  return kernels.scope(() => {
    const draw = random(seed);
    const table = tableOf(kernels, draw, rows, width);
    const pairs = kernels.pairs(2 * rows);
    for (let i = 0; i < pairs.length; i++) pairs[i] = i % 2 ? draw.uniform() : draw.normal();
    // What a feature says must show somewhere, or there is nothing to split by.
    for (let i = 0; i < rows; i++) pairs[2 * i] = pairs[2 * i]! + (table.byColumn[i]! % 3);
    const grow = kernels.grower(table, rulesOf(draw, table));
    return [1, 2].map(() => {
      const chosen = Uint32Array.from({ length: rows }, (_, i) => i).filter(
        (i) => i === 0 || draw.uniform() < 0.7,
      );
      const open = Uint8Array.from({ length: width }, () => (draw.uniform() < 0.8 ? 1 : 0));
      const { leaves, left, right, parent, isLeft, ends, index, masses, before, ...nodes } = grow(
        chosen,
        pairs,
        open,
      );
      const lanes = lanesOf(chosen.length);
      return {
        leaves,
        nodes: Object.entries(nodes).map(([name, values]) =>
          Array.from(values.subarray(0, (name === 'sets' && values.length ? BINS : 1) * (leaves - 1))),
        ),
        // Where a leaf hangs, there is no node, and a root hangs nowhere.
        hung: Array.from(parent.subarray(0, leaves > 1 ? leaves : 0), (node, k) => [node, isLeft[k]]),
        below: Array.from({ length: leaves - 1 }, (_, k) => [left[k], right[k]]).map((pair, k) =>
          pair.filter(
            (_, side) => !parent.subarray(0, leaves).some((p, l) => p === k && isLeft[l] === 1 - side),
          ),
        ),
        before: Array.from(before.subarray(0, leaves)),
        ends: Array.from({ length: leaves }, (_, k) =>
          Array.from(ends.subarray(2 * LANES * k, 2 * (LANES * k + lanes))),
        ),
        masses: Array.from(masses.subarray(0, MASSES * leaves)),
        index: Array.from(index.subarray(0, chosen.length)),
      };
    });
  });
}

/** What some kernels make of drawn data: scores, bounds and bins, rows of columns. */
function results(kernels: Kernels, { rows, width, seed }: Drawn) {
  return kernels.scope(() => {
    const draw = random(seed);
    const places = kernels.places(rows);
    const half = draw.below(rows + 1);
    // The rows of two leaves, which ascend in each.
    const ordered = Array.from({ length: rows }, (_, i) => [draw.below(2), i] as const).sort(
      ([a, i], [b, k]) => a - b || i - k,
    );
    places.set(ordered.map(([, i]) => i));
    const middle = ordered.filter(([side]) => side === 0).length;
    const score = kernels.sums(2 * rows);
    kernels.raise(score, 2, 1, places, Uint32Array.of(0, middle, rows), Float64Array.of(draw.normal(), 1));

    const byRow = kernels.bytes(rows * width);
    const byColumn = kernels.bytes(rows * width);
    for (let k = 0; k < byColumn.length; k++) byColumn[k] = draw.below(BINS);
    kernels.transpose(byColumn, rows, byRow);
    const values = Float64Array.from({ length: rows }, () => {
      if (draw.uniform() < 0.1) return Number.NaN;
      return draw.uniform() < 0.3 ? draw.below(3) - 1 : draw.normal() * 10 ** draw.below(5);
    });
    const columns = [values, Float32Array.from(values), values.map((v) => Math.round(v))];
    const sample = Uint32Array.from({ length: rows }, (_, i) => i).filter((i) => i % 3 === 0 || i < half);
    const bounds = kernels.bounds(columns, sample, 2 + draw.below(254));
    const bins = columns.map(() => kernels.bytes(rows));
    kernels.binNumbers(columns, bounds, bins);
    return [score, byRow, ...bounds, ...bins].map((array) => Array.from<number>(array));
  });
}

/** Derivatives of every loss, at scores that run into the bounds of the exponential too. */
function slopesOf(kernels: Kernels, rows: number, seed: number): number[][] {
  return kernels.scope(() => {
    const draw = random(seed);
    const y = kernels.sums(rows);
    const score = kernels.sums(rows);
    for (let i = 0; i < rows; i++)
      [y[i], score[i]] = [draw.poisson(2), draw.normal() * 10 ** (draw.below(4) - 1)];
    const places = kernels.places(rows);
    for (let i = 0; i < rows; i++) places[i] = i;
    return SLOPES.map((loss) => {
      const pairs = kernels.pairs(2 * rows);
      kernels.slopes([loss, 0.5 + draw.uniform()], y, score, places.subarray(draw.below(2)), pairs);
      return Array.from(pairs);
    });
  });
}

/** Trees on numbers with gaps and on categories, and what they say of other rows. */
function trained(kernels: Kernels, options: TreeOptions, rows = 3000) {
  const draw = random(2);
  const table = (): Feature[] =>
    ['a', 'b', 'c', 'd', 'e', 'kind'].map((name, f) => ({
      name,
      values: Float64Array.from({ length: rows }, () =>
        f === 5 ? draw.below(50) : draw.uniform() < 0.1 ? Number.NaN : draw.normal(),
      ),
      ...(f === 5 ? { levels: 50 } : {}),
    }));
  const features = table();
  const y = Float64Array.from({ length: rows }, (_, i) =>
    Math.abs(draw.normal() + (features[0]!.values[i]! || 3) + (features[5]!.values[i]! % 7)),
  );
  const model = trainTrees({ features, y }, options, { kernels });
  return { model, said: predictTrees(model, table(), { kernels }) };
}

describe('the kernels', () => {
  it.each([
    ['few rows', 1, 700, 100],
    ['rows in several tiles and chunks', 1500, 60_000, 4],
  ])('give the same bits as WebAssembly and as TypeScript: %s', (_, min, max, numRuns) => {
    const drawn = fc.record({
      rows: fc.integer({ min, max }),
      width: fc.integer({ min: 1, max: 19 }),
      seed: fc.integer(),
    });
    const fast = wasmKernels();
    fc.assert(
      fc.property(drawn, (data) => {
        expect(results(fast, data)).toEqual(results(plainKernels, data));
        expect(grownTrees(fast, data)).toEqual(grownTrees(plainKernels, data));
      }),
      { numRuns },
    );
  });

  it('deal every row to one lane, and no lane much more than another', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (rows) => {
        const { from, to } = wholeSpan(rows);
        const dealt = Array.from(from, (_, lane) => blocksOf(rows, lane));
        const sizes = dealt.map((blocks) => blocks.reduce((sum, [first, last]) => sum + last - first, 0));
        expect(Array.from(to, (end, lane) => end - from[lane]!)).toEqual(sizes);
        expect(rowsOf({ from, to })).toBe(rows);
        const [first, ...others] = dealt.flat().toSorted(([a], [b]) => a - b);
        let end = first![1];
        for (const [next, last] of others) [end] = [next === end ? last : Number.NaN];
        expect([first![0], end]).toEqual([0, rows]);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(8192);
        expect(isSummedApart(rows, lanesOf(rows))).toBe(rows >= 8192);
      }),
    );
  });

  it('derive losses to the same bits', () => {
    const fast = wasmKernels();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer(), (rows, seed) => {
        expect(slopesOf(fast, rows, seed)).toEqual(slopesOf(plainKernels, rows, seed));
      }),
    );
  });

  it('have an exponential of their own that is the exponential', () => {
    fc.assert(
      fc.property(fc.double({ min: -50, max: 50, noNaN: true }), (x) => {
        expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(1e-15);
      }),
    );
    expect(exponential(60)).toBe(exponential(50));
  });

  it.each<TreeOptions>([
    { rounds: 10, row_share: 0.8 },
    { rounds: 8, objective: 'poisson', monotone: [1, 0, 0, -1, 0, 0], lambda_l1: 0.1 },
    { rounds: 5, objective: 'quantile', quantiles: [0.1, 0.5, 0.9], max_depth: 4 },
  ])('train the same trees, and say the same: %o', (options) => {
    expect(trained(wasmKernels(), options)).toEqual(trained(plainKernels, options));
  });

  it('keep one memory for all trainings of a thread', () => {
    expect(fastKernels()).toBe(fastKernels());
  });

  it('give memory back after a training, and zeros again', () => {
    const kernels = wasmKernels();
    const place = (): number => kernels.scope(() => kernels.bytes(1000).fill(7).byteOffset);
    const first = place();
    expect(() =>
      kernels.scope(() => {
        kernels.bytes(10);
        throw new Error('given up');
      }),
    ).toThrow('given up');
    expect(place()).toBe(first);
    expect(kernels.bytes(1000).every((byte) => byte === 0)).toBe(true);
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
