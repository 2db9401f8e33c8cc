import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { quantile } from '../../src/core/distribution.ts';
import { ModelRefusal } from '../../src/core/errors.ts';
import { frequency } from '../../src/core/frequency.ts';
import type { Future, Series } from '../../src/core/panel.ts';
import { random } from '../../src/core/random.ts';
import {
  type LinearRegressionState,
  linearRegression,
  regressionTable,
  ridgeRegression,
} from '../../src/models/linear-regression.ts';
import type { Context } from '../../src/models/model.ts';

// tslm and forecast of R's forecast 8.20, written by test/golden/linear.R.
const golden = JSON.parse(readFileSync(new URL('../golden/linear.golden.json', import.meta.url), 'utf8'));

const series = (y: ArrayLike<number>, known: readonly Float64Array[] = [], start = 0): Series => ({
  y: Float64Array.from(y),
  state: Uint8Array.from(y, (value) => (Number.isNaN(value) ? 1 : 0)),
  start,
  known,
});
const context = (freq: string, season_length: number, knownFuture: Context['knownFuture'] = []): Context => ({
  freq: frequency(freq),
  season_length,
  seed: 1,
  knownFuture,
});
const after = ({ y, start }: Series, known: readonly Float64Array[] = []): Future => ({
  start: start + y.length,
  known,
});
const kinds = ({ terms }: LinearRegressionState): string[] => terms.map(({ kind }) => kind);

describe('linear regression against R', () => {
  for (const name of ['air', 'gas'] as const) {
    it(`forecasts ${name} as tslm(y ~ trend + season) does, intervals included`, () => {
      const { y, mean, lower, upper } = golden[name];
      // R's months start in January; the phase of ordinal 0 is January too.
      const past = series(y);
      const model = linearRegression();
      const d = model.forecast(model.fit(past, context('MS', 12)), 24, after(past));
      expect(d.kind).toBe('student');
      const bounds = [0.1, 0.025, 0.9, 0.975].map((p) => quantile(d, p));
      for (let s = 0; s < 24; s++) {
        expect(d.mean[s]! / mean[s]).toBeCloseTo(1, 9);
        expect(bounds[0]![s]! / lower[s][0]).toBeCloseTo(1, 9);
        expect(bounds[1]![s]! / lower[s][1]).toBeCloseTo(1, 9);
        expect(bounds[2]![s]! / upper[s][0]).toBeCloseTo(1, 9);
        expect(bounds[3]![s]! / upper[s][1]).toBeCloseTo(1, 9);
      }
    });
  }
  it('forecasts with three Fourier pairs as tslm does', () => {
    const past = series(golden.air.y);
    const model = linearRegression({ season: 'fourier', max_pairs: 3 });
    const state = model.fit(past, context('MS', 12));
    expect(state.terms[1]).toMatchObject({ kind: 'fourier', pairs: 3 });
    const d = model.forecast(state, 12, after(past));
    const low = quantile(d, 0.025);
    for (let s = 0; s < 12; s++) {
      expect(d.mean[s]! / golden.fourier.mean[s]).toBeCloseTo(1, 9);
      expect(low[s]! / golden.fourier.lower[s]).toBeCloseTo(1, 9);
    }
  });
  it('takes the number of Fourier pairs with the least AICc of R', () => {
    const past = series(golden.air.y);
    const aicc: number[] = golden.fourier.aicc;
    const best = aicc.indexOf(Math.min(...aicc)) + 1;
    const state = linearRegression({ season: 'fourier', transform: 'log' }).fit(past, context('MS', 12));
    expect(state.terms[1]).toMatchObject({ kind: 'fourier', pairs: best });
  });
});

