import { describe, expect, it } from 'vitest';
import { quantile } from '../../src/core/distribution.ts';
import { random } from '../../src/core/random.ts';
import { seasonalPool } from '../../src/models/seasonal-pool.ts';
import { contextOf, futureOf, run, seriesOf } from './one-series.ts';

const missing = Number.NaN;

describe('seasonal-pool', () => {
  it('draws changes alone where told to: the latest value moved by what a season brought', () => {
    // Changes over one season of 2: 1, 2, 3, 4, 5, 6; the later half is 4, 5, 6.
    const y = [0, 0, 1, 2, 4, 6, 9, 12];
    const d = run(seasonalPool({ changes: 1 }), y, 2, 2);
    expect([...d.mean]).toEqual([14, 17]);
    expect(quantile(d, 0.5)[0]).toBeCloseTo(14, 12);
    expect(quantile(d, 0.99)[0]).toBe(15);
    expect(quantile(d, 0.01)[1]).toBe(16);
  });

  it('draws history alone where told to, fading by 1 % a period', () => {
    const y = [10, 100, 20, 200, 30, 300, 40, 400];
    const w = [8, 6, 4, 2].map((age) => Math.exp(-0.01 * (age - 1)));
    const expected = (10 * w[0]! + 20 * w[1]! + 30 * w[2]! + 40 * w[3]!) / (w[0]! + w[1]! + w[2]! + w[3]!);
    const d = run(seasonalPool({ changes: 0 }), y, 2, 4);
    expect(d.mean[0]).toBeCloseTo(expected, 12);
    expect(d.mean[2]).toBe(d.mean[0]);
    expect(d.mean[1]! / d.mean[0]!).toBeCloseTo(10, 12);
  });

  it('prefers history where seasons only scatter, changes where they walk', () => {
    const draw = random(8);
    const scatter = Float64Array.from({ length: 200 }, (_, t) => 50 + 10 * (t % 4) + 5 * draw.normal());
    let level = 0;
    const walk = Float64Array.from({ length: 200 }, (_, t) => {
      level += 3 * draw.normal();
      return 500 + level + 10 * (t % 4);
    });
    const share = (y: Float64Array): number => seasonalPool().fit(seriesOf(y), contextOf(4)).changes;
    expect(share(scatter)).toBeLessThan(share(walk));
  });

  it('widens with the seasons ahead on a walk', () => {
    const draw = random(3);
    let level = 100;
    const walk = Float64Array.from({ length: 300 }, () => {
      level += draw.normal();
      return level;
    });
    const d = run(seasonalPool({ changes: 1 }), walk, 1, 16);
    const width = (s: number): number => quantile(d, 0.9)[s]! - quantile(d, 0.1)[s]!;
    expect(width(15) / width(0)).toBeGreaterThan(2.5);
  });

  it('holds what it promises', () => {
    let inside = 0;
    let cells = 0;
    for (let k = 0; k < 80; k++) {
      const draw = random(50 + k);
      const y = Float64Array.from({ length: 84 }, (_, t) => 20 * (1 + (t % 7)) + 8 * draw.normal());
      const d = run(seasonalPool(), y.subarray(0, 70), 7, 14);
      const [low, high] = [quantile(d, 0.1), quantile(d, 0.9)];
      for (let s = 0; s < 14; s++, cells++) if (y[70 + s]! >= low[s]! && y[70 + s]! <= high[s]!) inside++;
    }
    expect(inside / cells).toBeGreaterThan(0.74);
    expect(inside / cells).toBeLessThan(0.92);
  });

  it('passes over missing cells, and knows phases that were never observed by all others', () => {
    const y = Float64Array.from({ length: 42 }, (_, t) => (t % 7 === 6 ? missing : 10 + (t % 7)));
    const d = run(seasonalPool(), y, 7, 7);
    expect(d.mean[0]).toBeCloseTo(10, 9);
    expect(d.mean[6]).toBeGreaterThan(11);
    expect(d.mean[6]).toBeLessThan(14);
  });

  it('draws paths that keep a past season together', () => {
    const draw = random(4);
    // Whole weeks are high or low.
    const y = Float64Array.from({ length: 280 }, (_, t) =>
      Math.sin(Math.floor(t / 7) * 12.9) > 0 ? 100 : 50,
    );
    const series = seriesOf(y);
    const model = seasonalPool({ changes: 0 });
    const paths = model.simulate!(model.fit(series, contextOf(7)), 7, futureOf(series), 200, draw);
    let together = 0;
    for (let k = 0; k < 200; k++) {
      const week = paths.subarray(7 * k, 7 * k + 7);
      if (Math.max(...week) - Math.min(...week) < 25) together++;
    }
    expect(together).toBeGreaterThan(150);
  });

  it('refuses what it cannot serve', () => {
    expect(() => run(seasonalPool(), [1, 2, 3, 4], 4, 1)).toThrow(
      'has no change from one season of 4 to the next; seasonal-pool needs at least two',
    );
    expect(() => run(seasonalPool(), [1, 2, 3, 4, 5], 4, 1)).toThrow('has one change');
    expect(() => seasonalPool({ changes: 2 })).toThrow('seasonal-pool option "changes" is 2');
    expect(() => seasonalPool({ change: 1 } as object)).toThrow('Did you mean "changes"?');
  });
});
