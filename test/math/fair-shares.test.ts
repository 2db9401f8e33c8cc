import { describe, expect, it } from 'vitest';
import { fairShares } from '../../src/math/fair-shares.ts';

describe('fairShares', () => {
  it('gives each cause what it adds, and halves what two add together', () => {
    const outcome = ([a, b, c]: readonly boolean[]): Float64Array =>
      Float64Array.of(10 + (a ? 4 : 0) + (a && b ? 6 : 0), c ? 1 : 0);
    const [a, b, c] = fairShares(3, outcome);
    expect([...a!]).toEqual([expect.closeTo(7, 12), 0]);
    expect([...b!]).toEqual([expect.closeTo(3, 12), 0]);
    expect([...c!]).toEqual([0, expect.closeTo(1, 12)]);
  });

  it('adds up for many causes, whose outcomes are asked for few times', () => {
    let asked = 0;
    const outcome = (acting: readonly boolean[]): Float64Array => {
      asked++;
      return Float64Array.of(acting.filter(Boolean).length ** 2);
    };
    const shares = fairShares(9, outcome);
    expect(shares.reduce((sum, [own]) => sum + own!, 0)).toBeCloseTo(81, 9);
    expect(asked).toBeLessThanOrEqual(18);
    expect(fairShares(0, outcome)).toEqual([]);
  });
});
