import { describe, expect, it } from 'vitest';
import { simulateShop } from '../../src/collect/demo-shop/shop.ts';
import { spread } from '../../src/core/distribution.ts';
import { ModelRefusal, UsageError } from '../../src/core/errors.ts';
import { frequency } from '../../src/core/frequency.ts';
import type { Future, Series } from '../../src/core/panel.ts';
import { random } from '../../src/core/random.ts';
import { mean } from '../../src/math/statistics.ts';
import type { Context } from '../../src/models/model.ts';
import { createModel } from '../../src/models/registry.ts';
import { simulate } from '../../src/models/simulation.ts';
import { decodeState, encodeState } from '../../src/store/plain-data.ts';
import { contextOf, futureOf, seriesOf } from './one-series.ts';

const knownFuture = [{ name: 'price' }, { name: 'promotion' }, { name: 'open' }];
const daily: Context = { freq: frequency('D'), season_length: 7, seed: 1, knownFuture };
const H = 56;

interface Case {
  readonly series: Series;
  readonly future: Future;
  readonly actual: Float64Array;
  /** True factor of price and promotion on each day of the horizon, against the days before it. */
  readonly factor: Float64Array;
}

/** The faster online products of a demo shop, their last 56 days hidden. */
function shopCases(seed: number): Case[] {
  const shop = simulateShop({ seed, products: 24 });
  const { units, closing, open, price, promotion, rate, baseline } = shop.cells;
  return shop.series.flatMap(({ first, past, store, product }, i) => {
    if (store !== 0 || past < 600 || shop.products[product]!.baseRate < 5) return [];
    const from = shop.offsets[i]!;
    const n = past - H;
    const column = (at: (k: number) => number): Float64Array =>
      Float64Array.from({ length: past }, (_, t) => at(from + t));
    const y = column((k) => (closing[k] === 0 && open[k] === 1 ? Number.NaN : units[k]!));
    const known = [
      column((k) => Math.log(price[k]!)),
      column((k) => (promotion[k]! >= 0 ? 1 : 0)),
      column((k) => open[k]!),
    ];
    const start = shop.calendar.firstDay + first;
    const bend = column((k) => (baseline[k]! > 0 ? rate[k]! / baseline[k]! : 1));
    let middle = 0;
    for (let t = 0; t < n; t++) middle += bend[t]! / n;
    return [
      {
        series: { ...seriesOf(y.subarray(0, n)), start, known: known.map((values) => values.slice(0, n)) },
        future: { start: start + n, known: known.map((values) => values.slice(n)) },
        actual: y.slice(n),
        factor: bend.slice(n).map((value) => value / middle),
      },
    ];
  });
}

