import { describe, expect, it } from 'vitest';
import { naive } from '../../src/models/naive.ts';
import { seasonalNaive } from '../../src/models/seasonal-naive.ts';
import { ruleGoldens, runNormal } from './one-series.ts';

const missing = Number.NaN;

describe('seasonal-naive', () => {
  it.each(ruleGoldens())('forecasts $name as R does', ({ y, season_length, seasonal }) => {
    const { mean, sd } = runNormal(seasonalNaive(), y, season_length, seasonal.mean.length);
    seasonal.mean.forEach((value, s) => {
      expect(mean[s]).toBeCloseTo(value, 8);
      expect(sd[s]! / seasonal.sd[s]!).toBeCloseTo(1, 8);
    });
  });

  it('takes the latest value of the same phase where the last season has a gap', () => {
    const { mean, sd } = runNormal(seasonalNaive(), [1, 2, 3, 5, 6, 7, 9, missing, 11], 3, 4);
    expect([...mean]).toEqual([9, 6, 11, 9]);
    // All changes between seasons are 4; phase 1 is a season older, and step 4 is a season further.
    [1, 2, 1, 2].forEach((seasons, s) => {
      expect(sd[s]).toBeCloseTo(4 * Math.sqrt(seasons), 12);
    });
  });

  it('gives a phase that was never observed the mean of the others, with a wider interval', () => {
    const { mean, sd } = runNormal(seasonalNaive(), [10, missing, 30, 12, missing, 32], 3, 3);
    expect([...mean]).toEqual([12, 22, 32]);
    expect(sd[1]).toBeGreaterThan(sd[0]!);
  });

  it('aligns phases when the series does not end with a season', () => {
    const { mean } = runNormal(seasonalNaive(), [1, 2, 3, 4, 1, 2], 4, 6);
    expect([...mean]).toEqual([3, 4, 1, 2, 3, 4]);
  });

  it('is the naive method without a season', () => {
    const y = [3, 1, missing, 4, 1, 5, missing];
    expect(runNormal(seasonalNaive(), y, 1, 3)).toEqual(runNormal(naive(), y, 1, 3));
  });
});
