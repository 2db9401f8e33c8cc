import { describe, expect, it } from 'vitest';
import { mstl } from '../../src/features/mstl.ts';
import { stl } from '../../src/features/stl.ts';
import { golden } from '../models/one-series.ts';

interface StlGolden {
  readonly name: string;
  readonly m: number;
  readonly y: readonly number[];
  readonly window: number | 'periodic';
  readonly robust: boolean;
  readonly season: readonly number[];
  readonly trend: readonly number[];
  readonly weights: readonly number[];
}
const { stl: stls, mstl: many } = golden('stl') as {
  readonly stl: readonly StlGolden[];
  readonly mstl: {
    readonly y: readonly number[];
    readonly periods: readonly number[];
    readonly trend: readonly number[];
    readonly seasons: readonly (readonly number[])[];
  };
};

/** The largest difference, relative to the largest value of the series. */
function apart(ours: Float64Array, theirs: readonly number[], y: readonly number[]): number {
  const largest = Math.max(...y.map(Math.abs));
  return Math.max(...theirs.map((value, t) => Math.abs(ours[t]! - value))) / largest;
}

describe('stl', () => {
  it.each(stls)("equals R's stl on $name, window $window, robust $robust", (expected) => {
    const { y, m, window: seasonWindow, robust } = expected;
    const { season, trend, remainder, weights } = stl(Float64Array.from(y), m, { seasonWindow, robust });
    expect(apart(season, expected.season, y)).toBeLessThan(1e-8);
    expect(apart(trend, expected.trend, y)).toBeLessThan(1e-8);
    expect(Math.max(...expected.weights.map((w, t) => Math.abs(w - weights[t]!)))).toBeLessThan(1e-5);
    for (let t = 0; t < y.length; t++) {
      expect(season[t]! + trend[t]! + remainder[t]!).toBeCloseTo(y[t]!, 9);
    }
  });

  const nottem = stls[0]!;

  it.each(['periodic', 11] as const)(
    'carries season and trend across missing cells: window %s',
    (seasonWindow) => {
      const gappy = Float64Array.from(nottem.y);
      for (const t of [0, 1, 7, 20, 21, 22, 40, 90, 91, 119]) gappy[t] = Number.NaN;
      const whole = stl(Float64Array.from(nottem.y), 12, { seasonWindow });
      const found = stl(gappy, 12, { seasonWindow });
      for (let t = 0; t < gappy.length; t++) {
        expect(Math.abs(found.season[t]! - whole.season[t]!)).toBeLessThan(3);
        expect(Math.abs(found.trend[t]! - whole.trend[t]!)).toBeLessThan(1.5);
        expect(Number.isNaN(found.remainder[t])).toBe(Number.isNaN(gappy[t]));
      }
    },
  );

  it('makes sense of a phase that was never observed', () => {
    const y = Float64Array.from({ length: 70 }, (_, t) =>
      t % 7 === 6 ? Number.NaN : 100 + t + 10 * (t % 7),
    );
    const { season, trend } = stl(y, 7, { seasonWindow: 11 });
    for (let t = 0; t < 70; t++) expect(Number.isFinite(season[t]! + trend[t]!)).toBe(true);
  });

  it('is not moved by an outlier when it is robust', () => {
    const spoiled = Float64Array.from(nottem.y);
    spoiled[60] = 500;
    const plain = stl(Float64Array.from(nottem.y), 12).trend;
    const robust = stl(spoiled, 12, { robust: true });
    expect(robust.weights[60]).toBe(0);
    expect(Math.abs(robust.trend[60]! - plain[60]!)).toBeLessThan(1);
    expect(Math.abs(stl(spoiled, 12).trend[60]! - plain[60]!)).toBeGreaterThan(5);
  });

  it('refuses two seasons', () => {
    expect(() => stl(new Float64Array(24), 12)).toThrow('more than 24 cells');
  });
});

describe('mstl', () => {
  it("equals R's mstl on two seasons", () => {
    const y = Float64Array.from(many.y);
    const found = mstl(y, many.periods);
    expect(apart(found.trend, many.trend, many.y)).toBeLessThan(1e-8);
    many.seasons.forEach((season, i) => {
      expect(apart(found.seasons[i]!, season, many.y)).toBeLessThan(1e-8);
    });
  });
});
