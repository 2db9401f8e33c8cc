import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../src/math/special.ts';
import { theta } from '../../src/models/theta.ts';
import { contextOf, runNormal, seriesOf } from './one-series.ts';
import { thetaGoldens } from './theta-goldens.ts';

describe('theta', () => {
  it.each(thetaGoldens())("equals R's thetaf on $name", (expected) => {
    const { y, season_length, mean, upper80, upper95 } = expected;
    const state = theta().fit(seriesOf(y), contextOf(season_length));
    expect(state.drift).toBeCloseTo(expected.drift, 8);
    expect(Math.abs(state.alpha - expected.alpha)).toBeLessThan(1e-3);
    expect(Math.abs(state.variance / expected.sigma2 - 1)).toBeLessThan(1e-4);
    const ours = runNormal(theta(), y, season_length, mean.length);
    for (let s = 0; s < mean.length; s++) {
      expect(Math.abs(ours.mean[s]! / mean[s]! - 1)).toBeLessThan(1e-4);
      // thetaf gives all months the same width; ours goes with the factor of the month.
      const factor = state.season ? state.season.figure[(y.length + s) % season_length]! : 1;
      for (const [p, upper] of [
        [0.9, upper80],
        [0.975, upper95],
      ] as const) {
        const width = (normalQuantile(p) * ours.sd[s]!) / factor;
        expect(Math.abs(width / (upper[s]! - mean[s]!) - 1)).toBeLessThan(1e-3);
      }
    }
  });

  const wave = Float64Array.from(
    { length: 60 },
    (_, t) => 50 + t / 4 + [9, -4, 0, -5][t % 4]! + ((t * 37) % 5),
  );

  it('bridges missing cells: the forecast hardly moves', () => {
    const gappy = Float64Array.from(wave);
    for (const t of [5, 6, 20, 33, 58]) gappy[t] = Number.NaN;
    const whole = runNormal(theta(), wave, 4, 8).mean;
    const bridged = runNormal(theta(), gappy, 4, 8).mean;
    for (let s = 0; s < 8; s++) expect(Math.abs(bridged[s]! - whole[s]!)).toBeLessThan(2);
  });

  it('starts at the first observed cell', () => {
    const late = Float64Array.from([Number.NaN, Number.NaN, Number.NaN, ...wave]);
    const { mean } = runNormal(theta(), late, 4, 4);
    const plain = runNormal(theta(), wave, 4, 4).mean;
    for (let s = 0; s < 4; s++) expect(mean[s]).toBeCloseTo(plain[s]!, 10);
  });

  it('counts a gap at the end: a line is carried on from where time is', () => {
    const line = Float64Array.from({ length: 30 }, (_, t) => (t >= 27 ? Number.NaN : 10 + 2 * t));
    const { mean } = runNormal(theta(), line, 1, 1);
    // Level at cell 26 is 62; half the slope for the four periods up to cell 30.
    expect(mean[0]).toBeCloseTo(62 + 4, 2);
  });

  it('takes the season it is told to take', () => {
    const swing = (seasonal: 'none' | 'additive' | 'multiplicative'): number => {
      const { mean } = runNormal(theta({ seasonal }), wave, 4, 4);
      return Math.max(...mean) - Math.min(...mean);
    };
    expect(swing('none')).toBeLessThan(2);
    expect(swing('additive')).toBeGreaterThan(11);
    expect(swing('multiplicative')).toBeGreaterThan(11);
    const withZero = Float64Array.from(wave);
    withZero[3] = 0;
    expect(() => runNormal(theta({ seasonal: 'multiplicative' }), withZero, 4, 1)).toThrow(
      'has values of 0 or below',
    );
    expect(theta().fit(seriesOf(withZero), contextOf(4)).season?.kind).toBe('additive');
  });

  it('refuses what it cannot do', () => {
    expect(() => runNormal(theta(), [1, 2, Number.NaN, 3], 1, 1)).toThrow(
      'has 3 observed values; theta needs at least 4',
    );
    expect(() => theta({ seasonal: 'weekly' as 'auto' })).toThrow(
      'theta cannot have the option seasonal "weekly"',
    );
    expect(() => theta({ season: 'auto' } as object)).toThrow(
      'theta has no option "season". Did you mean "seasonal"?',
    );
  });
});
