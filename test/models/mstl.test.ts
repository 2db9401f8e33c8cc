import { describe, expect, it } from 'vitest';
import { frequency } from '../../src/core/frequency.ts';
import { random } from '../../src/core/random.ts';
import type { MstlState } from '../../src/models/mstl.ts';
import { createModel } from '../../src/models/registry.ts';
import { contextOf, futureOf, runNormal, seriesOf } from './one-series.ts';
import { thetaGoldens } from './theta-goldens.ts';

const mstl = (options: Readonly<Record<string, unknown>> = {}) => createModel({ model: 'mstl', options });
const hourly = { ...contextOf(24), freq: frequency('h') };

/** A day's and a week's wave around a slow trend, with noise of standard deviation 1; h values more than n. */
function waves(n: number, seed = 1): { y: Float64Array; truth: Float64Array } {
  const draw = random(seed);
  const truth = Float64Array.from(
    { length: n },
    (_, t) => 60 + t / 100 + 10 * Math.sin((2 * Math.PI * t) / 24) + 6 * Math.cos((2 * Math.PI * t) / 168),
  );
  return { truth, y: truth.map((value) => value + draw.normal()) };
}

describe('mstl', () => {
  it('takes the season of the context and the longer ones of its frequency', () => {
    const model = mstl();
    const { y, truth } = waves(700);
    const series = seriesOf(y.subarray(0, 600));
    const state = model.fit(series, hourly) as MstlState;
    expect(state.ahead.map(({ length }) => length)).toEqual([24, 168]);
    const { mean } = model.forecast(state, 100, futureOf(series));
    let squares = 0;
    for (let s = 0; s < 100; s++) squares += (mean[s]! - truth[600 + s]!) ** 2;
    expect(Math.sqrt(squares / 100)).toBeLessThan(1.5);
    // One season alone misses the other.
    const single = createModel({ model: 'mstl', options: { season_lengths: [24] } });
    const one = single.forecast(single.fit(series, hourly), 100, futureOf(series)).mean;
    expect(Math.max(...one.map((value, s) => Math.abs(value - truth[600 + s]!)))).toBeGreaterThan(5);
  });

  it('leaves out a season without more than two cycles, and all where there is none', () => {
    const { y } = waves(300);
    const state = mstl().fit(seriesOf(y), hourly) as MstlState;
    expect(state.ahead.map(({ length }) => length)).toEqual([24]);
    const plain = mstl().fit(seriesOf(y), contextOf(1)) as MstlState;
    expect(plain.ahead).toEqual([]);
    expect(runNormal(mstl(), y, 1, 4)).toEqual(runNormal(createModel('dynamic-optimised-theta'), y, 1, 4));
  });

  it('carries seasons and level across missing cells', () => {
    const { y, truth } = waves(700);
    const draw = random(7);
    const gappy = y.subarray(0, 600).map((value) => (draw.uniform() < 0.3 ? Number.NaN : value));
    const model = mstl();
    const { mean } = model.forecast(model.fit(seriesOf(gappy), hourly), 100, futureOf(seriesOf(gappy)));
    for (let s = 0; s < 100; s++) expect(Math.abs(mean[s]! - truth[600 + s]!)).toBeLessThan(5);
  });

  it('multiplies where that leaves the smaller errors, and adds where values may be 0', () => {
    const airline = thetaGoldens().find(({ name }) => name === 'AirPassengers')!.y;
    expect((mstl().fit(seriesOf(airline), contextOf(12)) as MstlState).kind).toBe('multiplicative');
    const { mean } = runNormal(mstl(), airline, 12, 12);
    // July of the last year was 622, November 390.
    expect(mean[6]! / mean[10]!).toBeGreaterThan(1.4);
    const withZero = [...airline];
    withZero[0] = 0;
    expect((mstl().fit(seriesOf(withZero), contextOf(12)) as MstlState).kind).toBe('additive');
  });

  it('lets a season that is only noise vanish', () => {
    const draw = random(5);
    const noise = Float64Array.from({ length: 120 }, () => 50 + draw.normal());
    const { mean } = runNormal(mstl(), noise, 12, 12);
    expect(Math.max(...mean) - Math.min(...mean)).toBeLessThan(0.5);
  });

  it('forecasts the rest by any model', () => {
    const { y } = waves(600);
    for (const model of ['naive', 'damped', { model: 'ces', options: { average: false } }]) {
      const means = runNormal(mstl({ model }), y, 24, 24).mean;
      expect(Math.max(...means) - Math.min(...means)).toBeGreaterThan(12);
    }
    expect(() => mstl({ model: 'dampd' })).toThrow('model "dampd" is not known. Did you mean "damped"?');
  });

  it('takes trend and season apart', () => {
    const { y } = waves(600);
    const series = seriesOf(y);
    const model = mstl({ seasonal: 'additive' });
    const { level, seasonal } = model.components(model.fit(series, hourly), series, 24, futureOf(series));
    for (let t = 100; t < 624; t++) {
      expect(Math.abs(level[t]! - (60 + t / 100))).toBeLessThan(2.5);
      const wave = 10 * Math.sin((2 * Math.PI * t) / 24) + 6 * Math.cos((2 * Math.PI * t) / 168);
      expect(Math.abs(seasonal[t]! - wave)).toBeLessThan(3.5);
    }
  });

  it('has intervals that hold', () => {
    let inside = 0;
    for (let k = 0; k < 40; k++) {
      const { y } = waves(448, 100 + k);
      const series = seriesOf(y.subarray(0, 400));
      const model = mstl();
      const d = model.forecast(model.fit(series, hourly), 48, futureOf(series));
      if (d.kind !== 'normal') throw new Error('expected a normal forecast');
      for (let s = 0; s < 48; s++) if (Math.abs(y[400 + s]! - d.mean[s]!) < 1.2816 * d.sd[s]!) inside++;
    }
    expect(inside / (40 * 48)).toBeGreaterThan(0.74);
    expect(inside / (40 * 48)).toBeLessThan(0.92);
  });

  it('refuses what it cannot do', () => {
    expect(() => mstl({ season_lengths: [7, 365.25] })).toThrow(
      'mstl option "season_lengths" holds 365.25; use whole numbers of 2 or more, or the model tbats.',
    );
    expect(() => mstl({ seasonal: 'none' })).toThrow('mstl cannot have the option seasonal "none"');
    expect(() => mstl({ robust: 1 })).toThrow('mstl option "robust" is "1"');
    expect(() => runNormal(mstl(), [1, 2, 3], 1, 1)).toThrow(
      'has 3 observed values; dynamic-optimised-theta needs at least 6',
    );
  });
});
