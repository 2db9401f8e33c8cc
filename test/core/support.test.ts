import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constrainMean, constrainQuantiles, supportOf } from '../../src/core/support.ts';

const values = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 30 });

describe('the support of a target', () => {
  it('keeps at 0 or above what was never negative, and leaves returns alone', () => {
    expect(supportOf(Float64Array.of(0, 3, Number.NaN))).toEqual({ min: 0 });
    expect(supportOf(Float64Array.of(0, -3))).toEqual({});
    expect(supportOf(Float64Array.of(1), { min: -5 })).toEqual({ min: -5 });
  });

  it('rounds so that running totals stay within half a unit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: 1, maxLength: 60 }),
        (raw) => {
          const mean = Float64Array.from(raw);
          constrainMean(mean, { min: 0, whole: true });
          let [total, rounded] = [0, 0];
          for (const [s, value] of mean.entries()) {
            expect(Number.isInteger(value) && value >= 0).toBe(true);
            total += raw[s]!;
            rounded += value;
            expect(Math.abs(total - rounded)).toBeLessThanOrEqual(0.5 + 1e-9);
          }
        },
      ),
    );
  });

  it('holds quantiles inside the support without crossing', () => {
    fc.assert(
      fc.property(values, values, fc.boolean(), (a, b, whole) => {
        const n = Math.min(a.length, b.length);
        const columns = [Float64Array.from(a.slice(0, n)), Float64Array.from(b.slice(0, n))];
        constrainQuantiles(columns, { min: 0, max: 20, whole });
        for (let s = 0; s < n; s++) {
          expect(columns[0]![s]!).toBeGreaterThanOrEqual(0);
          expect(columns[1]![s]!).toBeGreaterThanOrEqual(columns[0]![s]!);
          expect(columns[1]![s]!).toBeLessThanOrEqual(20);
        }
      }),
    );
  });
});
