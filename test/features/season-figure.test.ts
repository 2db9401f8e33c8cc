// Figures of weeks and turns of years against what was put in.
import { describe, expect, it } from 'vitest';
import { random } from '../../src/core/random.ts';
import { figureOf, type Past, turnOf } from '../../src/features/season-figure.ts';
import { mean } from '../../src/math/statistics.ts';

const WEEK = [0.7, 0.9, 1, 1, 1.1, 1.5, 0.8];

const pastOf = (y: readonly number[]): Past => ({
  value: (t) => y[t] ?? Number.NaN,
  size: (from, to) =>
    mean(y.slice(Math.max(0, from), Math.max(0, to)).filter((value) => !Number.isNaN(value))),
});

/** Counts of a few a day. */
function sales(n: number, rate: (t: number) => number): number[] {
  const draw = random(1, 'sales');
  return Array.from({ length: n }, (_, t) => draw.negativeBinomial(rate(t), 3));
}

describe('the figure of a week', () => {
  it('is that of the rate behind noisy counts, whatever its level and growth', () => {
    const past = pastOf(sales(364, (t) => (2 + t / 100) * WEEK[t % 7]!));
    const figure = figureOf(past, 364, 7);
    for (const [k, share] of WEEK.entries()) expect(Math.abs(figure[k]! - share)).toBeLessThan(0.25);
    // The last eight weeks alone are too few to tell.
    const late = figureOf(pastOf(sales(364, (t) => (2 + t / 100) * WEEK[t % 7]!).slice(-56)), 56, 7);
    const off = (own: Float64Array): number => mean(WEEK.map((share, k) => Math.abs(own[k]! - share)));
    expect(off(figure)).toBeLessThan(0.7 * off(late));
  });

  it('begins with the phase after the last known cell, and sees nothing from there on', () => {
    const y = Array.from({ length: 300 }, (_, t) => 10 * WEEK[t % 7]!);
    const figure = figureOf(pastOf(y), 283, 7);
    // 283 is the third day of a week.
    for (let k = 0; k < 7; k++) expect(figure[k]!).toBeCloseTo(1 + (WEEK[(3 + k) % 7]! - 1) * (40 / 44), 9);
    expect(figureOf(pastOf(y.map((value, t) => (t < 283 ? value : 99))), 283, 7)).toEqual(figure);
  });

  it('leans on no season where little is known, and is not known before the first week', () => {
    const y = [0, 0, 0, 0, 0, 70, 0];
    expect(figureOf(pastOf(y), 7, 7)[5]!).toBeCloseTo(2.2, 9);
    expect(figureOf(pastOf(y), 6, 7)).toEqual(new Float64Array(7).fill(Number.NaN));
  });

  it('is zero-like on days without sales, passes over days that are not known, and bears one mad day', () => {
    const shut: number[] = Array.from({ length: 350 }, (_, t) => (t % 7 === 0 ? 0 : 5));
    expect(figureOf(pastOf(shut), 350, 7)[0]!).toBeLessThan(0.1);
    const gaps = Array.from({ length: 350 }, (_, t) => (t % 14 === 3 ? Number.NaN : 10 * WEEK[t % 7]!));
    expect(figureOf(pastOf(gaps), 350, 7)[5]!).toBeCloseTo(1 + 0.5 * (50 / 54), 1);
    const mad = shut.with(211, 1e6);
    expect(figureOf(pastOf(mad), 350, 7)[1]!).toBeLessThan(1.6);
  });
});

describe('the turn of a year', () => {
  const swell = (t: number): number => 10 * (1 + 0.5 * Math.sin((2 * Math.PI * t) / 364));
  const asked = { m: 364, half: 14, window: 28 };

  it('is how the days around stood to the four weeks before the cutoff, a year and two ago, in spite of growth', () => {
    const y = Array.from({ length: 800 }, (_, t) => swell(t) * 1.5 ** (t / 364));
    for (const step of [1, 28, 56]) {
      const then = 800 - 364;
      const truth = swell(then + step - 1) / mean(Array.from({ length: 28 }, (_, k) => swell(then - 28 + k)));
      const found = turnOf(pastOf(y), 800, 799 + step, asked);
      expect(Math.abs(found - truth * 1.5 ** ((step + 13) / 364))).toBeLessThan(0.05);
    }
  });

  it('is not known in the first year, and is told from one year where there is no second', () => {
    const y = Array.from({ length: 800 }, (_, t) => swell(t));
    expect(turnOf(pastOf(y), 380, 390, asked)).toBeNaN();
    const short = turnOf(pastOf(y.slice(300)), 500, 510, asked);
    expect(short).toBeCloseTo(turnOf(pastOf(y), 800, 810, asked), 9);
  });

  it('sees nothing from the cutoff on', () => {
    const y = Array.from({ length: 800 }, (_, t) => swell(t));
    const changed = y.map((value, t) => (t < 500 ? value : 99));
    expect(turnOf(pastOf(changed), 500, 500 + 360, asked)).toBe(
      turnOf(pastOf(y.slice(0, 500)), 500, 860, asked),
    );
  });

  it('has a floor where nothing was sold', () => {
    const y = Array.from({ length: 800 }, (_, t) => (t % 364 > 200 && t % 364 < 300 ? 0 : 5));
    expect(turnOf(pastOf(y), 728 + 190, 728 + 240, asked)).toBeCloseTo(0.1, 9);
  });
});