describe('trees beside the regression', () => {
  const n = 500;
  const known = [{ name: 'discount' }, { name: 'display' }];
  const context: Context = { ...daily, knownFuture: known };
  /** Discounts do nothing up to 20 %, then double sales, and triple them where the product is on display. */
  function made(seed: number, effect: (discount: number, display: number) => number) {
    const draw = random(seed, 'trees');
    const all = n + H;
    const discount = Float64Array.from({ length: all }, () =>
      draw.uniform() < 0.5 ? 0 : 0.4 * draw.uniform(),
    );
    const display = Float64Array.from({ length: all }, () => (draw.uniform() < 0.3 ? 1 : 0));
    const mean = Float64Array.from(
      { length: all },
      (_, t) => 50 * (t % 7 > 4 ? 1.4 : 1) * effect(discount[t]!, display[t]!),
    );
    const y = mean.map((value) => draw.poisson(value));
    return {
      series: { ...seriesOf(y.slice(0, n)), known: [discount.slice(0, n), display.slice(0, n)] },
      future: { start: n, known: [discount.slice(n), display.slice(n)] },
      mean: mean.slice(n),
    };
  }
  const off = (regressors: string, { series, future, mean: truth }: ReturnType<typeof made>): number => {
    const model = createModel({ model: 'with-regressors', options: { regressors } });
    const ahead = model.forecast(model.fit(series, context), H, future).mean;
    return mean(ahead.map((value, s) => Math.abs(value - truth[s]!)));
  };
  const threshold = (discount: number, display: number): number =>
    discount > 0.2 ? (display === 1 ? 3 : 2) : 1;

  it('find thresholds and columns that work together', () => {
    for (const seed of [1, 2, 3]) {
      const data = made(seed, threshold);
      expect(off('boosted', data)).toBeLessThan(0.6 * off('ridge', data));
    }
  });

  it('hardly do harm where the regression is right already', () => {
    let [ridge, boosted] = [0, 0];
    for (const seed of [1, 2, 3, 4]) {
      const data = made(seed, (discount, display) => 1 + 2 * discount + 0.5 * display);
      ridge += off('ridge', data);
      boosted += off('boosted', data);
    }
    expect(boosted).toBeLessThan(1.15 * ridge);
  });

  it('are plain data, take part in components and paths, and find nothing in noise', () => {
    const { series, future } = made(4, threshold);
    const model = createModel({ model: 'with-regressors', options: { regressors: 'boosted' } });
    const state = model.fit(series, context);
    const again = decodeState(encodeState(state)) as typeof state;
    const ahead = model.forecast(state, H, future);
    expect(model.forecast(again, H, future)).toEqual(ahead);
    const parts = model.components(state, series, H, future);
    for (let s = 0; s < H; s++) {
      const total =
        parts.level[n + s]! + parts.trend[n + s]! + parts.seasonal[n + s]! + parts.regressors[n + s]!;
      expect(total).toBeCloseTo(ahead.mean[s]!, 6);
    }
    const paths = simulate(model, state, H, future, { paths: 2000 });
    const drawn = mean(Float64Array.from({ length: 2000 }, (_, k) => paths[k * H + 9]!));
    expect(Math.abs(drawn / ahead.mean[9]! - 1)).toBeLessThan(0.1);
    const noise = made(5, () => 1);
    expect((model.fit(noise.series, context) as { grown?: object }).grown).toBeUndefined();
  });
});

