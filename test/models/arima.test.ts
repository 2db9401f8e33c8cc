import { describe, expect, it } from 'vitest';
import type { NormalDistribution } from '../../src/core/distribution.ts';
import { frequency } from '../../src/core/frequency.ts';
import type { Series } from '../../src/core/panel.ts';
import { random } from '../../src/core/random.ts';
import { type ArimaOptions, arima } from '../../src/models/arima.ts';
import type { Context } from '../../src/models/model.ts';
import { contextOf, futureOf, golden, runNormal, seriesOf } from './one-series.ts';

interface ArimaGolden {
  readonly name: string;
  readonly season_length: number;
  readonly y: readonly (number | null)[];
  readonly order: [number, number, number];
  readonly seasonal_order: [number, number, number];
  readonly mean: boolean;
  readonly drift: boolean;
  readonly xreg: readonly (readonly number[])[];
  readonly future: readonly (readonly number[])[];
  readonly loglik: number;
  readonly aicc: number;
  readonly sigma2: number;
  readonly coef: Readonly<Record<string, number>>;
  readonly forecast: readonly number[];
  readonly sd: readonly number[];
}

const columnsOf = (rows: readonly (readonly number[])[]): Float64Array[] =>
  (rows[0] ?? []).map((_, j) => Float64Array.from(rows, (row) => row[j]!));

const withColumns = (m: number, count: number): Context => ({
  ...contextOf(m),
  knownFuture: Array.from({ length: count }, (_, j) => ({ name: `x${j}` })),
});

describe('arima of a given order', () => {
  it.each(golden('arima') as ArimaGolden[])("equals R's exact likelihood on $name", (expected) => {
    const { season_length: m, order, seasonal_order, mean, drift } = expected;
    const known = columnsOf(expected.xreg);
    const series: Series = { ...seriesOf(expected.y.map((v) => v ?? Number.NaN)), known };
    const model = arima({ order, seasonal_order, mean, drift });
    const state = model.fit(series, withColumns(m, known.length));
    const { fit } = state.members[0]!;
    // R starts differenced series from a variance of 1e6 instead of an unbounded one: worth up to 0.02.
    expect(fit.logLikelihood).toBeGreaterThan(expected.loglik - 0.02);
    if (fit.logLikelihood > expected.loglik + 0.02) {
      // R's optimiser stopped at a lower maximum: there is nothing to compare with.
      expect(['co2 (1,1,1)(1,1,2)', 'mdeaths']).toContain(expected.name);
      return;
    }
    const future = { ...futureOf(series), known: columnsOf(expected.future) };
    const ours = model.forecast(state, 12, future) as NormalDistribution;
    const size = Math.max(...expected.forecast.map(Math.abs));
    for (let s = 0; s < 12; s++) {
      expect(Math.abs(ours.mean[s]! - expected.forecast[s]!)).toBeLessThan(0.005 * size);
    }
    const coefficients: Record<string, number> = {};
    for (const name of ['ar', 'ma', 'sar', 'sma'] as const) {
      fit[name].forEach((value, i) => {
        coefficients[`${name}${i + 1}`] = value;
      });
    }
    for (const [name, value] of Object.entries(coefficients)) {
      expect(Math.abs(value - expected.coef[name]!), name).toBeLessThan(0.005);
    }
    expect(Math.abs(fit.sigma2 / expected.sigma2 - 1)).toBeLessThan(0.005);
    // R takes regression coefficients, means and drifts for certain; ours never is narrower.
    for (let s = 0; s < 12; s++) {
      expect(ours.sd[s]!).toBeGreaterThan(0.99 * expected.sd[s]!);
      if (fit.beta.length === 0) expect(ours.sd[s]!).toBeLessThan(1.01 * expected.sd[s]!);
    }
  });
});

/** A fit by R, and its forecasts of 12 steps. */
interface RFit {
  readonly loglik: number;
  readonly sigma2: number;
  readonly coef: Readonly<Record<string, number>>;
  readonly forecast: readonly number[];
}

interface CssGolden extends Omit<ArimaGolden, 'drift' | keyof RFit> {
  readonly css: RFit;
  readonly 'css-ml': RFit;
}

