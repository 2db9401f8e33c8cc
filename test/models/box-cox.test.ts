import { describe, expect, it } from 'vitest';
import { quantile } from '../../src/core/distribution.ts';
import { ModelRefusal, UsageError } from '../../src/core/errors.ts';
import { random } from '../../src/core/random.ts';
import { guerreroLambda } from '../../src/math/box-cox.ts';
import type { BoxCoxState } from '../../src/models/box-cox.ts';
import { createModel, MODELS, nominalCost } from '../../src/models/registry.ts';
import { simulate } from '../../src/models/simulation.ts';
import { contextOf, futureOf, golden, run, runNormal, seriesOf } from './one-series.ts';

interface Golden {
  readonly lambdas: readonly { name: string; season_length: number; y: readonly number[] }[];
  readonly forecasts: readonly {
    readonly name: string;
    readonly lambda: number;
    readonly order: readonly number[];
    readonly seasonal_order: readonly number[];
    readonly mean: readonly number[];
    readonly median: readonly number[];
    /** Bounds of the 50, 80 and 95 % intervals. */
    readonly lower: readonly (readonly number[])[];
    readonly upper: readonly (readonly number[])[];
  }[];
}

const { lambdas, forecasts } = golden('box-cox') as Golden;
const seriesNamed = (name: string) => lambdas.find((each) => each.name === name)!;
const boxCox = (options: Readonly<Record<string, unknown>> = {}) =>
  createModel({ model: 'box-cox', options });
const airline = seriesNamed('AirPassengers').y;

