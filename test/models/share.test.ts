import { describe, expect, it } from 'vitest';
import { quantile } from '../../src/core/distribution.ts';
import { ModelRefusal, UsageError } from '../../src/core/errors.ts';
import { createGlobal, createModel, MODELS } from '../../src/models/registry.ts';
import { type Share, sharing } from '../../src/models/share.ts';
import { contextOf, futureOf, seriesOf } from './one-series.ts';

const share: Share = {
  mean: Float64Array.of(1, 2, 3),
  probabilities: Float64Array.of(0.1, 0.9),
  values: Float64Array.of(0, 2, 1, 3, 2, 4),
};
const series = seriesOf([5, 6, 7, 8]);

describe('what a series holds of a global model', () => {
  const model = sharing('boosted', share);

  it('is handed out by a fit and cut to the steps that are wanted', () => {
    const state = model.fit(series, contextOf(1));
    const d = model.forecast(state, 2, futureOf(series));
    expect(Array.from(d.mean)).toEqual([1, 2]);
    expect(Array.from(quantile(d, 0.9))).toEqual([2, 3]);
  });

  it('does not reach further than it was fitted', () => {
    const beyond = () => model.forecast(share, 4, futureOf(series));
    expect(beyond).toThrow(UsageError);
    expect(beyond).toThrow(
      'boosted was fitted to 3 periods ahead, and 4 are asked for; train anew with -H 4.',
    );
  });

  it('adds up to its mean', () => {
    const { level, trend, seasonal, regressors } = model.components(share, series, 3, futureOf(series));
    expect(Array.from(level.subarray(0, 4)).every(Number.isNaN)).toBe(true);
    for (let s = 0; s < 3; s++) {
      expect(level[4 + s]! + trend[4 + s]! + seasonal[4 + s]! + regressors[4 + s]!).toBe(share.mean[s]);
    }
  });

  it('is refused to a series outside of a panel', () => {
    const alone = createModel('boosted');
    expect(() => alone.fit(series, contextOf(1))).toThrow(ModelRefusal);
    expect(() => alone.fit(series, contextOf(1))).toThrow('boosted learns from a whole panel');
  });
});

it.each(Object.keys(MODELS).filter((name) => MODELS[name]!.global))(
  '%s is a global model that single series hold shares of',
  (name) => {
    expect(createGlobal({ model: name })!.name).toBe(name);
    expect(createModel(name).name).toBe(name);
  },
);

it('a global model does not stand inside another one', () => {
  const make = () => createModel({ model: 'combination', options: { models: ['ets', 'boosted'] } });
  expect(make).toThrow(UsageError);
  expect(make).toThrow('boosted learns from the whole panel and cannot stand inside another model');
});
