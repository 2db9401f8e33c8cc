import { describe, expect, it } from 'vitest';
import { MS_PER_DAY, parseIso, weekday } from '../../src/core/calendar.ts';
import { quantile, spread } from '../../src/core/distribution.ts';
import { ModelRefusal } from '../../src/core/errors.ts';
import { frequency } from '../../src/core/frequency.ts';
import type { Future, Series } from '../../src/core/panel.ts';
import { random } from '../../src/core/random.ts';
import { type AdditiveOptions, additive, additiveTable } from '../../src/models/additive.ts';
import type { Context } from '../../src/models/model.ts';
import { contextOf, futureOf, golden, seriesOf } from './one-series.ts';

interface AdditiveGolden {
  readonly y: readonly number[];
  readonly unit: number;
  readonly sigma2: number;
  readonly edf: number;
  readonly mean: readonly number[];
  readonly se: readonly number[];
}

/** Three years of days from 1 January 2022: a weekly season, Christmas, a price, noise of 3 around 100. */
const DAYS = 1095;
const FIRST = parseIso('2022-01-01') / MS_PER_DAY;
const daily: Context = { freq: frequency('D'), season_length: 7, seed: 1, knownFuture: [{ name: 'price' }] };
function shop(multiply: boolean, seed = 1, h = 28): { series: Series; future: Future; truth: Float64Array } {
  const draw = random(seed);
  const n = DAYS;
  const price = new Float64Array(n + h);
  const y = new Float64Array(n + h);
  for (let t = 0; t < n + h; t++) {
    const date = new Date((FIRST + t) * MS_PER_DAY);
    price[t] = t % 40 < 6 ? 8 : 10;
    const off = date.getUTCMonth() === 11 && date.getUTCDate() === 25;
    const level = multiply ? 40 + 0.1 * t : 100;
    const share = 0.2 * (weekday(FIRST + t) > 4 ? 1 : 0) - 0.15 * (price[t]! - 10) - (off ? 0.6 : 0);
    const noise = multiply ? 1 + share + 0.03 * draw.normal() : 0;
    y[t] = multiply ? level * noise : level + 100 * share + 3 * draw.normal();
  }
  const series = { ...seriesOf(y.subarray(0, n)), start: FIRST, known: [price.slice(0, n)] };
  return { series, future: { start: FIRST + n, known: [price.slice(n)] }, truth: y.slice(n) };
}