describe('box-cox', () => {
  it.each(forecasts)("has the quantiles of R's transformed ARIMA on $name, lambda $lambda", (expected) => {
    const { y, season_length } = seriesNamed(expected.name);
    const { order, seasonal_order, lambda } = expected;
    const d = run(
      boxCox({ model: { model: 'arima', options: { order, seasonal_order } }, lambda }),
      y,
      season_length,
      12,
    );
    const near = (values: Float64Array, wanted: readonly number[], share: number): void => {
      for (const [s, value] of wanted.entries()) {
        expect(Math.abs(values[s]! / value - 1), `step ${s}: ${values[s]} for ${value}`).toBeLessThan(share);
      }
    };
    near(quantile(d, 0.5), expected.median, 0.005);
    for (const [k, p] of [0.25, 0.1, 0.025].entries()) {
      near(quantile(d, p), expected.lower[k]!, 0.005);
      near(quantile(d, 1 - p), expected.upper[k]!, 0.005);
    }
    // R's mean is that of a curve of second order.
    near(d.mean, expected.mean, 0.005);
  });

  it('finds its power, within bounds, and a larger one where there are zeros', () => {
    const lambdaOf = (y: ArrayLike<number>, options = {}): number =>
      (boxCox({ model: 'ses', ...options }).fit(seriesOf(y), contextOf(12)) as BoxCoxState).lambda;
    expect(lambdaOf(airline, { lower: -1, upper: 2 })).toBeCloseTo(
      guerreroLambda(Float64Array.from(airline), 12),
      9,
    );
    expect(lambdaOf(airline)).toBeCloseTo(0, 3);
    expect(lambdaOf(airline, { lower: 0.4 })).toBeCloseTo(0.4, 3);
    expect(lambdaOf([...airline.slice(1), 0])).toBeGreaterThanOrEqual(0.25);
    expect(lambdaOf(airline.slice(0, 24))).toBe(1);
  });

  it('is the model alone where the power is 1 and zero far away', () => {
    const alone = runNormal(createModel('holt-winters'), airline, 12, 12);
    const d = run(boxCox({ model: 'holt-winters', lambda: 1 }), airline, 12, 12);
    for (let s = 0; s < 12; s++) {
      expect(d.mean[s]! / alone.mean[s]!).toBeCloseTo(1, 6);
      for (const p of [0.025, 0.5, 0.9]) {
        expect(quantile(d, p)[s]! / quantile(alone, p)[s]!).toBeCloseTo(1, 6);
      }
    }
  });

  it('has the mean of its distribution, not the median', () => {
    const draw = random(3);
    const y = Float64Array.from({ length: 400 }, () => Math.exp(3 + 0.8 * draw.normal()));
    const d = run(boxCox({ model: 'mean', lambda: 0 }), y, 1, 1);
    const middle = quantile(d, 0.5)[0]!;
    expect(middle / Math.exp(3)).toBeGreaterThan(0.9);
    expect(middle / Math.exp(3)).toBeLessThan(1.1);
    const plain = run(boxCox({ model: 'mean', lambda: 0, bias_adjustment: false }), y, 1, 1);
    expect(plain.mean[0]! / middle).toBeCloseTo(1, 9);
    // The mean of a lognormal is exp(σ² / 2) times its median.
    const sd = Math.log(quantile(d, 0.975)[0]! / middle) / 1.95996;
    expect(d.mean[0]! / middle).toBeCloseTo(Math.exp((sd * sd) / 2), 2);
  });

  it('draws paths with that mean, none below zero', () => {
    const model = boxCox({ model: 'ets', lambda: 0 });
    const series = seriesOf(airline);
    const state = model.fit(series, contextOf(12));
    const drawn = simulate(model, state, 12, futureOf(series), { paths: 4000 });
    expect(Math.min(...drawn)).toBeGreaterThan(0);
    const { mean } = model.forecast(state, 12, futureOf(series));
    for (const s of [0, 11]) {
      let total = 0;
      for (let k = 0; k < 4000; k++) total += drawn[12 * k + s]!;
      expect(total / 4000 / mean[s]!).toBeCloseTo(1, 2);
    }
  });

  it('stays finite and at 0 or above where the power is far from 1', () => {
    const draw = random(4);
    const y = Float64Array.from({ length: 60 }, () => Math.exp(2 * draw.normal()));
    for (const lambda of [-2, -0.5, 0, 0.3, 3]) {
      const d = run(boxCox({ model: 'naive', lambda }), y, 1, 24);
      const most = Math.max(...y);
      for (let s = 0; s < 24; s++) {
        expect(quantile(d, 0.01)[s]).toBeGreaterThanOrEqual(0);
        expect(quantile(d, 0.99)[s]).toBeLessThanOrEqual(20 * most);
        expect(d.mean[s]).toBeGreaterThanOrEqual(quantile(d, 0.005)[s]!);
        expect(d.mean[s]).toBeLessThanOrEqual(20 * most);
      }
    }
  });

  it('makes a season that grows with the level, and parts that say so in units of y', () => {
    const series = seriesOf(airline);
    const model = boxCox({ model: { model: 'mstl', options: { seasonal: 'additive' } }, lambda: 0 });
    const { level, trend, seasonal } = model.components(
      model.fit(series, contextOf(12)),
      series,
      12,
      futureOf(series),
    );
    const swing = (from: number): number => {
      const year = seasonal.subarray(from, from + 12);
      return Math.max(...year) - Math.min(...year);
    };
    expect(swing(132) / swing(24)).toBeGreaterThan(2);
    for (let t = 24; t < 144; t++) {
      const fit = level[t]! + trend[t]! + seasonal[t]!;
      expect(Math.abs(fit / airline[t]! - 1)).toBeLessThan(0.25);
    }
  });

  it('costs what its model costs, and a little', () => {
    const cost = nominalCost({ model: 'box-cox', options: { model: 'theta' } }, 100, 12);
    expect(cost).toBeGreaterThan(MODELS.theta!.cost!(100, 12));
    expect(nominalCost({ model: 'box-cox' }, 100, 12)).toBeGreaterThan(MODELS.arima!.cost!(100, 12));
  });

  it('refuses values without a transform, and options that make no sense', () => {
    const ask =
      (y: readonly number[], options = {}) =>
      () =>
        run(boxCox({ model: 'ses', ...options }), y, 1, 1);
    const flat = Array.from({ length: 20 }, (_, t) => 5 + (t % 3));
    expect(ask([...flat, -3])).toThrow(ModelRefusal);
    expect(ask([...flat, -3])).toThrow('has the value -3; box-cox needs values of 0 or more');
    expect(ask([...flat, 0], { lambda: 0 })).toThrow(
      'has the value 0; box-cox with lambda 0 needs values above 0, or give a lambda above 0',
    );
    expect(ask([...flat, 1e-9], { lambda: -2 })).toThrow(
      'spans 1e-9 to 7, too much for box-cox with lambda -2',
    );
    expect(() => boxCox({ model: 'box-cox' })).toThrow('cannot have itself');
    expect(() => boxCox({ lambda: 'auto' })).toThrow('use "guerrero" or a number from -5 to 5');
    expect(() => boxCox({ bias_adjustment: 1 })).toThrow('"bias_adjustment" is "1"; use true or false');
    expect(() => boxCox({ lower: 'x' })).toThrow(UsageError);
    expect(() => boxCox({ lower: 1 })).toThrow('option "lower" is 1, not below "upper", 1');
  });
});
