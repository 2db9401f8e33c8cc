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
      // Beside mgcv's error of the mean: the noise, and what the stretches ahead will move. Half of a move goes on into the
      // next stretch, 0.8 of that into the one after: what ten of them share, a line has taken up.
      const stretches = ((s + 1) * 10) / 131;
      let shared = 0;
      for (let i = 0; i < 10; i++) for (let j = 0; j < i; j++) shared += (0.5 * 0.8 ** (i - j)) / 45;
      const move = state.fit.bendVariance / (1 - shared);
      const bends = move * (stretches >= 1 ? Number.NaN : stretches ** 2);
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

  it.each([
    [6, 'steps'],
    [12, 'steps'],
    [24, 'shares'],
  ] as const)('holds intervals that hold on %i years that move by %s', (n, kind) => {
    const count = { in80: 0, in95: 0, cells: 0 };
    const model = additive();
    for (let seed = 1; seed <= 300; seed++) {
      const draw = random(seed, 'years');
      let slope = 0.3 + 0.6 * draw.normal();
      let level = 0;
      const y = Float64Array.from({ length: n + 6 }, () => {
        slope = 0.3 + 0.8 * (slope - 0.3) + 0.36 * draw.normal();
        level += slope + 0.7 * draw.normal();
        return kind === 'steps' ? 50 + level : 50 * Math.exp(0.07 * level);
      });
      const series = seriesOf(y.subarray(0, n));
      const d = model.forecast(model.fit(series, contextOf(1)), 6, futureOf(series));
      const [low, high, least, most] = [0.1, 0.9, 0.025, 0.975].map((p) => quantile(d, p)) as Float64Array[];
      for (let s = 0; s < 6; s++) {
        const value = y[n + s]!;
        if (value >= low![s]! && value <= high![s]!) count.in80++;
        if (value >= least![s]! && value <= most![s]!) count.in95++;
        count.cells++;
      }
    }
    expect(count.in80 / count.cells).toBeGreaterThan(0.66);
    expect(count.in80 / count.cells).toBeLessThan(0.88);
    expect(count.in95 / count.cells).toBeGreaterThan(0.86);
  });

  it('gives a trend a slope once two seasons can tell it from the season', () => {
    const growth = (rows: number, season: number): string => {
      const y = Float64Array.from({ length: rows }, (_, t) => 100 + 3 * t + Math.sin(t * t));
      return additive().fit(seriesOf(y), contextOf(season)).fit.plan.growth;
    };
    expect([growth(4, 1), growth(7, 4), growth(8, 4)]).toEqual(['linear', 'flat', 'linear']);
    expect([growth(23, 12), growth(24, 12), growth(24, 52)]).toEqual(['flat', 'linear', 'linear']);
    expect(
      additive({ growth: 'flat' }).fit(seriesOf([1, 2, 4, 3, 5]), contextOf(1)).fit.plan.changepoints,
    ).toEqual([]);
  });

  it('lets noise and moves of the trend grow with it where they did', () => {
    const draw = random(4, 'growing');
    let level = 10;
    const y = Float64Array.from({ length: 40 }, () => {
      level *= 1.08 + 0.06 * draw.normal();
      return level;
    });
    const series = seriesOf(y);
    const sdOf = (mode: 'auto' | 'additive') => {
      const model = additive({ mode });
      const state = model.fit(series, contextOf(1));
      return { power: state.fit.power, sd: spread(model.forecast(state, 3, futureOf(series))) };
    };
    expect(sdOf('additive').power).toBe(0);
    expect(sdOf('auto').power).toBeGreaterThan(0);
    // The last years move by about 6 %; of all years the average is a small part of that.
    expect(sdOf('auto').sd[0]! / level).toBeGreaterThan(0.05);
    expect(sdOf('additive').sd[0]!).toBeLessThan(0.7 * sdOf('auto').sd[0]!);
  });

  it.each(['reverting', 'lasting'] as const)('draws paths as spread as its forecast (%s)', (slopes) => {
    const draw = random(7, 'walk');
    let level = 100;
    const y = Float64Array.from({ length: 90 }, () => {
      level += draw.normal();
      return level;
    });
    const series = seriesOf(y);
    const model = additive({ slopes, mode: 'additive' });
    const state = model.fit(series, contextOf(1));
    const sd = spread(model.forecast(state, 20, futureOf(series)));
    const paths = model.simulate!(state, 20, futureOf(series), 4000, random(1));
    for (const s of [0, 5, 12, 19]) {
      let squares = 0;
      let sum = 0;
      for (let k = 0; k < 4000; k++) {
        sum += paths[k * 20 + s]!;
        squares += paths[k * 20 + s]! ** 2;
      }
      const drawn = Math.sqrt(squares / 4000 - (sum / 4000) ** 2);
      expect(Math.abs(drawn / sd[s]! - 1)).toBeLessThan(0.06);
    }
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
