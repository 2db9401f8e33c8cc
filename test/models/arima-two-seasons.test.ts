import { describe, expect, it } from 'vitest';
import type { NormalDistribution } from '../../src/core/distribution.ts';
import { frequency } from '../../src/core/frequency.ts';
import type { Series } from '../../src/core/panel.ts';
import { type Random, random } from '../../src/core/random.ts';
import { fitOrder } from '../../src/models/arima/fit.ts';
import { sampleOf } from '../../src/models/arima/sample.ts';
import { trialError } from '../../src/models/arima/trial.ts';
import { findWaves } from '../../src/models/arima/waves.ts';
import { type ArimaOptions, arima } from '../../src/models/arima.ts';
import type { Context } from '../../src/models/model.ts';
import { futureOf, seriesOf } from './one-series.ts';

const H = 48;
const hours: Context = { freq: frequency('h'), season_length: 24, seed: 1, knownFuture: [] };
const turn = (t: number, period: number): number => Math.sin((2 * Math.PI * t) / period);

/** 650 hours and the 48 after them. */
function hourly(
  key: string,
  value: (draw: Random) => (t: number) => number,
): { y: Float64Array; after: Float64Array } {
  const at = value(random(5, key));
  const all = Float64Array.from({ length: 650 + H }, (_, t) => at(t));
  return { y: all.slice(0, 650), after: all.slice(650) };
}

/** Days, a week of given size, and noise that hangs together. */
const weekly = (size: number, noise = 3) =>
  hourly('weekly', (draw) => {
    let rest = 0;
    return (t) => {
      rest = 0.6 * rest + noise * draw.normal();
      return 100 + 20 * turn(t, 24) + size * turn(t + 9, 168) + rest;
    };
  });

function forecastOf(y: ArrayLike<number>, options: ArimaOptions = {}) {
  const series: Series = { ...seriesOf(y), start: 77 };
  const model = arima(options);
  const state = model.fit(series, hours);
  const future = futureOf(series);
  return { model, series, state, future, ahead: model.forecast(state, H, future) as NormalDistribution };
}

const miss = (mean: Float64Array, after: Float64Array): number =>
  after.reduce((sum, v, s) => sum + Math.abs(v - mean[s]!) / H, 0);

/** The weight of all members with d first differences. */
const shareOf = (y: Float64Array, d: number): number =>
  forecastOf(y).state.members.reduce((sum, { fit, weight }) => sum + (fit.order.d === d ? weight : 0), 0);

describe('arima of hours', () => {
  it('carries a week on, which one season cannot', () => {
    const { y, after } = weekly(15);
    const { state, ahead } = forecastOf(y);
    expect(state.waves).toMatchObject({ period: 168 });
    expect(state.waves!.harmonics).toContain(1);
    // Noise with a standard deviation of 3.75 misses by 3 on average.
    expect(miss(ahead.mean, after)).toBeLessThan(4);
    expect(miss(forecastOf(y, { average: false }).ahead.mean, after)).toBeGreaterThan(6);
  });

  it('finds no wave where there is none', () => {
    expect(forecastOf(weekly(0).y).state.waves).toEqual({ period: 168, harmonics: [] });
  });

  it('lets the past say whether to follow the level', () => {
    const moving = hourly('moving', (draw) => {
      let level = 300;
      return (t) => {
        level += 3 * draw.normal();
        return level + 20 * turn(t, 24) + 3 * draw.normal();
      };
    });
    expect(shareOf(moving.y, 1)).toBeGreaterThan(0.5);
    expect(shareOf(weekly(0).y, 0)).toBeGreaterThan(0.5);
  });

  it('stays as it was where options, length or season leave no choice', () => {
    const { y } = weekly(15);
    const noise = hourly('noise', (draw) => () => 50 + draw.normal()).y;
    for (const [values, options] of [
      [y, { average: false }],
      [y, { max_D: 0 }],
      [y, { order: [1, 0, 0], seasonal_order: [0, 1, 1] }],
      [y.subarray(0, 3 * 168 - 1), {}],
      [noise, {}],
    ] as [Float64Array, ArimaOptions][]) {
      expect(forecastOf(values, options).state).not.toHaveProperty('waves');
    }
    expect(forecastOf(y, { max_d: 0 }).state.members.every(({ fit }) => fit.order.d === 0)).toBe(true);
  });

  it('has parts that sum to the forecast, the week among the season', () => {
    const { y } = weekly(15, 0.5);
    y.set([Number.NaN, Number.NaN], 648);
    y[300] = Number.NaN;
    const { model, series, state, future, ahead } = forecastOf(y);
    const { level, trend, seasonal, regressors } = model.components(state, series, H, future);
    const n = y.length;
    for (let s = 0; s < H; s++) {
      const sum = level[n + s]! + trend[n + s]! + seasonal[n + s]! + regressors[n + s]!;
      expect(sum).toBeCloseTo(ahead.mean[s]!, 6);
      expect(regressors[n + s]).toBe(0);
    }
    const days = (from: number): number =>
      seasonal.slice(from, from + 24).reduce((sum, v) => sum + v / 24, 0);
    expect(Math.abs(days(358) - days(358 + 84))).toBeGreaterThan(5);
  });

  it('carries a pure day and week on', () => {
    const y = Float64Array.from({ length: 650 }, (_, t) => 50 + 8 * turn(t, 24) + 4 * turn(t, 168));
    const { ahead } = forecastOf(y);
    for (let s = 0; s < H; s++) {
      expect(ahead.mean[s]).toBeCloseTo(50 + 8 * turn(650 + s, 24) + 4 * turn(650 + s, 168), 4);
    }
  });
});

describe('findWaves', () => {
  it('takes off what it finds and nothing else', () => {
    const { y } = weekly(15);
    const sample = sampleOf(y, new Uint8Array(y.length).fill(1), 24, []);
    const { waves, rest } = findWaves(sample, 24, 168, 0);
    expect(waves.harmonics).toEqual([1]);
    for (let t = 0; t < y.length; t++) {
      const wave = (sample.y[t]! - rest.y[t]!) * sample.scale;
      expect(Math.abs(wave - 15 * turn(t + 9, 168))).toBeLessThan(3);
    }
  });
});

describe('trialError', () => {
  it('is that of the naive forecast for a random walk, missing cells passed over', () => {
    const draw = random(3);
    const y = Float64Array.from({ length: 60 }, () => 10 * draw.uniform());
    y[55] = Number.NaN;
    const sample = sampleOf(
      y,
      Uint8Array.from(y, (v) => (Number.isNaN(v) ? 0 : 1)),
      1,
      [],
    );
    const walk = { p: 0, d: 1, q: 0, P: 0, D: 0, Q: 0, m: 1, constant: false };
    const found = trialError(sample, fitOrder(sample, walk, 'ml'), { reach: 6, origins: 4, every: 3 });
    const errors = [54, 51, 48, 45]
      .flatMap((end) => Array.from({ length: 6 }, (_, s) => Math.abs(y[end + s]! - y[end - 1]!)))
      .filter((e) => !Number.isNaN(e));
    expect(errors).toHaveLength(22);
    expect(found).toBeCloseTo(errors.reduce((a, b) => a + b, 0) / errors.length, 9);
  });
});