describe.each(['css', 'css-ml'] as const)('arima of a given order with method %s', (method) => {
  it.each(golden('arima-css') as CssGolden[])("equals R's arima on $name", (expected) => {
    const { season_length: m, order, seasonal_order, mean } = expected;
    const { loglik, sigma2, coef, forecast } = expected[method];
    const known = columnsOf(expected.xreg);
    const series: Series = { ...seriesOf(expected.y as number[]), known };
    const model = arima({ order, seasonal_order, mean, method });
    const state = model.fit(series, withColumns(m, known.length));
    const { fit } = state.members[0]!;
    // R's exact likelihood starts differenced series from a variance of 1e6 instead of an unbounded one.
    expect(Math.abs(fit.logLikelihood - loglik)).toBeLessThan(method === 'css' ? 1e-6 : 0.005);
    for (const name of ['ar', 'ma', 'sar', 'sma'] as const) {
      for (const [i, value] of fit[name].entries()) {
        expect(Math.abs(value - coef[`${name}${i + 1}`]!), name).toBeLessThan(2e-4);
      }
    }
    // R divides the squares of an exact fit by their number and does not correct for what was estimated.
    const lost = order[1] + seasonal_order[1] * m;
    const used = expected.y.length - lost;
    const corrected = method === 'css' ? sigma2 : (sigma2 * used) / (used - Object.keys(coef).length);
    expect(fit.sigma2 / corrected).toBeCloseTo(1, method === 'css' ? 6 : 3);
    const future = { ...futureOf(series), known: columnsOf(expected.future) };
    const ours = model.forecast(state, 12, future).mean;
    const size = Math.max(...forecast.map(Math.abs));
    for (let s = 0; s < 12; s++) expect(Math.abs(ours[s]! - forecast[s]!)).toBeLessThan(2e-5 * size);
  });
});

describe('arima by conditional sum of squares', () => {
  const airPassengers = (golden('arima') as ArimaGolden[])[0]!.y as number[];

  it('is least squares on lags where there is no moving average', () => {
    const y = (golden('arima') as ArimaGolden[]).find(({ name }) => name === 'LakeHuron')!.y as number[];
    const { fit } = arima({ order: [1, 0, 0], method: 'css' }).fit(seriesOf(y), contextOf(1)).members[0]!;
    const average = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    const [before, after] = [y.slice(0, -1), y.slice(1)];
    const [x, z] = [average(before), average(after)];
    let [up, down] = [0, 0];
    before.forEach((v, t) => {
      up += (v - x) * (after[t]! - z);
      down += (v - x) ** 2;
    });
    expect(fit.ar[0]!).toBeCloseTo(up / down, 6);
    expect(fit.beta[0]!).toBeCloseTo((z - (up / down) * x) / (1 - up / down), 3);
  });

  it('chooses orders, and tells no fit of the values that are given', () => {
    const series = seriesOf(airPassengers);
    const model = arima({ method: 'css', average: false });
    const state = model.fit(series, contextOf(12));
    const { fit } = state.members[0]!;
    expect(fit).toMatchObject({ conditional: true, order: { D: 1, m: 12 } });
    const given = fit.order.d + 12 * (fit.order.D + fit.order.P) + fit.order.p;
    const { level } = model.components(state, series, 6, futureOf(series));
    expect(level.findIndex((v) => !Number.isNaN(v))).toBe(given);
    const exact = runNormal(arima({ average: false }), airPassengers, 12, 12).mean;
    const ahead = model.forecast(state, 12, futureOf(series)).mean;
    for (let s = 0; s < 12; s++) expect(Math.abs(ahead[s]! / exact[s]! - 1)).toBeLessThan(0.01);
  });

  it('refuses missing cells within a series, not those around it', () => {
    const gappy = airPassengers.map((v, t) => (t === 30 || t === 31 ? Number.NaN : v));
    expect(() => runNormal(arima({ method: 'css' }), gappy, 12, 1)).toThrow(
      'has 2 missing cells between its first and last value; arima with method "css" cannot pass over them, use method "ml"',
    );
    const order: ArimaOptions = { order: [0, 1, 1], seasonal_order: [0, 1, 1], method: 'css' };
    const plain = runNormal(arima(order), airPassengers, 12, 3).mean;
    const around = [Number.NaN, ...airPassengers, Number.NaN];
    expect(runNormal(arima(order), around, 12, 2).mean[1]!).toBeCloseTo(plain[2]!, 10);
    const exact: ArimaOptions = { ...order, method: 'css-ml' };
    const [started, usual] = [exact, { ...exact, method: 'ml' as const }].map(
      (options) => arima(options).fit(seriesOf(gappy), contextOf(12)).members[0]!.fit.logLikelihood,
    );
    expect(started!).toBeCloseTo(usual!, 6);
  });

  it('refuses series that the given values use up', () => {
    const options: ArimaOptions = { order: [2, 0, 0], seasonal_order: [1, 0, 0], method: 'css' };
    expect(() => runNormal(arima(options), airPassengers.slice(0, 18), 12, 1)).toThrow(
      'has 18 observed values; this arima order needs at least 19',
    );
  });
});

