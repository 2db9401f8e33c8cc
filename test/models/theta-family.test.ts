// optimised-theta, dynamic-theta and auto-theta; dynamic-optimised-theta has a file of its own.
import { describe, expect, it } from 'vitest';
import { autoTheta } from '../../src/models/auto-theta.ts';
import { dynamicOptimisedTheta } from '../../src/models/dynamic-optimised-theta.ts';
import { dynamicTheta } from '../../src/models/dynamic-theta.ts';
import type { Model } from '../../src/models/model.ts';
import { optimisedTheta } from '../../src/models/optimised-theta.ts';
import { theta } from '../../src/models/theta.ts';
import { contextOf, futureOf, runNormal, seriesOf } from './one-series.ts';
import { thetaGoldens } from './theta-goldens.ts';

const paper = { average: false, shrink: false };

/** The line through y by least squares over times 1 … n. */
function lineThrough(y: readonly number[]): { a: number; b: number } {
  const n = y.length;
  const time = (n + 1) / 2;
  const centre = y.reduce((sum, value) => sum + value, 0) / n;
  const b =
    y.reduce((sum, value, i) => sum + (i + 1 - time) * (value - centre), 0) /
    y.reduce((sum, _, i) => sum + (i + 1 - time) ** 2, 0);
  return { a: centre - b * time, b };
}

/** Section 2 of the paper word for word: μ over y and h steps ahead, with the line of the whole or of the moment. */
function fromPaper(
  y: readonly number[],
  { first, alpha, omega, dynamic }: { first: number; alpha: number; omega: number; dynamic: boolean },
  h: number,
): number[] {
  const known = [...y];
  const whole = lineThrough(y);
  let level = first;
  const out: number[] = [];
  for (let t = 1; t <= y.length + h; t++) {
    const past = known.slice(0, t - 1);
    const { a, b } = !dynamic
      ? whole
      : past.length === 0
        ? { a: 0, b: 0 }
        : past.length === 1
          ? { a: past[0]!, b: 0 }
          : lineThrough(past);
    const mu = level + omega * ((1 - alpha) ** (t - 1) * a + ((1 - (1 - alpha) ** t) / alpha) * b);
    if (t > y.length) known.push(mu);
    out.push(mu);
    level += alpha * (known[t - 1]! - level);
  }
  return out;
}

describe('the Theta family', () => {
  const plain = thetaGoldens().filter(({ season_length }) => season_length === 1);
  const models = { 'optimised-theta': optimisedTheta(paper), 'dynamic-theta': dynamicTheta(paper) };

  for (const [name, model] of Object.entries(models)) {
    it.each(plain)(`${name} has the fits and forecasts of the paper's equations on $name`, ({ y }) => {
      const series = seriesOf(y);
      const state = model.fit(series, contextOf(1));
      const expected = fromPaper(y, state.fits[0]!, 8);
      const { level, trend } = model.components(state, series, 8, futureOf(series));
      const { mean } = runNormal(model, y, 1, 8);
      for (let t = 0; t < y.length + 8; t++) {
        expect(Math.abs((level[t]! + trend[t]!) / expected[t]! - 1)).toBeLessThan(1e-8);
        if (t >= y.length) expect(Math.abs(mean[t - y.length]! / expected[t]! - 1)).toBeLessThan(1e-8);
      }
      const errors = y.reduce((sum, value, t) => (t < 3 ? sum : sum + (value - expected[t]!) ** 2), 0);
      expect(Math.abs(errors / state.fits[0]!.errors - 1)).toBeLessThan(1e-6);
    });
  }

  it('holds θ at 2 in dynamic-theta alone', () => {
    const y = seriesOf(plain[0]!.y);
    expect(
      dynamicTheta()
        .fit(y, contextOf(1))
        .fits.every(({ omega }) => omega === 0.5),
    ).toBe(true);
    expect(
      optimisedTheta()
        .fit(y, contextOf(1))
        .fits.every(({ omega }) => omega === 0.5),
    ).toBe(false);
  });

  it('averages all four in auto-theta, between the least and the greatest of them', () => {
    const { y } = plain.find(({ name }) => name === 'LakeHuron')!;
    const { fits } = autoTheta().fit(seriesOf(y), contextOf(1));
    expect(new Set(fits.map(({ dynamic, optimised }) => `${dynamic} ${optimised}`)).size).toBe(4);
    expect(fits.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    const { mean } = runNormal(autoTheta(paper), y, 1, 6);
    const static2 = autoTheta(paper)
      .fit(seriesOf(y), contextOf(1))
      .fits.find(({ dynamic, optimised }) => !dynamic && !optimised)!;
    const each = [
      ...Object.values(models).map((model) => runNormal(model, y, 1, 6).mean[5]!),
      runNormal(dynamicOptimisedTheta(paper), y, 1, 6).mean[5]!,
      fromPaper(y, static2, 6)[y.length + 5]!,
    ];
    expect(mean[5]).toBeGreaterThanOrEqual(Math.min(...each) - 1e-9);
    expect(mean[5]).toBeLessThanOrEqual(Math.max(...each) + 1e-9);
  });

  it('makes a line that has seen the values pay for it', () => {
    // On a random walk the line through the whole fits better than any line of the moment could.
    const { y } = plain.find(({ name }) => name === 'WWWusage')!;
    const { fits } = autoTheta().fit(seriesOf(y), contextOf(1));
    const likeliest = (dynamic: boolean) =>
      fits.filter((fit) => fit.dynamic === dynamic).reduce((a, b) => (b.errors < a.errors ? b : a));
    const [still, moving] = [likeliest(false), likeliest(true)];
    const { count } = autoTheta().fit(seriesOf(y), contextOf(1));
    const free = (moving.errors / still.errors) ** ((count + 1) / 2);
    expect(still.weight / moving.weight / free).toBeCloseTo(1 / (count + 1), 6);
  });

  const family: readonly Model[] = [
    theta(),
    optimisedTheta(),
    dynamicTheta(),
    dynamicOptimisedTheta(),
    autoTheta(),
  ];
  it.each(family)('takes a fit apart into level, trend and a season that goes with them: $name', (model) => {
    const { y } = thetaGoldens().find(({ name }) => name === 'AirPassengers')!;
    const late = [Number.NaN, Number.NaN, ...y];
    const series = seriesOf(late);
    const state = model.fit(series, contextOf(12));
    const { level, trend, seasonal } = model.components(state, series, 12, futureOf(series));
    expect(level[1]).toBeNaN();
    // July lies above November, and the more so the higher the level.
    const july = (year: number): number => seasonal[2 + 12 * year + 6]!;
    expect(july(11)).toBeGreaterThan(1.5 * july(3));
    expect(july(5)).toBeGreaterThan(0);
    let squares = 0;
    for (let t = 26; t < late.length; t++) squares += (level[t]! + trend[t]! + seasonal[t]! - late[t]!) ** 2;
    expect(Math.sqrt(squares / (late.length - 26))).toBeLessThan(20);
  });

  it('refuses what it cannot do, under its own name', () => {
    expect(() => runNormal(autoTheta(), [1, 2, 3, 4, 5], 1, 1)).toThrow(
      'has 5 observed values; auto-theta needs at least 6',
    );
    expect(() => optimisedTheta({ average: 'no' as unknown as boolean })).toThrow(
      'optimised-theta option "average" is "no"; use true or false.',
    );
  });
});
