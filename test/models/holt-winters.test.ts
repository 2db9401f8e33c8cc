import { describe, expect, it } from 'vitest';
import { ModelRefusal } from '../../src/core/errors.ts';
import { random } from '../../src/core/random.ts';
import { holtWinters, holtWintersMultiplicative } from '../../src/models/holt-winters.ts';
import { contextOf, runNormal, seriesOf } from './one-series.ts';

const shape = [0.6, 0.8, 1.1, 1.5];
const growing = Array.from({ length: 32 }, (_, t) => (40 + 2 * t) * shape[t % 4]!);

describe('holt-winters', () => {
  it('carries an exact additive season and trend on, through gaps', () => {
    const y = Array.from({ length: 30 }, (_, t) =>
      t % 7 === 2 ? Number.NaN : 100 + 2 * t + [-9, 4, 5][t % 3]!,
    );
    const { mean } = runNormal(holtWinters(), y, 3, 4);
    [100 + 60 - 9, 100 + 62 + 4, 100 + 64 + 5, 100 + 66 - 9].forEach((value, s) => {
      expect(mean[s]).toBeCloseTo(value, 4);
    });
  });

  it('carries an exact multiplicative season and trend on', () => {
    const { mean } = runNormal(holtWintersMultiplicative(), growing, 4, 5);
    for (let s = 0; s < 5; s++) expect(mean[s]! / ((40 + 2 * (32 + s)) * shape[s % 4]!)).toBeCloseTo(1, 4);
  });

  it('is the same model by either name', () => {
    const noisy = growing.map((v, t) => v + ((t * 7919) % 5));
    const option = holtWinters({ seasonal: 'multiplicative', damped: true });
    expect(runNormal(option, noisy, 4, 8)).toEqual(
      runNormal(holtWintersMultiplicative({ damped: true }), noisy, 4, 8),
    );
  });

  it('takes the season of 52 weeks from the decomposition and still follows it', () => {
    const draw = random(3);
    const wave = (t: number): number => 200 + 60 * Math.sin((2 * Math.PI * t) / 52) + 0.3 * t;
    const y = Float64Array.from({ length: 160 }, (_, t) => wave(t) + 4 * draw.normal());
    const { mean, sd } = runNormal(holtWinters(), y, 52, 52);
    let error = 0;
    for (let s = 0; s < 52; s++) error += Math.abs(mean[s]! - wave(160 + s)) / 52;
    expect(error).toBeLessThan(4);
    expect(sd[0]).toBeGreaterThan(2.5);
    expect(sd[0]).toBeLessThan(8);
  });

  it('holds the interval of a wild multiplicative series', () => {
    const draw = random(5);
    const y = Float64Array.from({ length: 24 }, () => Math.exp(3 * draw.normal()));
    const { mean, sd } = runNormal(holtWintersMultiplicative(), y, 4, 60);
    const largest = Math.max(...y);
    for (let s = 0; s < 60; s++) {
      expect(Number.isFinite(mean[s]!)).toBe(true);
      expect(sd[s]).toBeLessThanOrEqual(Math.max(largest, Math.abs(mean[s]!)) * 2 + 1e-9);
    }
  });

  it('refuses in words', () => {
    const fit =
      (y: number[], m: number, model = holtWinters()) =>
      () =>
        model.fit(seriesOf(y), contextOf(m));
    expect(fit([1, 2, 3, 4, 5, 6, 7, 8, 9], 12)).toThrow(
      new ModelRefusal('has 9 observed values; holt-winters needs at least 2 seasons of 12'),
    );
    expect(fit(growing, 1)).toThrow(
      'has no season (season_length is 1); holt-winters needs a season of 2 or more',
    );
    expect(fit([...growing, 0], 4, holtWintersMultiplicative())).toThrow(
      'has the value 0; holt-winters-multiplicative needs values above 0',
    );
    expect(() => holtWinters({ seasonal: 'both' as never })).toThrow('use "additive" or "multiplicative"');
    expect(() => holtWintersMultiplicative({ seasonal: 'additive' } as never)).toThrow(
      'has no option "seasonal"',
    );
  });
});
