import { describe, expect, it } from 'vitest';
import { mean } from '../../src/models/mean.ts';
import { ruleGoldens, runNormal } from './one-series.ts';

describe('mean', () => {
  it.each(ruleGoldens())('forecasts $name as R does', ({ y, season_length, average, averageSd }) => {
    const forecast = runNormal(mean(), y, season_length, 3);
    for (let s = 0; s < 3; s++) {
      expect(forecast.mean[s]! / average).toBeCloseTo(1, 10);
      expect(forecast.sd[s]! / averageSd).toBeCloseTo(1, 10);
    }
  });

  it('passes over missing cells', () => {
    const forecast = runNormal(mean(), [1, Number.NaN, 3], 1, 1);
    expect(forecast.mean[0]).toBe(2);
    expect(forecast.sd[0]).toBeCloseTo(Math.sqrt(2 * 1.5), 12);
  });

  it('refuses a series with nothing observed', () => {
    expect(() => runNormal(mean(), [Number.NaN], 1, 1)).toThrow(
      'has 0 observed values; mean needs at least 1',
    );
  });
});
