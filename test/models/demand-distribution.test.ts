import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random } from '../../src/core/random.ts';
import {
  DEMAND_PROBABILITIES,
  demandQuantiles,
  demandSizes,
  drawDemand,
  salesUnit,
} from '../../src/models/demand-distribution.ts';

const at = (values: Float64Array, p: number): number =>
  values[DEMAND_PROBABILITIES.findIndex((each) => Math.abs(each - p) < 1e-12)]!;
const equal = (count: number): Float64Array => new Float64Array(count).fill(1 / count);

describe('salesUnit', () => {
  it.each([
    [[1, 4, 3], 1],
    [[6, 18, 12], 6],
    [[0.15, 0.1, 0.35], 0.05],
    [[250, 1000], 250],
    [[7], 7],
    [[1e9, 3e9 + 0.3], 1e9],
  ])('of %j is %d', (sizes, unit) => {
    expect(salesUnit(Float64Array.from(sizes)) / unit).toBeCloseTo(1, 6);
  });

  it('of sizes without one is small', () => {
    expect(salesUnit(Float64Array.from([Math.PI, Math.E, Math.SQRT2]))).toBeLessThan(1e-3);
  });
});

describe('demandQuantiles', () => {
  it('is nothing up to the probability of no demand, and whole units above it', () => {
    const values = demandQuantiles(demandSizes(Float64Array.from([6, 12, 6, 30, 6]), equal(5)), 0.3);
    for (const [k, p] of DEMAND_PROBABILITIES.entries()) {
      if (p <= 0.7 - 1e-9) expect(values[k]).toBe(0);
      if (p > 0.7 + 1e-9) {
        expect(values[k]).toBeGreaterThanOrEqual(6);
        expect(values[k]! % 6).toBe(0);
      }
    }
  });

  it('does not promise that nothing larger ever comes', () => {
    const values = demandQuantiles(demandSizes(Float64Array.from([1, 1, 1]), equal(3)), 0.5);
    expect(at(values, 0.75)).toBe(1);
    expect(at(values, 0.995)).toBeGreaterThan(1);
  });

  it('has the quantiles of the geometric sizes it has seen many of', () => {
    const { uniform } = random(5);
    // 1 + geometric with success 1/4: mean 4; P(size > k) = 0.75^k.
    const sizes = Float64Array.from(
      { length: 4000 },
      () => 1 + Math.floor(Math.log(1 - uniform()) / Math.log(0.75)),
    );
    const values = demandQuantiles(demandSizes(sizes, equal(4000)), 1);
    for (const p of [0.25, 0.5, 0.75, 0.95, 0.99]) {
      const truth = Math.ceil(Math.log(1 - p) / Math.log(0.75) - 1e-9);
      expect(Math.abs(at(values, p) - truth)).toBeLessThanOrEqual(1);
    }
  });

  it('ascends, starts at 0 or above and goes with the unit of the series', () => {
    const size = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.double({ min: 0.01, max: 1e5, noNaN: true }));
    fc.assert(
      fc.property(
        fc.array(size, { minLength: 2, maxLength: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(0.01, 3, 1000),
        (raw, probability, unit) => {
          const sizes = Float64Array.from(raw);
          const values = demandQuantiles(demandSizes(sizes, equal(sizes.length)), probability);
          for (const [k, value] of values.entries()) {
            expect(value).toBeGreaterThanOrEqual(values[k - 1] ?? 0);
            expect(value).toBeLessThan(Number.MAX_VALUE);
          }
          const scaled = demandQuantiles(
            demandSizes(
              sizes.map((v) => v * unit),
              equal(sizes.length),
            ),
            probability,
          );
          // Rounding may move a quantile of sizes without a common unit by a cell or two.
          const most = values[values.length - 1]!;
          for (const [k, value] of values.entries()) {
            expect(Math.abs(scaled[k]! / unit - value)).toBeLessThanOrEqual(2e-3 * most);
          }
        },
      ),
    );
  });

  it('is what draws follow', () => {
    const sizes = demandSizes(Float64Array.from([2, 4, 2, 10, 6]), equal(5));
    const draw = random(3);
    const drawn = Float64Array.from({ length: 20000 }, () => drawDemand(sizes, 0.4, draw)).sort();
    const values = demandQuantiles(sizes, 0.4);
    for (const p of [0.5, 0.65, 0.75, 0.9, 0.975]) {
      expect(Math.abs(drawn[Math.floor(20000 * p)]! - at(values, p))).toBeLessThanOrEqual(2);
    }
  });
});
