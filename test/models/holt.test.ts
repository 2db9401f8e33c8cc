import { describe, expect, it } from 'vitest';
import { holt } from '../../src/models/holt.ts';
import { runNormal } from './one-series.ts';

describe('holt', () => {
  it('carries a straight line on exactly, through gaps', () => {
    const line = Array.from({ length: 20 }, (_, t) => (t % 5 === 3 ? Number.NaN : 4 + 3 * t));
    const { mean, sd } = runNormal(holt(), line, 1, 4);
    [64, 67, 70, 73].forEach((value, s) => {
      expect(mean[s]).toBeCloseTo(value, 5);
      expect(sd[s]).toBeLessThan(1e-4);
    });
  });

  it('refuses five values', () => {
    expect(() => runNormal(holt(), [1, 2, 3, 4, 5], 1, 1)).toThrow('holt needs at least 6');
  });
});