describe('a regression in front of a model', () => {
  it('makes theta better on the demo shop, whose prices and promotions are known', () => {
    const scores = { plain: 0, known: 0, sales: 0 };
    for (const seed of [1, 2]) {
      for (const { series, future, actual } of shopCases(seed)) {
        const plain = createModel('theta');
        const known = createModel({ model: 'with-regressors', options: { model: 'theta' } });
        const before = plain.forecast(plain.fit(series, daily), H, future).mean;
        const after = known.forecast(known.fit(series, daily), H, future).mean;
        for (let s = 0; s < H; s++) {
          if (Number.isNaN(actual[s]!)) continue;
          scores.plain += Math.abs(actual[s]! - before[s]!);
          scores.known += Math.abs(actual[s]! - after[s]!);
          scores.sales += actual[s]!;
        }
      }
    }
    expect(scores.known / scores.plain).toBeLessThan(0.85);
  }, 60_000);

  it('finds what promotions truly do to demand', () => {
    let error = 0;
    let size = 0;
    for (const { series, future, factor } of shopCases(3)) {
      const model = createModel({
        model: 'with-regressors',
        options: { model: 'theta', mode: 'multiplicative' },
      });
      const { level, trend, seasonal, regressors } = model.components(
        model.fit(series, daily),
        series,
        H,
        future,
      );
      const days = Array.from({ length: H }, (_, s) => s).filter((s) => future.known[2]![s] === 1);
      const found = days.map((s) => {
        const t = series.y.length + s;
        return Math.log(Math.max(0.05, 1 + regressors[t]! / (level[t]! + trend[t]! + seasonal[t]!)));
      });
      const truth = days.map((s) => Math.log(factor[s]!));
      // Against what average day an effect is told is a matter of taste: both are told against their own mean.
      const [foundMean, trueMean] = [mean(found), mean(truth)];
      for (let k = 0; k < days.length; k++) {
        error += Math.abs(found[k]! - foundMean - truth[k]! + trueMean);
        size += Math.abs(truth[k]! - trueMean);
      }
    }
    // Telling nothing of it would make the ratio 1.
    expect(error / size).toBeLessThan(0.75);
  }, 60_000);

  it('adds where effects add, exactly, and widens by what it is not sure of', () => {
    const x = Float64Array.from({ length: 80 }, (_, t) => (t % 9 === 4 ? 1 : 0));
    const y = Float64Array.from({ length: 72 }, (_, t) => 50 + 20 * x[t]!);
    const series = { ...seriesOf(y), known: [x.slice(0, 72)] };
    const future = { start: 72, known: [x.slice(72)] };
    const context: Context = { ...contextOf(1), knownFuture: [{ name: 'campaign' }] };
    for (const model of ['naive', 'ses', 'theta']) {
      const spec = createModel({ model: 'with-regressors', options: { model, mode: 'additive' } });
      const d = spec.forecast(spec.fit(series, context), 8, future);
      for (let s = 0; s < 8; s++) expect(d.mean[s]).toBeCloseTo(50 + 20 * x[72 + s]!, 3);
    }
    const noisy = { ...series, y: y.map((value, t) => value + 3 * Math.sin(t * t)) };
    const inner = createModel('ses');
    const model = createModel({ model: 'with-regressors', options: { model: 'ses', mode: 'additive' } });
    const state = model.fit(noisy, context);
    const sd = spread(model.forecast(state, 8, future));
    const on = x.subarray(72).indexOf(1);
    expect(sd[on]!).toBeGreaterThan(sd[on + 1]!);
    expect(inner.name).toBe('ses');
    const paths = simulate(model, state, 8, future, { paths: 2000 });
    let total = 0;
    for (let k = 0; k < 2000; k++) total += paths[k * 8 + on]!;
    expect(Math.abs(total / 2000 - model.forecast(state, 8, future).mean[on]!)).toBeLessThan(0.5);
  });

  it('is the model alone where nothing is known', () => {
    const series = seriesOf(Float64Array.from({ length: 60 }, (_, t) => 10 + (t % 12)));
    const plain = createModel('holt-winters');
    const behind = createModel({ model: 'with-regressors', options: { model: 'holt-winters' } });
    const ask = (model: typeof plain) =>
      model.forecast(model.fit(series, contextOf(12)), 6, futureOf(series));
    expect(ask(behind)).toEqual(ask(plain));
  });

  it('names the column and the period that it lacks, and refuses what lies far outside', () => {
    const price = Float64Array.from({ length: 100 }, (_, t) => 10 + (t % 3));
    const y = price.map((value, t) => 100 - 5 * value + Math.sin(t * t));
    const series = { ...seriesOf(y), known: [price] };
    const context: Context = { ...daily, season_length: 1, knownFuture: [{ name: 'price' }] };
    const model = createModel({ model: 'with-regressors', options: { model: 'ses' } });
    const state = model.fit(series, context);
    const ask = (values: number[]) => () =>
      model.forecast(state, 2, { start: 100, known: [Float64Array.from(values)] });
    expect(ask([10, Number.NaN])).toThrow('has no value of "price" for 1970-04-12');
    expect(ask([10, 1e4])).toThrow(ModelRefusal);
    expect(ask([10, 1e4])).toThrow('is asked about 1970-04-12, too far outside');
  });

  it('refuses options that make no sense', () => {
    const make = (options: Record<string, unknown>) => () =>
      createModel({ model: 'with-regressors', options });
    expect(make({ model: 'with-regressors' })).toThrow(UsageError);
    expect(make({ model: 'tetha' })).toThrow('Did you mean "theta"?');
    expect(make({ model: { model: 'theta', options: { colour: 1 } } })).toThrow(UsageError);
    expect(make({ regressors: 'lasso' })).toThrow('regressors is "lasso"; choose from ridge, boosted.');
    expect(make({ pay_days: [0] })).toThrow('a pay day is 0');
  });
});
