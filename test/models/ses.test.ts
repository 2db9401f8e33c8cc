import { describe, expect, it } from 'vitest';
import { ses } from '../../src/models/ses.ts';
import { contextOf, runNormal, seriesOf } from './one-series.ts';

const noisy = Array.from({ length: 40 }, (_, t) => 50 + ((t * 7919) % 13) - 6);

describe('ses', () => {
  it('forecasts the last level, with variance σ² (1 + (h − 1) α²)', () => {
    const state = ses().fit(seriesOf(noisy), contextOf(12));
    const { mean, sd } = runNormal(ses(), noisy, 12, 5);
    for (let s = 0; s < 5; s++) {
      expect(mean[s]).toBeCloseTo(state.level, 12);
      expect(sd[s]! ** 2).toBeCloseTo(state.sigma2 * (1 + s * state.alpha ** 2), 8);
    }
  });

  it('finds a jump of level worth following and white noise worth averaging', () => {
    const steps = Array.from({ length: 60 }, (_, t) => 10 * Math.floor(t / 10) + ((t * 31) % 3));
    expect(ses().fit(seriesOf(steps), contextOf(1)).alpha).toBeGreaterThan(0.7);
    expect(ses().fit(seriesOf(noisy), contextOf(1)).alpha).toBeLessThan(0.1);
  });

  it('forecasts a constant series with certainty', () => {
    const { mean, sd } = runNormal(ses(), new Array(10).fill(7), 1, 3);
    for (let s = 0; s < 3; s++) {
      expect(mean[s]).toBeCloseTo(7, 9);
      expect(sd[s]).toBeLessThan(1e-6);
    }
  });

  it('refuses three values', () => {
    expect(() => runNormal(ses(), [1, 2, 3], 1, 1)).toThrow('has 3 observed values; ses needs at least 4');
  });
});
