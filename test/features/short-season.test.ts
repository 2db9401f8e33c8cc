import { describe, expect, it } from 'vitest';
import { random } from '../../src/core/random.ts';
import { shortSeason } from '../../src/features/short-season.ts';

const wave = (t: number, m: number): number => Math.sin((2 * Math.PI * t) / m);

describe('shortSeason', () => {
  it('tells a clear season from a round and a quarter, growth taken out', () => {
    const draw = random(3);
    const y = Float64Array.from(
      { length: 65 },
      (_, t) => 100 * 1.1 ** (t / 52) * Math.exp(0.4 * wave(t, 52) + 0.02 * draw.normal()),
    );
    const season = shortSeason(y, 52)!;
    expect(season.kind).toBe('multiplicative');
    let worst = 0;
    for (let p = 0; p < 52; p++) {
      worst = Math.max(worst, Math.abs(Math.log(season.figure[p]!) - 0.4 * wave(p, 52)));
    }
    expect(worst).toBeLessThan(0.12);
    expect(season.noise).toBeGreaterThan(0.0001);
    expect(season.noise).toBeLessThan(0.0016);
  });

  it('finds none in a series that wanders, on average over many', () => {
    let found = 0;
    for (let seed = 0; seed < 40; seed++) {
      const draw = random(seed);
      let level = 100;
      const y = Float64Array.from({ length: 20 }, () => {
        level += 5 * draw.normal();
        return level + 10 * draw.normal();
      });
      const season = shortSeason(y, 12);
      if (season) found += Math.max(...season.figure.map((v) => Math.abs(v - 1))) / 40;
    }
    expect(found).toBeLessThan(0.1);
  });

  it('adds where values are not all positive, and passes missing cells over', () => {
    const draw = random(5);
    const y = Float64Array.from({ length: 21 }, (_, t) =>
      t === 4 || t === 15 ? Number.NaN : 10 * wave(t, 12) + draw.normal(),
    );
    const season = shortSeason(y, 12)!;
    expect(season.kind).toBe('additive');
    for (let p = 0; p < 12; p++) expect(Number.isFinite(season.figure[p])).toBe(true);
    expect(Math.abs(season.figure[3]! - 10)).toBeLessThan(3);
  });

  it('has nothing to say without pairs, or of a constant', () => {
    expect(shortSeason(Float64Array.from([1, 2, 3, 4, 5, 6]), 4)).toBeUndefined();
    expect(shortSeason(new Float64Array(20).fill(Number.NaN), 12)).toBeUndefined();
    expect(shortSeason(new Float64Array(20).fill(7), 12)).toBeUndefined();
  });
});
