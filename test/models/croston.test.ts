import { describe, expect, it } from 'vitest';
import { quantile } from '../../src/core/distribution.ts';
import { random } from '../../src/core/random.ts';
import { croston } from '../../src/models/croston.ts';
import { sba } from '../../src/models/sba.ts';
import { contextOf, golden, run, seriesOf } from './one-series.ts';

interface CrostonGolden {
  readonly name: string;
  readonly y: readonly number[];
  readonly fits: readonly { readonly alpha: number; readonly mean: number }[];
}
const goldens = golden('croston') as CrostonGolden[];

/** Demands of 1 + Poisson(2) in a share of the periods. */
function sporadic(share: number, length: number, seed: number): Float64Array {
  const { uniform, poisson } = random(seed);
  return Float64Array.from({ length }, () => (uniform() < share ? 1 + poisson(2) : 0));
}

describe('croston', () => {
  it.each(goldens)("with a given alpha equals R's croston on $name", ({ y, fits }) => {
    for (const { alpha, mean } of fits) {
      expect(Math.abs(run(croston({ alpha }), y, 1, 1).mean[0]! / mean - 1)).toBeLessThan(1e-9);
    }
  });

  it('forecasts the rate of a steady process, flat', () => {
    const { mean } = run(croston(), sporadic(0.25, 600, 2), 1, 4);
    expect(mean[0]).toBeGreaterThan(0.6);
    expect(mean[0]).toBeLessThan(0.95);
    expect(new Set(mean).size).toBe(1);
  });

  it('is biased upwards, and sba is not: over 300 products with three sales a period in four', () => {
    const { model, corrected } = (() => {
      let model = 0;
      let corrected = 0;
      for (let k = 0; k < 300; k++) {
        const y = sporadic(0.25, 80, 100 + k);
        model += run(croston({ alpha: 0.3 }), y, 1, 1).mean[0]! / 300;
        corrected += run(sba({ alpha: 0.3 }), y, 1, 1).mean[0]! / 300;
      }
      return { model, corrected };
    })();
    expect(model / 0.75).toBeGreaterThan(1.08);
    expect(Math.abs(corrected / 0.75 - 1)).toBeLessThan(0.06);
  });

  it('smooths sizes and gaps by their own weights', () => {
    // Sizes 2, 4; gaps 1, 3: size 2 + 0.5 · 2, gap 1 + 0.25 · 2.
    const { mean } = run(croston({ alpha: 0.5, beta: 0.25 }), [2, 0, 0, 4, 0], 1, 1);
    expect(mean[0]).toBeCloseTo(3 / 1.5, 12);
    const { mean: less } = run(sba({ alpha: 0.5, beta: 0.25 }), [2, 0, 0, 4, 0], 1, 1);
    expect(less[0]).toBeCloseTo((3 / 1.5) * (1 - 0.125), 12);
  });

  it('follows a rate that rose', () => {
    const rising = Float64Array.from([...sporadic(0.1, 80, 5), ...sporadic(0.7, 40, 6)]);
    const overall = rising.reduce((sum, value) => sum + value, 0) / rising.length;
    expect(run(croston(), rising, 1, 1).mean[0]).toBeGreaterThan(1.3 * overall);
  });

  it('passes over missing cells as if they were not there', () => {
    const y = [0, 3, 0, 0, 1, 0, 2, 0];
    const gappy = [0, Number.NaN, 3, 0, 0, Number.NaN, Number.NaN, 1, 0, 2, Number.NaN, 0];
    for (const model of [croston(), sba({ alpha: 0.2 })]) {
      expect(run(model, gappy, 1, 1)).toEqual(run(model, y, 1, 1));
    }
  });

  it('gives quantiles that are zeros and counts, and hold', () => {
    let inside = 0;
    for (let k = 0; k < 200; k++) {
      const y = sporadic(0.3, 61, 1000 + k);
      const d = run(croston(), y.subarray(0, 60), 1, 1);
      expect(quantile(d, 0.25)[0]).toBe(0);
      const [upper] = quantile(d, 0.9);
      expect(Number.isInteger(upper)).toBe(true);
      if (y[60]! <= upper!) inside++;
    }
    expect(inside / 200).toBeGreaterThan(0.86);
  });

  it('serves a product that sells in every period', () => {
    const { mean } = run(croston(), [5, 4, 6, 5, 5, 4, 6, 5], 1, 1);
    expect(mean[0]).toBeCloseTo(5, 0);
  });

  it('refuses one demand, none, and values below 0', () => {
    const fit = (y: number[]) => () => croston().fit(seriesOf(y), contextOf(1));
    expect(fit([0, 0, 3, 0])).toThrow('has one value above 0; croston needs at least two');
    expect(fit([0, 0, Number.NaN])).toThrow('has no value above 0; croston needs at least two');
    expect(fit([])).toThrow('has no value above 0; croston needs at least two');
    expect(fit([1, -2, 3])).toThrow('has the negative value -2; croston needs values of 0 or above');
    expect(() => sba().fit(seriesOf([1]), contextOf(1))).toThrow('sba needs at least two');
    expect(() => croston({ alpha: 1.5 })).toThrow('croston cannot have the option alpha 1.5');
    expect(() => sba({ gamma: 1 } as object)).toThrow('sba has no option "gamma"');
  });
});