describe('linear regression', () => {
  const r = random(7);
  const weeks = 150;
  const price = Float64Array.from({ length: weeks + 10 }, () => 10 + r.normal());
  const promotion = Float64Array.from({ length: weeks + 10 }, () => (r.uniform() < 0.2 ? 1 : 0));
  const display = Float64Array.from({ length: weeks + 10 }, () => r.below(3));
  const truth = (t: number): number =>
    200 +
    0.5 * t +
    30 * Math.sin((2 * Math.PI * t * 7) / 365.2425) -
    8 * price[t]! +
    40 * promotion[t]! +
    [0, 15, -5][display[t]!]!;
  const y = Float64Array.from({ length: weeks }, (_, t) => truth(t) + 2 * r.normal());
  const columns = [
    { name: 'price' },
    { name: 'promotion' },
    { name: 'display', levels: ['none', 'end', 'shelf'] },
  ];
  const known = [price, promotion, display];
  const past = series(
    y,
    known.map((values) => values.subarray(0, weeks)),
  );
  const future = after(
    past,
    known.map((values) => values.subarray(weeks)),
  );
  const weekly = context('W', 52, columns);

  it('has as its level what sells now at the usual price, without promotion', () => {
    const model = linearRegression();
    const { level, trend } = model.components(model.fit(past, weekly), past, 10, future);
    // Shelf (−5) is what the displays are set against.
    expect(Math.abs(level[weeks]! - (200 + 0.5 * (weeks - 1) - 8 * 10 - 5))).toBeLessThan(4);
    expect(trend[weeks - 1]).toBe(0);
    expect(trend[weeks + 9]! / 10).toBeCloseTo(0.5, 1);
  });

  it('finds trend, yearly season, numbers and categories again', () => {
    const model = linearRegression();
    const state = model.fit(past, weekly);
    expect(kinds(state)).toEqual(['trend', 'number', 'number', 'category', 'fourier']);
    const table = Object.fromEntries(regressionTable(state).map((row) => [row.term, row]));
    const scale = state.terms[1]!.kind === 'number' ? state.terms[1]!.scale : Number.NaN;
    expect(Math.abs(table.price!.estimate / scale + 8)).toBeLessThan(
      4 * (table.price!.standard_error / scale),
    );
    // The last level, shelf (−5), is the one the others are compared with.
    expect(table['display = end']!.estimate).toBeGreaterThan(18);
    expect(table['display = end']!.estimate).toBeLessThan(22);
    expect(table['season 52, sine 1']!.p).toBeLessThan(1e-6);
    const d = model.forecast(state, 10, future);
    const [low, high] = [quantile(d, 0.001), quantile(d, 0.999)];
    for (let s = 0; s < 10; s++) {
      expect(truth(weeks + s)).toBeGreaterThan(low[s]!);
      expect(truth(weeks + s)).toBeLessThan(high[s]!);
      expect(high[s]! - low[s]!).toBeLessThan(20);
    }
  });
  it('shrinks with a ridge penalty, and says little else', () => {
    const model = ridgeRegression();
    const state = model.fit(past, weekly);
    const plain = linearRegression().fit(past, weekly);
    expect(state.fit.df).toBeGreaterThan(plain.fit.df);
    const d = model.forecast(state, 10, future);
    for (let s = 0; s < 10; s++) expect(Math.abs(d.mean[s]! - truth(weeks + s))).toBeLessThan(6);
    const heavy = ridgeRegression({ lambda: 1e9 });
    const flat = heavy.forecast(heavy.fit(past, weekly), 10, future);
    const average = y.reduce((a, b) => a + b, 0) / weeks;
    for (let s = 0; s < 10; s++) expect(flat.mean[s]).toBeCloseTo(average, 3);
  });
  it('covers as often as it says, over many series', () => {
    let inside = 0;
    let cells = 0;
    for (let k = 0; k < 200; k++) {
      const draw = random(11, k);
      const values = Float64Array.from(
        { length: 40 },
        (_, t) => 5 + 0.1 * t + [1, 2, 0, 4][t % 4]! + draw.normal(),
      );
      const short = series(values.subarray(0, 32));
      const model = linearRegression();
      const d = model.forecast(model.fit(short, context('QS', 4)), 8, after(short));
      const [low, high] = [quantile(d, 0.1), quantile(d, 0.9)];
      for (let s = 0; s < 8; s++) {
        cells++;
        if (values[32 + s]! >= low[s]! && values[32 + s]! <= high[s]!) inside++;
      }
    }
    expect(inside / cells).toBeGreaterThan(0.77);
    expect(inside / cells).toBeLessThan(0.83);
  });
  it('follows the unit of y, and its start in time does not matter', () => {
    const model = linearRegression();
    const plain = model.forecast(model.fit(past, weekly), 10, future);
    const grams = { ...past, y: y.map((value) => value * 1000) };
    const scaled = model.forecast(model.fit(grams, weekly), 10, future);
    for (let s = 0; s < 10; s++) expect(scaled.mean[s]! / plain.mean[s]! / 1000).toBeCloseTo(1, 10);
    const later = series(golden.air.y, [], 480);
    const monthly = context('MS', 12);
    const early = series(golden.air.y);
    const a = model.forecast(model.fit(later, monthly), 6, after(later));
    const b = model.forecast(model.fit(early, monthly), 6, after(early));
    for (let s = 0; s < 6; s++) expect(a.mean[s]! / b.mean[s]!).toBeCloseTo(1, 10);
  });
  it('forecasts the same from a state that went through JSON', () => {
    const model = linearRegression({ transform: 'log' });
    const state = model.fit(past, weekly);
    const text = JSON.stringify(state, (_, value) =>
      ArrayBuffer.isView(value) ? { [value.constructor.name]: Array.from(value as Float64Array) } : value,
    );
    const back = JSON.parse(text, (_, value) =>
      value?.Float64Array
        ? Float64Array.from(value.Float64Array)
        : value?.Int32Array
          ? Int32Array.from(value.Int32Array)
          : value,
    );
    expect(model.forecast(back, 10, future)).toEqual(model.forecast(state, 10, future));
  });
  it('passes over missing cells', () => {
    const holes = series(golden.air.y.map((value: number, t: number) => (t % 7 === 3 ? Number.NaN : value)));
    const model = linearRegression();
    const d = model.forecast(model.fit(holes, context('MS', 12)), 12, after(holes));
    for (let s = 0; s < 12; s++) expect(d.mean[s]! / golden.air.mean[s]).toBeCloseTo(1, 1);
  });
  it('forecasts a weekday that it never saw as a mean weekday', () => {
    // Ordinal 0 is a Thursday: phase 3 is Sunday, on which the shop is shut.
    const shut = series(
      Array.from({ length: 70 }, (_, t) => (t % 7 === 3 ? Number.NaN : [1, 2, 3, 0, 4, 5, 6][t % 7]!)),
    );
    const model = linearRegression({ trend: 'none' });
    const d = model.forecast(model.fit(shut, context('D', 7)), 7, after(shut));
    expect([...d.mean].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([1, 2, 3, 3.5, 4, 5, 6]);
  });
  it('gives a category that it never saw the mean of those it did', () => {
    const codes = Float64Array.from({ length: 30 }, (_, t) => t % 2);
    const two = series(
      codes.map((code) => 10 + 4 * code),
      [codes],
    );
    const about = context('D', 1, [{ name: 'kind', levels: ['a', 'b', 'c'] }]);
    const model = linearRegression();
    const d = model.forecast(model.fit(two, about), 1, after(two, [Float64Array.of(2)]));
    expect(d.mean[0]).toBeCloseTo(12, 8);
  });
  it('corrects the mean of a log fit by smearing (Duan 1983)', () => {
    const draw = random(3);
    const skewed = series(Array.from({ length: 400 }, () => Math.exp(1 + 0.8 * draw.normal())));
    const model = linearRegression({ transform: 'log', trend: 'none' });
    const d = model.forecast(model.fit(skewed, context('D', 1)), 1, after(skewed));
    const average = skewed.y.reduce((a, b) => a + b, 0) / 400;
    // With the intercept alone, smearing gives back the arithmetic mean, and the median is the geometric one.
    expect(d.mean[0]! / average).toBeCloseTo(1, 10);
    const geometric = Math.exp(skewed.y.reduce((a, b) => a + Math.log(b), 0) / 400);
    expect(quantile(d, 0.5)[0]! / geometric).toBeCloseTo(1, 10);
    expect(quantile(d, 0.05)[0]).toBeGreaterThan(0);
  });
});

describe('linear regression on little data', () => {
  const draw = random(5);
  const shop = (n: number): Series => series(Array.from({ length: n }, () => 10 + draw.normal()));
  const model = linearRegression();
  const monthly = context('MS', 12);
  it('refuses below four values, in words', () => {
    const fit = (): unknown => model.fit(series([1, Number.NaN, 2, 3]), monthly);
    expect(fit).toThrow(ModelRefusal);
    expect(fit).toThrow('has 3 observed values; linear-regression needs at least 4');
  });
  it('drops the season first, then covariates, then the trend', () => {
    expect(kinds(model.fit(shop(36), monthly))).toEqual(['trend', 'phases']);
    expect(kinds(model.fit(shop(23), monthly))).toEqual(['trend']);
    expect(kinds(model.fit(shop(9), monthly))).toEqual([]);
    const known = Array.from({ length: 8 }, () => Float64Array.from({ length: 12 }, () => draw.normal()));
    const names = known.map((_, j) => ({ name: `x${j}` }));
    const crowded = model.fit({ ...shop(12), known }, context('MS', 12, names));
    expect(kinds(crowded)).toEqual(['trend', ...Array(6).fill('number')]);
    expect(crowded.notes).toEqual(['"x6" has no room in 12 rows', '"x7" has no room in 12 rows']);
  });
  it('stays near the data for every short length', () => {
    for (let n = 4; n < 40; n++) {
      const past = shop(n);
      const d = model.forecast(model.fit(past, monthly), 12, after(past));
      for (let s = 0; s < 12; s++) expect(Math.abs(d.mean[s]! - 10), `n = ${n}`).toBeLessThan(6);
    }
  });
  it('is certain of a constant, and of nothing but zeros', () => {
    for (const value of [0, 7]) {
      const flat = series(Array(60).fill(value));
      const d = model.forecast(model.fit(flat, monthly), 3, after(flat));
      for (let s = 0; s < 3; s++) {
        expect(d.mean[s]).toBeCloseTo(value, 10);
        expect(quantile(d, 0.975)[s]).toBeCloseTo(value, 10);
      }
    }
  });
  const about = context('W', 1, [{ name: 'price' }, { name: 'markdown' }]);
  const price = Float64Array.from({ length: 30 }, () => 5 + draw.normal());
  const late = Float64Array.from({ length: 30 }, (_, t) => (t < 20 ? Number.NaN : t));
  it('leaves out a column that is mostly missing or never changes, and says so', () => {
    const state = model.fit({ ...shop(30), known: [new Float64Array(30).fill(3), late] }, about);
    expect(state.notes).toEqual(['"markdown" is missing in 67% of the rows', '"price" never changes']);
    expect(kinds(state)).toEqual(['trend']);
  });
  it('drops the rows in which a column is missing here and there', () => {
    const holes = price.map((value, t) => (t % 6 === 0 ? Number.NaN : value));
    const state = model.fit({ ...shop(30), known: [holes, price] }, about);
    expect(state.fit.df).toBe(25 - 3);
  });
  it('refuses a future without a value it needs, and names column and date', () => {
    const past = { ...shop(30), known: [price, late] };
    const state = model.fit(past, about);
    const missing = { start: 30, known: [Float64Array.of(5, Number.NaN), Float64Array.of(1, 1)] };
    expect(() => model.forecast(state, 2, missing)).toThrow(ModelRefusal);
    expect(() => model.forecast(state, 2, missing)).toThrow(
      'has no value of "price" for 1970-08-09; give its future or leave it out',
    );
    expect(model.forecast(state, 1, missing).mean[0]).toBeGreaterThan(0);
  });
  it('refuses a future far outside what was seen', () => {
    const past = { ...shop(30), known: [price, late] };
    const state = model.fit(past, about);
    expect(() =>
      model.forecast(state, 1, { start: 30, known: [Float64Array.of(5000), Float64Array.of(1)] }),
    ).toThrow('is asked about 1970-08-02, too far outside what the regression has seen');
  });
  it('refuses a log of what has none, and options that are none', () => {
    expect(() => linearRegression({ transform: 'log' }).fit(series([1, 2, 0, 3, 4]), monthly)).toThrow(
      'has the value 0 at 1970-03-01; transform "log" needs values above 0',
    );
    expect(() => linearRegression({ lamda: 1 } as object)).toThrow('Did you mean "lambda"?');
    expect(() => linearRegression({ trend: 'cubic' } as object)).toThrow('choose from linear, none');
    expect(() => linearRegression({ covariates: ['prise'] }).fit(shop(30), about)).toThrow(
      'Did you mean "price"?',
    );
  });
  it('changes nothing it is given', () => {
    const past = { ...shop(30), known: [price, late] };
    const copy = structuredClone(past);
    model.fit(past, about);
    expect(past).toEqual(copy);
  });
});
