import { describe, expect, it } from 'vitest';
import { quantile } from '../../src/core/distribution.ts';
import { random } from '../../src/core/random.ts';
import { blockLevels } from '../../src/models/shape-level/level.ts';
import { filled, takeShape } from '../../src/models/shape-level/shape.ts';
import { shapeLevel } from '../../src/models/shape-level.ts';
import { contextOf, futureOf, run, seriesOf } from './one-series.ts';

const missing = Number.NaN;

/** A week of sales with a level that wanders, and noise in shares of it. */
function weeks(count: number, seed: number, noise = 0.1): Float64Array {
  const draw = random(seed);
  let level = 100;
  return Float64Array.from({ length: 7 * count }, (_, t) => {
    if (t % 7 === 0) level *= Math.exp(0.05 * draw.normal());
    return level * [0.8, 0.7, 0.9, 1, 1.2, 1.6, 0.8][t % 7]! * (1 + noise * draw.normal());
  });
}

describe('the shape', () => {
  it('is the mean of the last cycles, free of a level that moves', () => {
    const y = Float64Array.from({ length: 40 }, (_, t) => (100 + 5 * t) * [0.5, 1.5, 1, 1][t % 4]!);
    const { kind, figure, kept } = takeShape(y, 4);
    expect(kind).toBe('multiplicative');
    expect(kept).toBeGreaterThan(0.99);
    for (const [i, factor] of [0.5, 1.5, 1, 1].entries()) {
      expect(Math.abs(figure[i]! - factor)).toBeLessThan(0.03);
    }
    // A shape of long ago does not matter.
    const old = Float64Array.from({ length: 280 }, (_, t) => 100 * [1.5, 0.5, 1, 1][t % 4]!);
    const late = Float64Array.from({ length: 240 }, (_, t) => 100 * [0.5, 1.5, 1, 1][t % 4]!);
    expect(takeShape(Float64Array.from([...old, ...late]), 4).figure[1]).toBeCloseTo(1.5, 2);
  });

  it('is shrunk to nothing where it is noise, and added where values are negative', () => {
    const draw = random(3);
    const noise = Float64Array.from({ length: 120 }, () => 50 + 5 * draw.normal());
    expect(takeShape(noise, 12).kept).toBeLessThan(0.5);
    const around0 = Float64Array.from({ length: 60 }, (_, t) => [-3, 3, 1, -1][t % 4]!);
    const { kind, figure } = takeShape(around0, 4);
    expect(kind).toBe('additive');
    expect(figure[1]).toBeCloseTo(3, 1);
  });

  it('leaves levels behind that are the same for every width', () => {
    const y = Float64Array.from({ length: 24 }, (_, t) => 10 * [0.5, 1.5, 1, 1][t % 4]!);
    const shape = { ...takeShape(y, 4), figure: Float64Array.of(0.5, 1.5, 1, 1) };
    for (const width of [1, 2, 4]) {
      for (const level of blockLevels(y, shape, width)) expect(level).toBeCloseTo(10, 10);
    }
  });

  it('closes gaps by cells of the same phase, else by neighbours', () => {
    const y = Float64Array.of(1, 5, 3, missing, 1, 7, missing, missing, missing, 9, 4, missing);
    const closed = filled(y, 4);
    expect([...closed.subarray(4, 11)]).toEqual([1, 7, 3.5, 8, 1, 9, 4]);
    expect(closed.every((v) => !Number.isNaN(v))).toBe(true);
  });
});

describe('shape-level', () => {
  it('carries a week on at its present level', () => {
    const y = weeks(60, 1, 0);
    const { mean } = run(shapeLevel(), y, 7, 14);
    for (let s = 0; s < 14; s++) expect(mean[s]! / y[y.length - 7 + (s % 7)]!).toBeCloseTo(1, 0);
    expect(mean[5]! / mean[1]!).toBeGreaterThan(1.9);
  });

  it('holds what its intervals promise', () => {
    let inside = 0;
    let cells = 0;
    for (let k = 0; k < 60; k++) {
      const y = weeks(40, 100 + k);
      const d = run(shapeLevel(), y.subarray(0, 266), 7, 14);
      const [low, high] = [quantile(d, 0.1), quantile(d, 0.9)];
      for (let s = 0; s < 14; s++, cells++) if (y[266 + s]! >= low[s]! && y[266 + s]! <= high[s]!) inside++;
    }
    expect(inside / cells).toBeGreaterThan(0.72);
    expect(inside / cells).toBeLessThan(0.92);
  });

  it('draws paths whose weeks move together', () => {
    const series = seriesOf(weeks(60, 2));
    const model = shapeLevel();
    const state = model.fit(series, contextOf(7));
    const paths = model.simulate!(state, 28, futureOf(series), 500, random(1));
    const weekOf = (k: number, w: number): number =>
      paths.subarray(28 * k + 7 * w, 28 * k + 7 * w + 7).reduce((a, b) => a + b, 0);
    const first = Float64Array.from({ length: 500 }, (_, k) => weekOf(k, 2));
    const second = Float64Array.from({ length: 500 }, (_, k) => weekOf(k, 3));
    const centre = (v: Float64Array): Float64Array => v.map((x) => x - v.reduce((a, b) => a + b, 0) / 500);
    const [a, b] = [centre(first), centre(second)];
    const dot = (x: Float64Array, y: Float64Array): number => x.reduce((sum, v, i) => sum + v * y[i]!, 0);
    expect(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))).toBeGreaterThan(0.4);
  });

  it('stays within reach of what was seen, and at 0 or above', () => {
    const rising = Float64Array.from({ length: 36 }, (_, t) => Math.exp(t / 4));
    const d = run(shapeLevel(), rising, 12, 60);
    for (const value of quantile(d, 0.995)) expect(value).toBeLessThan(2 * rising[35]!);
    for (const value of quantile(d, 0.005)) expect(value).toBeGreaterThanOrEqual(0);
  });

  it('counts a gap at the end as time: the phases stay in step', () => {
    const y = weeks(30, 4, 0.02);
    const gappy = y.map((v, t) => (t >= 207 ? missing : v));
    const { mean } = run(shapeLevel(), gappy, 7, 7);
    expect(mean.indexOf(Math.max(...mean))).toBe(5);
  });

  it('serves short series without a shape, and refuses what it cannot serve', () => {
    const short = run(shapeLevel(), [5, 6, 5, 7, 6, 5, 6, 7, 6], 12, 6);
    expect(new Set(Array.from(short.mean, (v) => v.toFixed(0))).size).toBe(1);
    expect(() => run(shapeLevel(), [1, 2, 3], 1, 1)).toThrow(
      'has 3 observed values; shape-level needs at least 8',
    );
    expect(() => run(shapeLevel(), [0, 0, 3, 0, 1, 0, 0, 2, 0, 0], 1, 1)).toThrow(
      'has 70 % zeros; shape-level serves up to 30 %, use count-demand or tsb',
    );
    expect(() => shapeLevel({ cycles: 2 } as never)).toThrow('shape-level has no option "cycles"');
  });
});
