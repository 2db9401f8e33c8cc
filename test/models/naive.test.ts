import { describe, expect, it } from 'vitest';
import { naive } from '../../src/models/naive.ts';
import { ruleGoldens, runNormal } from './one-series.ts';

describe('naive', () => {
  it.each(ruleGoldens())('forecasts $name as R does', ({ y, season_length, naive: expected }) => {
    const { mean, sd } = runNormal(naive(), y, season_length, expected.mean.length);
    expected.mean.forEach((value, s) => {
      expect(mean[s]).toBeCloseTo(value, 8);
      expect(sd[s]! / expected.sd[s]!).toBeCloseTo(1, 8);
    });
  });

  it('counts the horizon from the last observed value', () => {
    const { mean, sd } = runNormal(naive(), [1, 3, 5, 7, Number.NaN, Number.NaN], 1, 2);
    expect([...mean]).toEqual([7, 7]);
    expect(sd[0]).toBeCloseTo(2 * Math.sqrt(3), 12);
    expect(sd[1]).toBeCloseTo(2 * Math.sqrt(4), 12);
  });

  it('spreads a change over the gap it spans', () => {
    // Changes 2 over one period and 6 over four: σ² = (4/1 + 36/4) / 2.
    const { sd } = runNormal(naive(), [0, 2, Number.NaN, Number.NaN, Number.NaN, 8], 1, 1);
    expect(sd[0]).toBeCloseTo(Math.sqrt(6.5), 12);
  });

  it('takes one value alone to be as uncertain as it is large', () => {
    const { mean, sd } = runNormal(naive(), [5], 1, 1);
    expect([mean[0], sd[0]]).toEqual([5, 5]);
  });

  it('refuses an option it does not have', () => {
    expect(() => naive({ window: 3 } as never)).toThrow('naive has no option "window"');
  });
});
