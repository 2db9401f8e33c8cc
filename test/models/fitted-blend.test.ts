import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blendedSpread } from '../../src/models/fitted-blend.ts';

describe('the spread of a blend', () => {
  it('is the geometric mean of those of its members', () => {
    expect(blendedSpread([0.5, 0.5], [1, 4])).toBeCloseTo(2, 12);
    expect(blendedSpread([0.25, 0.75, 0], [16, 1, 1000])).toBeCloseTo(2, 12);
  });

  it('lies between those of its members, and grows as they do', () => {
    const members = fc.array(
      fc.record({
        weight: fc.double({ min: 0.05, max: 1, noNaN: true }),
        sd: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(members, (own) => {
        const total = own.reduce((sum, { weight }) => sum + weight, 0);
        const weights = own.map(({ weight }) => weight / total);
        const spreads = own.map(({ sd }) => sd);
        const spread = blendedSpread(weights, spreads);
        expect(spread).toBeGreaterThanOrEqual(Math.min(...spreads) * (1 - 1e-9));
        expect(spread).toBeLessThanOrEqual(Math.max(...spreads) * (1 + 1e-9));
        const twice = blendedSpread(
          weights,
          spreads.map((sd) => 2 * sd),
        );
        expect(twice / spread).toBeCloseTo(2, 9);
      }),
    );
  });

  it('does not fall to nothing because one member is certain', () => {
    expect(blendedSpread([0.5, 0.5], [0, 1])).toBeCloseTo(Math.sqrt(0.05 * 1), 12);
    expect(blendedSpread([0.5, 0.5], [0, 0])).toBe(0);
  });

  it('is unknown where a member has none', () => {
    expect(blendedSpread([0.5, 0.5], [1, Number.NaN])).toBeNaN();
    expect(blendedSpread([1, 0], [1, Number.NaN])).toBe(1);
  });
});
