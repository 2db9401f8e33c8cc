import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as metrics from '../../src/evaluate/metrics.ts';
import { normalCdf, normalQuantile } from '../../src/math/special.ts';

const { NaN: none } = Number;
// Five cells, one not observed. Errors y − f: 1, −2, –, 0, 4.
const y = [10, 20, none, 0, 4];
const f = [9, 22, 5, 0, 0];

describe('point metrics, worked by hand', () => {
  it('passes over cells that were not observed', () => {
    expect(metrics.mae(y, f)).toBeCloseTo((1 + 2 + 0 + 4) / 4, 14);
    expect(metrics.mse(y, f)).toBeCloseTo((1 + 4 + 0 + 16) / 4, 14);
    expect(metrics.rmse(y, f)).toBeCloseTo(Math.sqrt(21 / 4), 14);
    expect(metrics.wape(y, f)).toBeCloseTo(7 / 34, 14);
    expect(metrics.bias(y, f)).toBeCloseTo((-1 + 2 + 0 - 4) / 34, 14);
  });
  it('leaves cells with y = 0 out of MAPE', () => {
    expect(metrics.mape(y, f)).toBeCloseTo((100 * (1 / 10 + 2 / 20 + 4 / 4)) / 3, 12);
    expect(metrics.mape([0, 0], [1, 2])).toBeNaN();
  });
  it('counts 0 for 0 as a hit in sMAPE, and 0 for something as 200', () => {
    expect(metrics.smape(y, f)).toBeCloseTo((200 / 19 + 400 / 42 + 0 + 200) / 4, 12);
  });
  it('scales MASE by the observed pairs of the seasonal naive', () => {
    const training = [1, 3, none, 4, 8, 9];
    expect(metrics.insampleScale(training)).toBeCloseTo((2 + 4 + 1) / 3, 14);
    expect(metrics.insampleScale(training, 2)).toBeCloseTo((1 + 5) / 2, 14);
    expect(metrics.insampleScale(training, 1, 2)).toBeCloseTo(Math.sqrt((4 + 16 + 1) / 3), 14);
    expect(metrics.mase(y, f, 3.5)).toBeCloseTo(0.5, 14);
    expect(metrics.rmsse(y, f, 2)).toBeCloseTo(Math.sqrt(21 / 4) / 2, 14);
  });
  it('is NaN where the scale is 0 or there is nothing to score', () => {
    expect(metrics.insampleScale([5, 5, 5])).toBe(0);
    expect(metrics.insampleScale([5], 1)).toBeNaN();
    for (const scale of [0, none]) {
      expect(metrics.mase(y, f, scale)).toBeNaN();
      expect(metrics.rmsse(y, f, scale)).toBeNaN();
    }
    expect(metrics.wape([0, 0], [1, 1])).toBeNaN();
    expect(metrics.bias([0], [1])).toBeNaN();
    expect(metrics.mae([none], [1])).toBeNaN();
    expect(metrics.mae([], [])).toBeNaN();
  });
  it('does not let a model gain by not answering', () => {
    for (const score of [
      metrics.mae,
      metrics.rmse,
      metrics.smape,
      metrics.wape,
      metrics.bias,
      metrics.mape,
    ]) {
      expect(score([1, 2], [1, none])).toBeNaN();
    }
  });
  it('counts what it leaves out of an average', () => {
    expect(metrics.average([1, none, 3])).toEqual({ mean: 2, counted: 2, excluded: 1 });
    expect(metrics.average([none]).mean).toBeNaN();
  });
});

