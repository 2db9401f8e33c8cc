import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, variance } from '../../src/math/statistics.ts';
import { restore, type StandardiseMethod, standardise } from '../../src/prepare/standardise.ts';

const METHODS: readonly StandardiseMethod[] = ['z-score', 'robust', 'log1p'];

describe('standardisation', () => {
  it('has mean 0 and variance 1, missing values left out', () => {
    const { values, parameters } = standardise(Float64Array.from([3, Number.NaN, 5, 10, 2]));
    expect(mean(values)).toBeCloseTo(0, 12);
    expect(variance(values)).toBeCloseTo(1, 12);
    expect(Number.isNaN(values[1]!)).toBe(true);
    expect(parameters).toEqual({ method: 'z-score', centre: 5, scale: Math.sqrt(38 / 3) });
  });

  it('by median and quartiles is not moved by an outlier', () => {
    const y = Float64Array.from({ length: 41 }, (_, t) => t % 9);
    const before = standardise(y, { method: 'robust' }).parameters;
    y[8] = 1e6;
    expect(standardise(y, { method: 'robust' }).parameters).toEqual(before);
  });

  it('is undone exactly, by data that survives JSON', () => {
    const value = fc.oneof(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.constant(0));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 30 }), fc.constantFrom(...METHODS), (list, method) => {
        const y = Float64Array.from(list);
        const { values, parameters } = standardise(y, { method });
        const back = restore(values, JSON.parse(JSON.stringify(parameters)));
        const size = Math.max(1e-300, ...list.map(Math.abs));
        for (const [t, v] of back.entries()) expect(Math.abs(v - y[t]!)).toBeLessThanOrEqual(1e-12 * size);
      }),
    );
  });

  it('leaves constant and empty series finite', () => {
    for (const method of METHODS) {
      expect(standardise(new Float64Array(3).fill(7), { method }).values.every(Number.isFinite)).toBe(true);
      expect(standardise(new Float64Array(0), { method }).parameters.scale).toBe(1);
    }
  });
});