/** Two regressors, one a category; noise of an AR(1). */
function driven(n: number): { series: Series; context: Context } {
  const draw = random(7);
  const price = Float64Array.from({ length: n }, () => 10 + draw.normal());
  const promo = Float64Array.from({ length: n }, () => (draw.uniform() < 0.2 ? 1 : 0));
  let noise = 0;
  const y = Float64Array.from({ length: n }, (_, t) => {
    noise = 0.6 * noise + draw.normal();
    return 200 - 8 * price[t]! + 15 * promo[t]! + noise;
  });
  const context: Context = {
    ...contextOf(1),
    freq: frequency('D'),
    knownFuture: [{ name: 'price' }, { name: 'promo', levels: ['no', 'yes'] }],
  };
  return { series: { ...seriesOf(y), known: [price, promo] }, context };
}

const ahead = (series: Series, columns: readonly (readonly number[])[]) => ({
  ...futureOf(series),
  known: columns.map((column) => Float64Array.from(column)),
});

describe('arima with regressors', () => {
  const { series, context } = driven(150);
  const state = arima().fit(series, context);

  it('finds what they do, and forecasts with their future', () => {
    const at = (columns: number[][]): number => arima().forecast(state, 2, ahead(series, columns)).mean[1]!;
    const base = at([
      [10, 10],
      [0, 0],
    ]);
    expect(Math.abs(base - 120)).toBeLessThan(2);
    expect(
      at([
        [10, 11],
        [0, 0],
      ]) - base,
    ).toBeCloseTo(-8, 0);
    expect(
      Math.abs(
        at([
          [10, 10],
          [0, 1],
        ]) -
          base -
          15,
      ),
    ).toBeLessThan(1);
  });

  it('gives their effect as a component', () => {
    const future = ahead(series, [
      [10, 12],
      [0, 0],
    ]);
    const { regressors } = arima().components(state, series, 2, future);
    expect(Math.abs(regressors[151]! - regressors[150]! + 16)).toBeLessThan(1);
  });

  it('refuses a future without a value, by column and period', () => {
    const future = ahead(series, [
      [10, Number.NaN],
      [0, 0],
    ]);
    expect(() => arima().forecast(state, 2, future)).toThrow(
      /has no value of "price" for \d{4}-\d{2}-\d{2}; give its future or leave it out/,
    );
    expect(() => arima().forecast(state, 2, futureOf(series))).toThrow('has no value of "price"');
  });

  it('takes only those named, or none', () => {
    expect(
      arima({ covariates: ['promo'] })
        .fit(series, context)
        .terms.map(({ name }) => name),
    ).toEqual(['promo']);
    expect(arima({ covariates: false }).fit(series, context).terms).toEqual([]);
    expect(() => arima({ covariates: ['prize'] }).fit(series, context)).toThrow('Did you mean "price"?');
  });

  it('leaves out a cell whose regressor is missing', () => {
    const price = series.known[0]!.slice();
    price[30] = Number.NaN;
    const y = series.y.slice();
    y[30] = 1e6;
    const gappy = { ...series, y, known: [price, series.known[1]!] };
    const options: ArimaOptions = { order: [1, 0, 0] };
    const { beta } = arima(options).fit(gappy, context).members[0]!.fit;
    const whole = arima(options).fit(series, context).members[0]!.fit.beta;
    expect(Math.abs(beta[0]! / whole[0]! - 1)).toBeLessThan(0.05);
  });
});