describe('the additive model', () => {
  it('equals the same regression fitted by REML in mgcv', () => {
    const { y, unit, sigma2, edf, mean, se } = golden('additive') as AdditiveGolden;
    const series = seriesOf(y.map(Math.log));
    const model = additive({ changepoints: 10, mode: 'additive', errors: 'independent' });
    const state = model.fit(series, contextOf(12));
    const d = model.forecast(state, 12, futureOf(series));
    expect(state.fit.sigma2).toBeCloseTo(sigma2, 10);
    expect(y.length - state.fit.df).toBeCloseTo(edf, 4);
    for (let s = 0; s < 12; s++) {
      expect(d.mean[s]! / unit).toBeCloseTo(mean[s]!, 7);
      // Beside mgcv's error of the mean: the noise, and what the stretches ahead will move.
      const stretches = ((s + 1) * 10) / 131;
      const bends = state.fit.bendVariance * (stretches >= 1 ? Number.NaN : stretches ** 2);
      if (d.kind !== 'student' || Number.isNaN(bends)) continue;
      const expected = Math.sqrt(se[s]! ** 2 + sigma2 + bends);
      expect(d.sd[s]! / unit / expected).toBeCloseTo(1, 4);
    }
  });

  it.each([false, true])('finds weekend, price and Christmas (multiplied: %s)', (multiply) => {
    const { series, future, truth } = shop(multiply);
    const holidays = { country: 'GB', kinds: ['public'] as const };
    const model = additive({ holidays, mode: multiply ? 'auto' : 'additive' });
    const state = model.fit(series, daily);
    expect(state.fit.mode).toBe(multiply ? 'multiplicative' : 'additive');
    const table = additiveTable(state);
    const unit = multiply ? 1 : 100;
    const term = (name: string) => table.find((row) => row.term === name)!;
    const christmas = term('Christmas Day');
    expect(Math.abs(christmas.estimate + 0.6 * unit)).toBeLessThan(
      4 * christmas.standard_error + 0.02 * unit,
    );
    // The price is standardised; its spread is 2 · √(0.15 · 0.85).
    const price = term('price');
    const perUnit = price.estimate / (2 * Math.sqrt((168 / 1095) * (1 - 168 / 1095)));
    // Shares are told against an average day, which weekends and low prices lift by a tenth.
    const average = multiply ? 1 + (0.2 * 2) / 7 + 0.3 * (168 / 1095) : 1;
    expect(Math.abs(perUnit + (0.15 * unit) / average)).toBeLessThan(0.01 * unit);
    const { mean } = model.forecast(state, 28, future);
    let error = 0;
    for (let s = 0; s < 28; s++) error += Math.abs(mean[s]! - truth[s]!) / truth[s]! / 28;
    expect(error).toBeLessThan(0.05);
  });

  it('takes itself apart into what went in', () => {
    const { series, future } = shop(false);
    const model = additive({ holidays: 'GB' });
    const state = model.fit(series, daily);
    const { regressors, seasonal } = model.components(state, series, 28, future);
    const drop = 14 + 40 * 20;
    const cheap = Array.from({ length: DAYS }, (_, t) => t).find((t) => t > drop && t % 40 === 0)!;
    expect(regressors[cheap]! - regressors[cheap + 10]!).toBeGreaterThan(27);
    const saturday = Array.from({ length: 7 }, (_, k) => 500 + k).find((t) => weekday(FIRST + t) === 5)!;
    expect(seasonal[saturday]! - seasonal[saturday - 2]!).toBeCloseTo(20, -0.5);
  });

  it('holds intervals that hold', () => {
    let inside = 0;
    let cells = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const draw = random(seed, 'wandering');
      let level = 100;
      let slope = 0;
      const y = Float64Array.from({ length: 132 }, (_, t) => {
        if (t % 12 === 0) slope = 0.5 * draw.normal();
        level += slope;
        return level + 10 * Math.sin((2 * Math.PI * t) / 12) + 2 * draw.normal();
      });
      const series = seriesOf(y.subarray(0, 120));
      const model = additive();
      const d = model.forecast(model.fit(series, contextOf(12)), 12, futureOf(series));
      const [low, high] = [quantile(d, 0.1), quantile(d, 0.9)];
      for (let s = 0; s < 12; s++) if (y[120 + s]! >= low[s]! && y[120 + s]! <= high[s]!) inside++;
      cells += 12;
    }
    expect(inside / cells).toBeGreaterThan(0.7);
    expect(inside / cells).toBeLessThan(0.92);
  });

  it('saturates where growth is logistic', () => {
    const y = Float64Array.from({ length: 60 }, (_, t) => 200 / (1 + Math.exp(-(t - 40) / 8)));
    const series = seriesOf(y);
    const options: AdditiveOptions = { growth: 'logistic', cap: 200, changepoints: 0, pairs: 0 };
    const model = additive(options);
    const state = model.fit(series, contextOf(12));
    const d = model.forecast(state, 48, futureOf(series));
    expect(d.mean[47]!).toBeGreaterThan(190);
    expect(Math.max(...quantile(d, 0.975))).toBeLessThanOrEqual(200);
    const parts = model.components(state, series, 48, futureOf(series));
    expect(parts.level[100]! + parts.trend[100]!).toBeCloseTo(d.mean[40]!, 6);
    expect(() => additive({ growth: 'logistic' })).toThrow('logistic growth needs a cap');
  });

  it('widens as changes that last would', () => {
    const y = Float64Array.from({ length: 120 }, (_, t) => 100 + 20 * Math.abs(((t / 30) % 2) - 1));
    const series = seriesOf(y);
    const wide = (slopes: 'lasting' | 'reverting'): number => {
      const model = additive({ slopes, pairs: 0 });
      const sd = spread(model.forecast(model.fit(series, contextOf(1)), 24, futureOf(series)));
      return sd[23]! / sd[5]!;
    };
    expect(wide('lasting')).toBeGreaterThan(wide('reverting'));
  });

  it('names the column and the period that it lacks', () => {
    const { series, future } = shop(false);
    const model = additive();
    const state = model.fit(series, daily);
    const price = Float64Array.from(future.known[0]!);
    price[3] = Number.NaN;
    const ask = () => model.forecast(state, 28, { ...future, known: [price] });
    expect(ask).toThrow(ModelRefusal);
    expect(ask).toThrow('has no value of "price" for 2025-01-03; give its future or leave it out');
  });

  it.each([
    [{ mode: 'both' }, 'mode is "both"'],
    [{ changepoint_range: 0 }, 'changepoint_range is 0'],
    [{ pairs: 1.5 }, 'pairs is 1.5'],
    [{ slopes: 'steep' }, 'slopes is "steep"'],
    [{ holidays: 'ZZ' }, 'the holidays of "ZZ" are not known'],
  ])('refuses %j', (options, message) => {
    expect(() => additive(options as AdditiveOptions)).toThrow(message);
  });
});
