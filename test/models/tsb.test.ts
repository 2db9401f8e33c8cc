import { describe, expect, it } from 'vitest';
import { quantile } from '../../src/core/distribution.ts';
import { tsb } from '../../src/models/tsb.ts';
import { contextOf, run, seriesOf } from './one-series.ts';

describe('tsb', () => {
  it("equals the paper's recursion worked by hand", () => {
    // alpha 0.5 for sizes, beta 0.25 for the probability, from the first demand on:
    // y             2 (first gap 2)   0       0        3          1            0
    // probability   0.5               0.375   0.28125  0.4609375  0.595703125  0.44677734375
    // size          2                 2       2        2.5        1.75         1.75
    const state = tsb({ alpha: 0.5, beta: 0.25 }).fit(seriesOf([0, 2, 0, 0, 3, 1, 0]), contextOf(1));
    expect(state.probability).toBeCloseTo(0.44677734375, 14);
    expect(state.size).toBeCloseTo(1.75, 14);
    const { mean } = run(tsb({ alpha: 0.5, beta: 0.25 }), [0, 2, 0, 0, 3, 1, 0], 1, 3);
    for (const value of mean) expect(value).toBeCloseTo(0.7818603515625, 14);
  });

  it('takes beta from alpha where only that is given', () => {
    const y = [0, 2, 0, 0, 3, 1, 0];
    expect(run(tsb({ alpha: 0.3 }), y, 1, 2)).toEqual(run(tsb({ alpha: 0.3, beta: 0.3 }), y, 1, 2));
  });

  it('falls towards zero when a product stops selling, and says so in its quantiles', () => {
    const selling = Array.from({ length: 40 }, (_, t) => (t % 2 === 0 ? 3 : 0));
    const after = (silence: number): number =>
      run(tsb(), [...selling, ...new Array(silence).fill(0)], 1, 1).mean[0]!;
    expect(after(0)).toBeCloseTo(1.5, 0);
    expect(after(6)).toBeLessThan(0.8 * after(0));
    expect(after(20)).toBeLessThan(0.15 * after(0));
    const silent = run(tsb(), [...selling, ...new Array(20).fill(0)], 1, 1);
    expect(quantile(silent, 0.8)[0]).toBe(0);
  });

  it('weighs smoothing weights by their likelihood: steady sales are averaged over all periods', () => {
    const steady = Array.from({ length: 200 }, (_, t) => ((t * 7919) % 100 < 30 ? 1 : 0));
    const { probability } = tsb().fit(seriesOf(steady), contextOf(1));
    expect(probability).toBeGreaterThan(0.25);
    expect(probability).toBeLessThan(0.35);
  });

  it('passes over missing cells as if they were not there', () => {
    const gappy = [Number.NaN, 0, 2, 0, Number.NaN, 0, 3, 1, Number.NaN, 0];
    for (const options of [{}, { alpha: 0.5, beta: 0.25 }]) {
      expect(run(tsb(options), gappy, 1, 1)).toEqual(run(tsb(options), [0, 2, 0, 0, 3, 1, 0], 1, 1));
    }
  });

  it('refuses one demand', () => {
    expect(() => run(tsb(), [0, 4, 0], 1, 1)).toThrow('has one value above 0; tsb needs at least two');
  });
});
