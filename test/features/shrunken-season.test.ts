import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random } from '../../src/core/random.ts';
import { shrunkenSeason } from '../../src/features/shrunken-season.ts';

/** Level 100 with noise of the given spread around a season. */
function noisy(season: readonly number[], spread: number, length: number, seed: number): Float64Array {
  const { normal } = random(seed);
  return Float64Array.from({ length }, (_, t) => 100 + season[t % season.length]! + spread * normal());
}

const QUARTERS = [8, -3, 2, -7];
const size = (figure: Float64Array, neutral: number): number =>
  Math.sqrt(figure.reduce((sum, value) => sum + (value - neutral) ** 2, 0) / figure.length);

describe('shrunkenSeason', () => {
  it('keeps a clear season nearly whole', () => {
    const season = shrunkenSeason(noisy(QUARTERS, 1, 40, 1), 4, 'additive')!;
    for (let i = 0; i < 4; i++) expect(Math.abs(season.figure[i]! - QUARTERS[i]!)).toBeLessThan(1);
  });

  it('drops half the seasons that are only noise, and leaves little of the others', () => {
    const seasons = Array.from({ length: 100 }, (_, k) =>
      shrunkenSeason(noisy([0, 0, 0, 0], 5, 40, k), 4, 'additive'),
    );
    expect(seasons.filter((season) => season === undefined).length).toBeGreaterThan(45);
    // A figure of unshrunk noise would have a size of 5 / √10 ≈ 1.6.
    const mean = seasons.reduce((sum, season) => sum + (season ? size(season.figure, 0) : 0), 0) / 100;
    expect(mean).toBeLessThan(0.6);
  });

  it('shrinks more the noisier the series', () => {
    const kept = [0.1, 4, 8].map((spread) => {
      let total = 0;
      for (let k = 0; k < 40; k++) {
        const season = shrunkenSeason(noisy(QUARTERS, spread, 40, k), 4, 'additive');
        if (season) total += season.figure.reduce((sum, value, i) => sum + value * QUARTERS[i]!, 0) / 40;
      }
      return total / QUARTERS.reduce((sum, value) => sum + value * value, 0);
    });
    expect(kept[0]).toBeGreaterThan(0.95);
    expect(kept[1]).toBeLessThan(kept[0]!);
    expect(kept[2]).toBeLessThan(kept[1]!);
  });

  it('takes the kind that fits, and never a multiplicative season of values that are not positive', () => {
    const grows = Float64Array.from({ length: 48 }, (_, t) => (20 + 4 * t) * [1.3, 0.9, 1, 0.8][t % 4]!);
    expect(shrunkenSeason(grows, 4)?.kind).toBe('multiplicative');
    const steady = Float64Array.from({ length: 48 }, (_, t) => 20 + 4 * t + QUARTERS[t % 4]!);
    expect(shrunkenSeason(steady, 4)?.kind).toBe('additive');
    steady[0] = 0;
    expect(shrunkenSeason(steady, 4, 'multiplicative')).toBeUndefined();
  });

  it('tells nothing from two seasons or fewer, from constants or from one cell a phase', () => {
    expect(shrunkenSeason(noisy(QUARTERS, 0, 8, 1), 4)).toBeUndefined();
    expect(shrunkenSeason(new Float64Array(40).fill(5), 4)).toBeUndefined();
    const sparse = new Float64Array(60).fill(Number.NaN);
    for (let t = 0; t < 12; t++) sparse[24 + t] = t;
    expect(shrunkenSeason(sparse, 12)).toBeUndefined();
  });

  it('forgets: a season that turned over counts mostly as it is now', () => {
    const turned = Float64Array.from({ length: 80 }, (_, t) => 100 + (t < 40 ? 1 : -1) * QUARTERS[t % 4]!);
    const { figure } = shrunkenSeason(turned, 4, 'additive') ?? { figure: new Float64Array(4) };
    expect(figure[0]).toBeLessThanOrEqual(0);
    expect(figure[3]).toBeGreaterThanOrEqual(0);
  });

  it('goes with the unit of the series', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1000 }),
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        (seed, unit) => {
          const y = noisy(QUARTERS, 3, 30, seed);
          const plain = shrunkenSeason(y, 4);
          const scaled = shrunkenSeason(
            y.map((value) => value * unit),
            4,
          );
          expect(scaled?.kind).toBe(plain?.kind);
          if (!plain || !scaled) return;
          const by = plain.kind === 'additive' ? unit : 1;
          for (let i = 0; i < 4; i++) {
            expect(Math.abs(scaled.figure[i]! - by * plain.figure[i]!)).toBeLessThan(1e-9 * (by + 1) * 10);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
