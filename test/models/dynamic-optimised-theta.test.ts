import { describe, expect, it } from 'vitest';
import { frequency } from '../../src/core/frequency.ts';
import { random } from '../../src/core/random.ts';
import { dynamicOptimisedTheta } from '../../src/models/dynamic-optimised-theta.ts';
import { thetaModel } from '../../src/models/theta-model.ts';
import { contextOf, futureOf, runNormal, seriesOf } from './one-series.ts';
import { thetaGoldens } from './theta-goldens.ts';

const paper = dynamicOptimisedTheta({ average: false, shrink: false });

/**
 * The model word for word from the paper's equations, the mean and slope of the line updated as there:
 * squared one-step errors from the fourth on, and h forecasts.
 */
function fromPaper(
  y: ArrayLike<number>,
  { first, alpha, theta }: { first: number; alpha: number; theta: number },
  h: number,
): { errors: number; mean: number[] } {
  let level = first;
  let average = 0;
  let a = 0;
  let b = 0;
  let errors = 0;
  const mean: number[] = [];
  for (let t = 1; t <= y.length + h; t++) {
    const mu = level + (1 - 1 / theta) * ((1 - alpha) ** (t - 1) * a + ((1 - (1 - alpha) ** t) / alpha) * b);
    const value = t <= y.length ? y[t - 1]! : mu;
    if (t > y.length) mean.push(mu);
    else if (t > 3) errors += (value - mu) ** 2;
    level = alpha * value + (1 - alpha) * level;
    b = t === 1 ? 0 : ((t - 2) * b + (6 * (value - average)) / t) / (t + 1);
    average = ((t - 1) * average + value) / t;
    a = average - ((t + 1) / 2) * b;
  }
  return { errors, mean };
}

describe('the dynamic Theta model', () => {
  const plain = thetaGoldens().filter(({ season_length }) => season_length === 1);

  it.each(plain)("has the errors and forecasts of the paper's equations on $name", ({ y }) => {
    const state = paper.fit(seriesOf(y), contextOf(1));
    const [fit] = state.fits;
    const { alpha, first, omega, errors } = fit!;
    // 1 − 1/θ = 1 is θ = ∞; a large θ stands for it.
    const parameters = { first, alpha, theta: 1 / Math.max(1 - omega, 1e-12) };
    const expected = fromPaper(y, parameters, 8);
    expect(Math.abs(errors / expected.errors - 1)).toBeLessThan(1e-6);
    const { mean } = runNormal(paper, y, 1, 8);
    for (let s = 0; s < 8; s++) expect(Math.abs(mean[s]! / expected.mean[s]! - 1)).toBeLessThan(1e-6);
    // No neighbour within the bounds is better.
    const worse = 1 - 1e-9;
    for (const nudge of [-0.01, 0.01]) {
      const near = Math.min(0.99, Math.max(0.1, alpha + nudge));
      const other = fromPaper(y, { ...parameters, alpha: near }, 0).errors;
      expect(other).toBeGreaterThanOrEqual(errors * worse);
      const shifted = { ...parameters, first: first * (1 + nudge) };
      expect(fromPaper(y, shifted, 0).errors).toBeGreaterThanOrEqual(errors * worse);
      const tilted = { ...parameters, theta: 1 / Math.max(Math.min(1, 1 - omega + nudge), 1e-12) };
      expect(fromPaper(y, tilted, 0).errors).toBeGreaterThanOrEqual(errors * worse);
    }
  });

  it('takes a missing cell to be as forecast', () => {
    const { y } = thetaGoldens().find(({ name }) => name === 'Nile')!;
    const gappy = Float64Array.from(y);
    gappy[40] = Number.NaN;
    const { fit } = thetaModel(gappy);
    const { alpha, omega, first, errors } = fit(0.4, 0);
    // A second way: the level recursion with the line through the observed cells, found afresh each time.
    let level = first;
    let squares = 0;
    for (let t = 1; t <= gappy.length; t++) {
      const seen = Array.from(gappy.subarray(0, t - 1), (value, i) => [i + 1, value] as const).filter(
        ([, value]) => !Number.isNaN(value),
      );
      const time = seen.reduce((sum, [at]) => sum + at, 0) / Math.max(1, seen.length);
      const centre = seen.reduce((sum, [, value]) => sum + value, 0) / Math.max(1, seen.length);
      const spread = seen.reduce((sum, [at]) => sum + (at - time) ** 2, 0);
      const b = spread > 0 ? seen.reduce((sum, [at, v]) => sum + (at - time) * (v - centre), 0) / spread : 0;
      const a = centre - b * time;
      const mu = level + omega * (0.6 ** (t - 1) * a + ((1 - 0.6 ** t) / alpha) * b);
      const value = Number.isNaN(gappy[t - 1]!) ? mu : gappy[t - 1]!;
      if (t > 3) squares += (value - mu) ** 2;
      level += alpha * (value - level);
    }
    expect(Math.abs(errors / squares - 1)).toBeLessThan(1e-9);
  });
});

