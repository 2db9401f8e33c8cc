import { describe, expect, it } from 'vitest';
import { spread } from '../../src/core/distribution.ts';
import { variance } from '../../src/math/statistics.ts';
import { levelAndSeason } from '../../src/models/parts.ts';
import { createModel } from '../../src/models/registry.ts';
import { simulate } from '../../src/models/simulation.ts';
import { contextOf, futureOf, seriesOf } from './one-series.ts';

const missing = Number.NaN;
const wave = Float64Array.from({ length: 40 }, (_, t) => 50 + [9, -4, 0, -5][t % 4]! + ((t * 37) % 11));

function partsOf(name: string, y: ArrayLike<number>, m: number, h: number) {
  const model = createModel(name);
  const series = seriesOf(y);
  return model.components(model.fit(series, contextOf(m)), series, h, futureOf(series));
}

describe('simple models taken apart', () => {
  it('a level and a season of phases: the level is a mean over each season, counted from the forecast', () => {
    const { level, seasonal } = levelAndSeason(Float64Array.of(9, 1, 3, 5, missing, 2, 6), 5, 2);
    expect([...level]).toEqual([9, 2, 2, 5, 5, 4, 4]);
    expect([...seasonal.subarray(0, 4)]).toEqual([0, -1, 1, 0]);
    expect(seasonal[4]).toBeNaN();
  });

  it('the naive fits what was there before, the drift adds its slope', () => {
    expect([...partsOf('naive', [1, missing, 4, 2], 1, 2).level]).toEqual([missing, 1, 1, 4, 2, 2]);
    const { level, trend } = partsOf('drift', [1, missing, 5, 7], 1, 2);
    expect([...level]).toEqual([missing, 1, 1, 5, 7, 7]);
    expect([...trend.subarray(1)]).toEqual([2, 4, 2, 2, 4]);
  });

  it('the mean and the window average fit from the cells before', () => {
    expect([...partsOf('mean', [1, 3, missing, 8], 1, 1).level]).toEqual([missing, 1, 2, 2, 4]);
    const { level } = partsOf('window-average', [1, 2, 3, 4, 5, 6], 1, 1);
    expect(level[5]).toBe(3.5);
    expect(level[6]).toBe(4.5);
  });

  it('the seasonal naive repeats: level 0 of it is its season', () => {
    const { level, seasonal } = partsOf('seasonal-naive', wave, 4, 4);
    const sum = seasonal.subarray(40).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(0, 9);
    expect(level[40]! + seasonal[40]!).toBe(wave[36]);
  });
});

describe('simple models drawn', () => {
  const h = 8;
  const paths = 20_000;

  function drawn(name: string) {
    const model = createModel(name);
    const series = seriesOf(wave);
    const state = model.fit(series, contextOf(4));
    const values = simulate(model, state, h, futureOf(series), { paths });
    const column = (s: number): Float64Array =>
      Float64Array.from({ length: paths }, (_, k) => values[k * h + s]!);
    return { column, sd: spread(model.forecast(state, h, futureOf(series))), state };
  }

  it.each(['naive', 'seasonal-naive', 'drift', 'mean', 'window-average'])(
    '%s has the variances of its forecast at every step',
    (name) => {
      const { column, sd } = drawn(name);
      for (let s = 0; s < h; s++) expect(variance(column(s)) / sd[s]! ** 2).toBeCloseTo(1, 1);
    },
  );

  it('a naive path is a walk: what it is off by stays', () => {
    const { column, sd } = drawn('naive');
    const before = column(4);
    const steps = column(5).map((value, k) => value - before[k]!);
    expect(Math.sqrt(variance(steps)) / sd[0]!).toBeCloseTo(1, 1);
  });

  it('a seasonal naive path walks by phase', () => {
    const { column } = drawn('seasonal-naive');
    const before = column(1);
    const steps = column(5).map((value, k) => value - before[k]!);
    // One more season: less than the two that value and value a season later have together.
    expect(variance(steps) / variance(column(5))).toBeCloseTo(0.5, 1);
  });

  it('a mean path is off by the same all along, by 1/T of the variance', () => {
    const { column } = drawn('mean');
    const later = column(7);
    const sum = column(0).map((value, k) => value + later[k]!);
    const shared = (variance(sum) - variance(column(0)) - variance(column(7))) / 2;
    expect(shared / variance(column(0))).toBeGreaterThan(0.01);
    expect(shared / variance(column(0))).toBeLessThan(0.045);
  });
});
