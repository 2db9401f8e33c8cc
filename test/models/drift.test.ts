import { describe, expect, it } from 'vitest';
import { drift } from '../../src/models/drift.ts';
import { ruleGoldens, runNormal } from './one-series.ts';

const missing = Number.NaN;

describe('drift', () => {
  it.each(ruleGoldens())('forecasts $name as R does', ({ y, season_length, drift: expected }) => {
    const { mean, sd } = runNormal(drift(), y, season_length, expected.mean.length);
    expected.mean.forEach((value, s) => {
      expect(mean[s]! / value).toBeCloseTo(1, 8);
      expect(sd[s]! / expected.sd[s]!).toBeCloseTo(1, 8);
    });
  });

  it('draws its line through gaps and on from the last observed value', () => {
    const { mean, sd } = runNormal(drift(), [missing, 2, missing, 6, 8, missing], 1, 2);
    expect([...mean]).toEqual([12, 14]);
    expect([...sd]).toEqual([0, 0]);
  });

  it('refuses one value', () => {
    expect(() => runNormal(drift(), [1], 1, 1)).toThrow('has 1 observed value; drift needs at least 2');
  });
});
