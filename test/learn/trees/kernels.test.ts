import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
// @ts-expect-error a script of the build, without types
import { compileKernels, kernelModule } from '../../../scripts/kernels.js';
import { random } from '../../../src/core/random.ts';
import type { Feature } from '../../../src/learn/trees/bins.ts';
import {
  ASKED,
  BINS,
  FOUND,
  type Kernels,
  type Side,
  SLOPES,
} from '../../../src/learn/trees/kernels/kernels.ts';
import {
  blocksOf,
  isSummedApart,
  lanesOf,
  rowsOf,
  wholeSpan,
} from '../../../src/learn/trees/kernels/lanes.ts';
import { plainKernels } from '../../../src/learn/trees/kernels/plain.ts';
import { exponential } from '../../../src/learn/trees/kernels/slopes.ts';
import { fastKernels, wasmKernels } from '../../../src/learn/trees/kernels/wasm.ts';
import type { TreeOptions } from '../../../src/learn/trees/options.ts';
import { predictTrees } from '../../../src/learn/trees/predict.ts';
import { trainTrees } from '../../../src/learn/trees/train.ts';

interface Drawn {
  readonly rows: number;
  readonly width: number;
  readonly seed: number;
}

type Draw = ReturnType<typeof random>;

/** A leaf to search, with sums that are not of this search where it is the larger one. */
function sideOf(
  kernels: Kernels,
  draw: Draw,
  width: number,
  rows: number,
  mass: readonly [number, number],
): Side {
  const sums = kernels.sums(2 * BINS * width);
  for (let k = 0; k < sums.length; k++) sums[k] = k % 2 ? 50 + draw.uniform() : 50 * draw.normal();
  const ask = kernels.sums(ASKED);
  ask.set([mass[0], mass[1], rows, 3 * draw.uniform(), draw.uniform(), mass[0] ** 2 / mass[1]]);
  const open = kernels.bytes(width);
  for (let f = 0; f < width; f++) open[f] = draw.uniform() < 0.8 ? 1 : 0;
  return { sums, ask, open, found: kernels.sums(FOUND * width) };
}

/** What some kernels make of drawn data: sums and cuts, rows in order, scores, bounds and bins, rows of columns. */
function results(kernels: Kernels, { rows, width, seed }: Drawn) {
  return kernels.scope(() => {
    const draw = random(seed);
    const counts = kernels.bytes(width);
    for (let f = 0; f < width; f++) counts[f] = 1 + draw.below(BINS - 1);
    const byRow = kernels.bytes(rows * width);
    for (let k = 0; k < byRow.length; k++) byRow[k] = draw.below(counts[k % width]! + 1);
    const pairs = kernels.pairs(2 * rows);
    for (let i = 0; i < pairs.length; i++) pairs[i] = i % 2 ? draw.uniform() : draw.normal();
    const chosen = Uint32Array.from({ length: rows }, (_, i) => i).filter(() => draw.uniform() < 0.7);
    const places = kernels.places(chosen.length);
    let [g, h] = [0, 0];
    for (const i of chosen) [g, h] = [g + pairs[2 * i]!, h + pairs[2 * i + 1]!];
    const sides = [
      sideOf(kernels, draw, width, rows, [g, Math.max(h, 1e-9)]),
      sideOf(kernels, draw, width, rows, [30 * draw.normal(), 50 * width]),
    ];
    const sum = kernels.start(chosen, pairs, places);
    const span = wholeSpan(chosen.length);
    const lanes = span.from.length;
    const grid = { byRow, width, counts, room: kernels.sums(2 * BINS * width * lanes) };
    const isApart = draw.uniform() < 0.5;
    kernels.search(grid, places, span, pairs, isApart, sides.slice(0, 1 + draw.below(2)));
    // What lies beyond a feature's own bins means nothing.
    const kept = sides.map(({ sums, found }) => [
      Array.from({ length: width }, (_, f) =>
        Array.from(sums.subarray(2 * f * BINS, 2 * (f * BINS + counts[f]! + 1))),
      ),
      Array.from(found),
    ]);

    const goesLeft = kernels.bytes(BINS);
    for (let b = 0; b < BINS; b++) goesLeft[b] = draw.below(2);
    const column = kernels.bytes(rows);
    for (let i = 0; i < rows; i++) column[i] = draw.below(BINS);
    const isLeft = draw.uniform() < 0.5;
    const next = { grid, pairs, side: sides[0]!, isLeft, isApart };
    const spare = kernels.places(chosen.length);
    const middle = kernels.partition(column, goesLeft, places, span, spare, draw.below(2) ? next : undefined);
    const half = isLeft ? { from: span.from, to: middle } : { from: middle, to: span.to };
    kernels.search(grid, places, half, pairs, isApart, [sides[0]!]);
    const found = Array.from(sides[0]!.found);
    const score = kernels.sums(2 * rows);
    const offsets = Uint32Array.from(
      Array.from(middle, (place, lane) => [span.from[lane]!, place, span.to[lane]!]).flat(),
    );
    kernels.raise(score, 2, 1, places, offsets, Float64Array.of(draw.normal(), draw.normal()));

    const byColumn = kernels.bytes(rows * width);
    for (let k = 0; k < byColumn.length; k++) byColumn[k] = draw.below(BINS);
    kernels.transpose(byColumn, rows, byRow);
    const values = Float64Array.from({ length: rows }, () =>
      draw.uniform() < 0.3 ? draw.below(3) - 1 : draw.normal() * 10 ** draw.below(5),
    );
    const samples = [rows, draw.below(rows + 1)].map((length) => kernels.sums(length));
    for (const sample of samples) sample.set(values.subarray(0, sample.length));
    const bounds = kernels.bounds(samples, 2 + draw.below(254));
    const upper = bounds[0]!;
    const bins = kernels.bytes(rows);
    const asked = values.map((v) => (draw.uniform() < 0.1 ? Number.NaN : v));
    kernels.binNumbers(seed % 2 ? asked : Float32Array.from(asked), upper, bins);
    return [
      kept,
      sum,
      found,
      Array.from(middle),
      ...[places, score, byRow, ...bounds, bins].map((array) => Array.from<number>(array)),
    ];
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
