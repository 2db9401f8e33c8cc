import { describe, expect, it } from 'vitest';
import { stl } from '../../src/features/stl.ts';
import { golden } from '../models/one-series.ts';

interface StlGolden {
  readonly name: string;
  readonly m: number;
  readonly y: readonly number[];
  readonly season: readonly number[];
  readonly trend: readonly number[];
}

describe('stl', () => {
  it.each(golden('stl') as StlGolden[])("equals R's stl on $name", ({ m, y, season, trend }) => {
    const ours = stl(Float64Array.from(y), m);
    const size = Math.max(...y.map(Math.abs));
    for (let t = 0; t < y.length; t++) {
      expect(Math.abs(ours.season[t]! - season[t]!)).toBeLessThan(1e-9 * size);
      expect(Math.abs(ours.trend[t]! - trend[t]!)).toBeLessThan(1e-9 * size);
      expect(ours.season[t]! + ours.trend[t]! + ours.remainder[t]!).toBeCloseTo(y[t]!, 9);
    }
  });
});