describe('metrics of quantiles and intervals, worked by hand', () => {
  it('weighs both sides of a quantile', () => {
    // y above q by 2 at p = 0.9 costs 1.8; below by 2 costs 0.2.
    expect(metrics.pinball([12], [10], 0.9)).toBeCloseTo(1.8, 14);
    expect(metrics.pinball([8], [10], 0.9)).toBeCloseTo(0.2, 14);
    expect(metrics.pinball([12, none, 8], [10, 10, 10], 0.9)).toBeCloseTo(1, 14);
  });
  it('scales the CRPS by mean |y|', () => {
    // p 0.1: q 8, y 10 → 0.2; p 0.5: q 9 → 0.5; p 0.9: q 14 → 0.4. Mean 1.1/3, doubled, over 10.
    expect(metrics.scaledCrps([10], [[8], [9], [14]], [0.1, 0.5, 0.9])).toBeCloseTo((2 * 1.1) / 3 / 10, 14);
    expect(metrics.sql([10], [[8], [9], [14]], [0.1, 0.5, 0.9], 2)).toBeCloseTo((2 * 1.1) / 3 / 2, 14);
    expect(metrics.scaledCrps([0], [[1]], [0.5])).toBeNaN();
  });
  it('approaches the CRPS of the normal distribution', () => {
    // CRPS of N(0, 1) at y = 0.7 by Gneiting and Raftery's closed form, with 999 quantiles.
    const probabilities = Array.from({ length: 999 }, (_, k) => (k + 1) / 1000);
    const quantiles = probabilities.map((p) => [normalQuantile(p)]);
    const density = Math.exp(-0.5 * 0.49) / Math.sqrt(2 * Math.PI);
    const exact = 0.7 * (2 * normalCdf(0.7) - 1) + 2 * density - 1 / Math.sqrt(Math.PI);
    expect(metrics.sql([0.7], quantiles, probabilities, 1)).toBeCloseTo(exact, 3);
  });
  it('counts both bounds as inside', () => {
    expect(metrics.coverage([1, 2, 3, 4, none], [1, 1, 1, 5, 0], [2, 2, 2, 6, 9])).toBe(0.5);
    expect(metrics.intervalWidth([1, none, 3], [0, 0, 1], [2, 50, 5])).toBe(3);
    expect(metrics.coverage([1], [none], [2])).toBeNaN();
  });
  it('fines what lies outside an interval by 2/α', () => {
    // Level 95: α = 0.05, so 1 above the upper bound costs 40 beside the width of 4; scale 2.
    expect(metrics.msis([11, 8], [6, 6], [10, 10], 95, 2)).toBeCloseTo((4 + 40 + 4) / 2 / 2, 10);
  });
});

describe('metrics as properties', () => {
  const cells = fc.array(
    fc.tuple(
      fc.oneof({ weight: 5, arbitrary: fc.double({ min: -1e3, max: 1e3, noNaN: true }) }, fc.constant(none)),
      fc.double({ min: -1e3, max: 1e3, noNaN: true }),
    ),
    { minLength: 1, maxLength: 30 },
  );
  it('holds MAE ≤ RMSE, |bias| ≤ WAPE and sMAPE ≤ 200', () => {
    fc.assert(
      fc.property(cells, (pairs) => {
        const actual = pairs.map(([a]) => a);
        const forecast = pairs.map(([, b]) => b);
        if (actual.every(Number.isNaN)) return;
        expect(metrics.mae(actual, forecast)).toBeLessThanOrEqual(metrics.rmse(actual, forecast) + 1e-9);
        expect(metrics.smape(actual, forecast)).toBeLessThanOrEqual(200 + 1e-9);
        const wape = metrics.wape(actual, forecast);
        if (!Number.isNaN(wape))
          expect(Math.abs(metrics.bias(actual, forecast))).toBeLessThanOrEqual(wape * (1 + 1e-9));
      }),
    );
  });
  it('makes the pinball loss of the median half the MAE', () => {
    fc.assert(
      fc.property(cells, (pairs) => {
        const actual = pairs.map(([a]) => a);
        const forecast = pairs.map(([, b]) => b);
        if (actual.every(Number.isNaN)) return;
        expect(metrics.pinball(actual, forecast, 0.5)).toBeCloseTo(metrics.mae(actual, forecast) / 2, 9);
      }),
    );
  });
});
