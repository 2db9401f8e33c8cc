import { describe, expect, it } from 'vitest';
import { random } from '../../src/core/random.ts';
import { mean, variance } from '../../src/math/statistics.ts';

const draws = (n: number, draw: () => number): number[] => Array.from({ length: n }, draw);

describe('random streams', () => {
  it('repeats for the same seed and key and differs for others', () => {
    const first = draws(5, random(7, 'a').uniform);
    expect(draws(5, random(7, 'a').uniform)).toEqual(first);
    expect(draws(5, random(7, 'b').uniform)).not.toEqual(first);
    expect(draws(5, random(8, 'a').uniform)).not.toEqual(first);
  });

  it.each([
    ['normal', () => random(1).normal, 0, 1],
    [
      'gamma',
      () => {
        const r = random(2);
        return () => r.gamma(2.5);
      },
      2.5,
      2.5,
    ],
    [
      'small gamma',
      () => {
        const r = random(2);
        return () => r.gamma(0.4);
      },
      0.4,
      0.4,
    ],
    [
      'poisson',
      () => {
        const r = random(3);
        return () => r.poisson(4);
      },
      4,
      4,
    ],
    [
      'large poisson',
      () => {
        const r = random(4);
        return () => r.poisson(400);
      },
      400,
      400,
    ],
    [
      'negative binomial',
      () => {
        const r = random(5);
        return () => r.negativeBinomial(3, 2);
      },
      3,
      7.5,
    ],
  ])('draws %s with the right mean and variance', (_, make, centre, spread) => {
    const x = draws(40_000, make());
    expect(Math.abs(mean(x) - centre)).toBeLessThan(5 * Math.sqrt(spread / 40_000));
    expect(variance(x) / spread).toBeGreaterThan(0.95);
    expect(variance(x) / spread).toBeLessThan(1.05);
  });
});