describe('automatic arima', () => {
  const airPassengers = (golden('arima') as ArimaGolden[])[0]!.y as number[];

  it("chooses the airline model for the airline's passengers, as R does", () => {
    const { members } = arima({ average: false }).fit(seriesOf(airPassengers), contextOf(12));
    expect(members.map(({ fit }) => fit.name)).toEqual(['ARIMA(0,1,1)(0,1,1)[12]']);
  });

  it('averages models that are nearly as good', () => {
    const { members } = arima().fit(seriesOf(airPassengers), contextOf(12));
    expect(members.length).toBeGreaterThan(1);
    expect(members.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    for (const { fit } of members) expect(fit.aicc - members[0]!.fit.aicc).toBeLessThan(4.01);
  });

  it('finds at least as good a model when it tries them all', () => {
    const y = seriesOf(airPassengers.slice(0, 72));
    const limits = { average: false, max_p: 2, max_q: 2, max_P: 1, max_Q: 1 };
    const walked = arima(limits).fit(y, contextOf(12)).members[0]!.fit.aicc;
    const tried = arima({ ...limits, stepwise: false }).fit(y, contextOf(12)).members[0]!.fit.aicc;
    expect(tried).toBeLessThan(walked + 1e-3);
  });

  it('keeps within its bounds', () => {
    const options = { average: false, max_p: 1, max_q: 0, max_P: 0, max_Q: 0, max_D: 0, d: 1, drift: false };
    const { order } = arima(options).fit(seriesOf(airPassengers), contextOf(12)).members[0]!.fit;
    expect(order).toMatchObject({ d: 1, q: 0, P: 0, D: 0, Q: 0, constant: false });
    expect(order.p).toBeLessThanOrEqual(1);
  });

  it('carries a straight line and a pure season on', () => {
    const line = runNormal(
      arima(),
      Float64Array.from({ length: 30 }, (_, t) => 5 + 2 * t),
      1,
      3,
    );
    expect(Array.from(line.mean)).toEqual([65, 67, 69].map((v) => expect.closeTo(v, 6)));
    const figure = [1, 5, 2, 9];
    const season = runNormal(
      arima(),
      Float64Array.from({ length: 40 }, (_, t) => figure[t % 4]!),
      4,
      4,
    );
    expect(Array.from(season.mean)).toEqual(figure.map((v) => expect.closeTo(v, 6)));
  });

  it('counts empty cells at the end as time', () => {
    const line = Float64Array.from({ length: 30 }, (_, t) => (t >= 27 ? Number.NaN : 10 + 2 * t));
    expect(runNormal(arima(), line, 1, 1).mean[0]).toBeCloseTo(70, 6);
  });
});

describe('arima refuses', () => {
  it('what it cannot do', () => {
    expect(() => runNormal(arima(), [1, 2], 1, 1)).toThrow('has 2 observed values; arima needs at least 3');
    expect(() => runNormal(arima({ order: [2, 1, 2] }), [1, 2, 4, 3, 5], 1, 1)).toThrow(
      'has 5 observed values; this arima order needs at least 7',
    );
    expect(() => arima({ order: [1, 1] as unknown as [1, 1, 1] })).toThrow(
      'arima option "order" is [1,1]; give three whole numbers from 0 to 24, as [1, 1, 1].',
    );
    expect(() => arima({ max_p: -1 })).toThrow(
      'arima option "max_p" is -1; give a whole number from 0 to 24.',
    );
    expect(() => arima({ ic: 'hqic' as 'aic' })).toThrow(
      'arima option "ic" is "hqic"; choose from aicc, aic, bic.',
    );
    expect(() => arima({ method: 'CSS' as 'css' })).toThrow(
      'arima option "method" is "CSS"; choose from ml, css-ml, css.',
    );
    expect(() => arima({ seasonal: true } as object)).toThrow('arima has no option "seasonal".');
  });
});
