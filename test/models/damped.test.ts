import { describe, expect, it } from 'vitest';
import { damped } from '../../src/models/damped.ts';
import { contextOf, runNormal, seriesOf } from './one-series.ts';

const rising = Array.from({ length: 40 }, (_, t) => 100 + 5 * t + ((t * 7919) % 11));

describe('damped', () => {
  it('fades: each step ahead rises by phi times the rise before', () => {
    const { phi } = damped().fit(seriesOf(rising), contextOf(1));
    expect(phi).toBeGreaterThanOrEqual(0.8);
    expect(phi).toBeLessThanOrEqual(0.98);
    const { mean } = runNormal(damped(), rising, 1, 6);
    for (let s = 2; s < 6; s++) {
      expect((mean[s]! - mean[s - 1]!) / (mean[s - 1]! - mean[s - 2]!)).toBeCloseTo(phi, 8);
    }
  });

  it('refuses six values', () => {
    expect(() => runNormal(damped(), [1, 2, 3, 4, 5, 6], 1, 1)).toThrow('damped needs at least 7');
  });
});
