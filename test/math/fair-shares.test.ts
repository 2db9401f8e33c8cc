import { describe, expect, it } from 'vitest';
import { fairShares, fairSharesAtOnce } from '../../src/math/fair-shares.ts';

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

  it('gives the same where all outcomes are found at once', async () => {
    const outcome = (acting: readonly boolean[]): Float64Array =>
      Float64Array.of(acting.reduce((sum, acts, k) => (acts ? 2 * sum + k : sum), 1));
    for (const count of [0, 1, 3, 6]) {
      let calls = 0;
      const found = await fairSharesAtOnce(count, async (sets) => {
        calls++;
        return sets.map(outcome);
      });
      expect(found).toEqual(fairShares(count, outcome));
      expect(calls).toBe(1);
    }
  });
});