describe('dynamic-optimised-theta', () => {
  const airline = thetaGoldens().find(({ name }) => name === 'AirPassengers')!;

  it('averages over smoothing weights: the shares sum to 1, the best of them counts most', () => {
    const { fits } = dynamicOptimisedTheta().fit(seriesOf(airline.y), contextOf(12));
    expect(fits.length).toBeGreaterThan(1);
    expect(fits.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    const least = fits.reduce((a, b) => (b.errors < a.errors ? b : a));
    expect(least.weight).toBe(Math.max(...fits.map(({ weight }) => weight)));
  });

  it('carries a straight line on exactly, and a constant with certainty', () => {
    const line = Array.from({ length: 20 }, (_, t) => 5 + 3 * t);
    const ahead = runNormal(dynamicOptimisedTheta(), line, 1, 6);
    for (let s = 0; s < 6; s++) expect(ahead.mean[s]).toBeCloseTo(65 + 3 * s, 4);
    const flat = runNormal(dynamicOptimisedTheta(), new Array(20).fill(7), 4, 6);
    for (let s = 0; s < 6; s++) {
      expect(flat.mean[s]).toBeCloseTo(7, 9);
      expect(flat.sd[s]).toBeLessThan(1e-6);
    }
    const none = runNormal(dynamicOptimisedTheta(), new Array(20).fill(0), 4, 2);
    expect([...none.mean, ...none.sd]).toEqual([0, 0, 0, 0]);
  });

  it('follows yearly series closer than the same numbers by quarter', () => {
    const y = Array.from({ length: 16 }, (_, t) => 100 + ((t * 61) % 17) + (t > 12 ? 12 : 0));
    const alphaOf = (alias: string): number => {
      const context = { ...contextOf(1), freq: frequency(alias) };
      const { fits } = dynamicOptimisedTheta().fit(seriesOf(y), context);
      return fits.reduce((sum, { alpha, weight }) => sum + alpha * weight, 0);
    };
    expect(alphaOf('Y')).toBeGreaterThan(alphaOf('QS') + 0.1);
  });

  it('keeps its state as plain data', () => {
    const model = dynamicOptimisedTheta();
    const series = seriesOf(airline.y);
    const state = model.fit(series, contextOf(12));
    const again = structuredClone(state);
    expect(model.forecast(again, 6, futureOf(series))).toEqual(model.forecast(state, 6, futureOf(series)));
  });

  // Taking yearly levels to move fast costs some width where they do not.
  it.each([
    ['MS', 0.86],
    ['Y', 0.9],
  ])('has intervals that hold: %s', (alias, most) => {
    // A random walk with a drift and observation noise is in the model's family.
    let inside = 0;
    const runs = 400;
    const h = 6;
    const context = { ...contextOf(1), freq: frequency(alias) };
    for (let k = 0; k < runs; k++) {
      const { normal } = random(3, k);
      let level = 200;
      const path = Array.from({ length: 40 + h }, () => {
        level += 0.5 + 2 * normal();
        return level + 2 * normal();
      });
      const series = seriesOf(path.slice(0, 40));
      const model = dynamicOptimisedTheta();
      const d = model.forecast(model.fit(series, context), h, futureOf(series));
      if (d.kind !== 'normal') throw new Error('expected a normal forecast');
      for (let s = 0; s < h; s++) {
        if (Math.abs(path[40 + s]! - d.mean[s]!) < 1.2816 * d.sd[s]!) inside++;
      }
    }
    expect(inside / (runs * h)).toBeGreaterThan(0.75);
    expect(inside / (runs * h)).toBeLessThan(most);
  });

  it('widens where the season is high and the series grows in proportion', () => {
    const { sd } = runNormal(dynamicOptimisedTheta(), airline.y, 12, 12);
    // July against November of the year ahead.
    expect(sd[6]).toBeGreaterThan(sd[10]! * 1.2);
  });

  it('refuses five values', () => {
    expect(() => runNormal(dynamicOptimisedTheta(), [1, 2, 3, 4, 5], 1, 1)).toThrow(
      'has 5 observed values; dynamic-optimised-theta needs at least 6',
    );
  });
});
