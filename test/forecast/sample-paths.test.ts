import { describe, expect, it } from 'vitest';
import { readRows } from '../../src/collect/rows.ts';
import { random } from '../../src/core/random.ts';
import { samplePaths } from '../../src/forecast/sample-paths.ts';
import { totalRanges } from '../../src/forecast/total-ranges.ts';
import { quantileSorted, sorted, sum } from '../../src/math/statistics.ts';
import { forecastObservations, type Outcome } from '../../src/pipeline.ts';

const H = 7;

/** Two products around a level; where `wander` is set the level itself walks, so that errors persist. */
async function outcomeOf(wander: number, level = 50): Promise<Outcome> {
  const draw = random(3);
  const rows = ['cup', 'pot', 'tea', 'pan', 'mug', 'jar'].flatMap((sku) => {
    let now = level;
    return Array.from({ length: 200 }, (_, t) => {
      now += wander * draw.normal();
      const units = Math.max(0, now + 3 * draw.normal());
      return { date: new Date(Date.UTC(2026, 0, 1 + t)), sku, units };
    });
  });
  return forecastObservations(await readRows(rows), { h: H, models: ['naive', 'ses', 'mean'] });
}

describe('sample paths', () => {
  it('are distributed at each step as the quantiles say', async () => {
    const { forecast, calibration } = await outcomeOf(0);
    const paths = samplePaths(forecast, calibration, 1, { paths: 4000 });
    for (const p of [0.1, 0.5, 0.9]) {
      const k = forecast.probabilities.indexOf(p);
      for (let s = 0; s < H; s++) {
        const column = sorted(Array.from({ length: 4000 }, (_, path) => paths[path * H + s]!));
        const wide = forecast.quantiles.at(-1)![H + s]! - forecast.quantiles[0]![H + s]!;
        expect(Math.abs(quantileSorted(column, p) - forecast.quantiles[k]![H + s]!)).toBeLessThan(
          0.04 * wide,
        );
      }
    }
  });

  it('hang together from step to step where errors did', async () => {
    const correlation = async (wander: number): Promise<number> => {
      const { forecast, calibration } = await outcomeOf(wander);
      const paths = samplePaths(forecast, calibration, 0, { paths: 3000 });
      const [xs, ys] = [3, 4].map((s) => Array.from({ length: 3000 }, (_, k) => paths[k * H + s]!));
      const mean = (x: number[]): number => x.reduce((a, b) => a + b, 0) / x.length;
      const [mx, my] = [mean(xs!), mean(ys!)];
      const cov = mean(xs!.map((x, k) => (x - mx) * (ys![k]! - my)));
      return cov / Math.sqrt(mean(xs!.map((x) => (x - mx) ** 2)) * mean(ys!.map((y) => (y - my) ** 2)));
    };
    expect(await correlation(6)).toBeGreaterThan((await correlation(0)) + 0.3);
  });

  it('hold to the support, and are the same for the same seed', async () => {
    const { forecast, calibration } = await outcomeOf(1, 4);
    const options = { paths: 500, seed: 9, support: { max: 8, whole: true } };
    const paths = samplePaths(forecast, calibration, 2, options);
    expect(paths.every((v) => Number.isInteger(v) && v >= 0 && v <= 8)).toBe(true);
    expect(samplePaths(forecast, calibration, 2, options)).toEqual(paths);
    expect(samplePaths(forecast, calibration, 2, { ...options, seed: 10 })).not.toEqual(paths);
    expect(() => samplePaths(forecast, calibration, 99)).toThrow('the forecast has no series 99; it has 6.');
    expect(() => samplePaths(forecast, calibration, 0, { paths: 0 })).toThrow('paths is 0');
  });
});

describe('ranges of totals', () => {
  it('hold the sum over the horizon as often as they say, where errors persist', async () => {
    const { forecast, calibration } = await outcomeOf(4);
    const { lo, hi, level } = totalRanges(forecast, calibration, { most: 4, paths: 2000 });
    expect(level).toBe(80);
    expect(lo.filter((v) => Number.isNaN(v)).length).toBe(2);
    const largest = lo.findIndex((v) => !Number.isNaN(v));
    const sums = [forecast.quantiles[0]!, forecast.mean, forecast.quantiles.at(-1)!].map((column) =>
      sum(column.subarray(largest * H, (largest + 1) * H)),
    );
    expect(lo[largest]).toBeGreaterThan(sums[0]!);
    expect(lo[largest]).toBeLessThan(sums[1]!);
    expect(hi[largest]).toBeGreaterThan(sums[1]!);
    expect(hi[largest]).toBeLessThan(sums[2]!);
    // Persisting errors add up: much wider than independent ones would be.
    const calm = await outcomeOf(0);
    const steady = totalRanges(calm.forecast, calm.calibration, { paths: 2000 });
    expect(hi[largest]! - lo[largest]!).toBeGreaterThan(2 * (steady.hi[0]! - steady.lo[0]!));
  });
});
