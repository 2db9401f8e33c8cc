import { describe, expect, it } from 'vitest';
import { random } from '../../src/core/random.ts';
import { strength } from '../../src/features/strength.ts';

/** Accidental deaths in the USA, monthly 1973–1978 (R's `USAccDeaths`). */
const DEATHS = Float64Array.from([
  9007, 8106, 8928, 9137, 10017, 10826, 11317, 10744, 9713, 9938, 9161, 8927, 7750, 6981, 8038, 8422, 8714,
  9512, 10120, 9823, 8743, 9129, 8710, 8680, 8162, 7306, 8124, 7870, 9387, 9556, 10093, 9620, 8285, 8466,
  8160, 8034, 7717, 7461, 7767, 7925, 8623, 8945, 10078, 9179, 8037, 8488, 7874, 8647, 7792, 6957, 7726, 8106,
  8890, 9299, 10625, 9302, 8314, 8850, 8265, 8796, 7836, 6892, 7791, 8192, 9115, 9434, 10484, 9827, 9110,
  9070, 8633, 9240,
]);

describe('strength of season and trend', () => {
  it('equals that of R’s decompose() with adjusted variances', () => {
    const { season, trend } = strength(DEATHS, 12)!;
    expect(season).toBeCloseTo(0.9215995125, 8);
    expect(trend).toBeCloseTo(0.6050876197, 8);
  });

  it('is about 0 for noise, however few the seasons', () => {
    const noise = random(11);
    let total = 0;
    for (let k = 0; k < 200; k++) {
      total += strength(
        Float64Array.from({ length: 140 }, () => noise.normal()),
        52,
      )!.season;
    }
    // Clamped at 0, noise around 0 averages a little above it; unadjusted it would be 0.6.
    expect(total / 200).toBeLessThan(0.15);
  });

  it('is 1 for a pure season, also with missing cells', () => {
    const y = Float64Array.from({ length: 56 }, (_, t) => [1, 2, 9, 4, 5, 3, 2][t % 7]!);
    expect(strength(y, 7)!.season).toBeCloseTo(1, 12);
    y[20] = Number.NaN;
    y[37] = Number.NaN;
    expect(strength(y, 7)!.season).toBeGreaterThan(0.999);
  });

  it('is undefined where it cannot be known', () => {
    expect(strength(new Float64Array(30), 12)).toBeUndefined();
    expect(strength(DEATHS.subarray(0, 29), 12)).toBeUndefined();
    expect(strength(new Float64Array(0), 1)).toBeUndefined();
  });
});
