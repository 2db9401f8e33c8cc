import { describe, expect, it } from 'vitest';
import { quantile } from '../../src/core/distribution.ts';
import { ModelRefusal, UsageError } from '../../src/core/errors.ts';
import type { CombinationState } from '../../src/models/combination.ts';
import { createModel, MODELS, nominalCost, specName } from '../../src/models/registry.ts';
import { contextOf, futureOf, run, seriesOf } from './one-series.ts';
import { thetaGoldens } from './theta-goldens.ts';

const combination = (options: Readonly<Record<string, unknown>> = {}) =>
  createModel({ model: 'combination', options });
const airline = thetaGoldens().find(({ name }) => name === 'AirPassengers')!.y;
const FOUR = ['ets', 'arima', 'ces', 'dynamic-optimised-theta'];
const H = 12;

/** The members' values at each step, ascending. */
const ranked = (columns: readonly Float64Array[]): number[][] =>
  Array.from({ length: H }, (_, s) => columns.map((column) => column[s]!).sort((a, b) => a - b));

describe('combination', () => {
  it('is the median of ETS, ARIMA, CES and Theta, and so are its quantiles', () => {
    const d = run(combination(), airline, 12, H);
    const members = FOUR.map((model) => run(createModel(model), airline, 12, H));
    for (const [s, values] of ranked(members.map((m) => m.mean)).entries()) {
      expect(d.mean[s]).toBeCloseTo((values[1]! + values[2]!) / 2, 9);
    }
    for (const p of [0.025, 0.1, 0.5, 0.9]) {
      for (const [s, values] of ranked(members.map((m) => quantile(m, p))).entries()) {
        expect(quantile(d, p)[s]).toBeCloseTo((values[1]! + values[2]!) / 2, 9);
      }
    }
  });

  it('is the mean, or the mean without the ends, where asked', () => {
    const models = ['naive', 'seasonal-naive', 'drift', 'mean', 'theta'];
    const members = ranked(models.map((model) => run(createModel(model), airline, 12, H).mean));
    const plain = run(combination({ models, combine: 'mean' }), airline, 12, H).mean;
    const trimmed = run(combination({ models, combine: 'trimmed-mean' }), airline, 12, H).mean;
    for (const [s, [a, b, c, d, e]] of members.entries()) {
      expect(plain[s]).toBeCloseTo((a! + b! + c! + d! + e!) / 5, 9);
      expect(trimmed[s]).toBeCloseTo((b! + c! + d!) / 3, 9);
    }
    // Of two there are no ends to leave out.
    const two = { models: ['naive', 'drift'] };
    expect(run(combination({ ...two, combine: 'trimmed-mean' }), airline, 12, H)).toEqual(
      run(combination({ ...two, combine: 'mean' }), airline, 12, H),
    );
  });

  it('leaves out who refuses the series, and says so', () => {
    const series = seriesOf([5, 7, 6, 9, 8]);
    const models = ['dynamic-optimised-theta', 'drift', 'holt-winters', 'naive'];
    const model = combination({ models });
    const state = model.fit(series, contextOf(4)) as CombinationState;
    expect(state.members.map(({ at }) => models[at])).toEqual(['drift', 'naive']);
    expect(state.notes).toEqual([
      'dynamic-optimised-theta has 5 observed values; dynamic-optimised-theta needs at least 6',
      expect.stringMatching(/^holt-winters .*needs/),
    ]);
    expect(model.forecast(state, 2, futureOf(series)).mean[0]).toBeCloseTo(8 + 0.75 / 2, 9);
    const refused = () => combination({ models: ['ces', 'holt'] }).fit(seriesOf([1]), contextOf(1));
    expect(refused).toThrow(ModelRefusal);
    expect(refused).toThrow(/^is refused by every member: ces has 1 observed value; .*; holt has 1/);
  });

  it('shares trend and season of its members, the level having the rest', () => {
    const series = seriesOf(airline);
    const ask = (name: string, options = {}) => {
      const model = createModel({ model: name, options });
      return model.components(model.fit(series, contextOf(12)), series, H, futureOf(series));
    };
    const models = ['ets', 'mstl', 'seasonal-naive'];
    const own = ask('combination', { models });
    const members = models.map((model) => ask(model));
    for (const t of [60, 100, airline.length, airline.length + H - 1]) {
      const seasons = members.map(({ seasonal }) => seasonal[t]!);
      expect(own.seasonal[t]).toBeCloseTo((seasons[0]! + seasons[1]! + seasons[2]!) / 3, 9);
    }
    // The seasonal naive has no fit in its first season, and then no say.
    const seasons = members.slice(0, 2).map(({ seasonal }) => seasonal[5]!);
    expect(own.seasonal[5]).toBeCloseTo((seasons[0]! + seasons[1]!) / 2, 9);
  });

  it('costs what its members cost', () => {
    expect(
      nominalCost({ model: 'combination', options: { models: ['naive', { model: 'theta' }] } }, 100, 12),
    ).toBe(MODELS.naive!.cost!(100, 12) + MODELS.theta!.cost!(100, 12));
    expect(nominalCost({ model: 'combination' }, 100, 12)).toBe(
      FOUR.reduce((sum, model) => sum + MODELS[model]!.cost!(100, 12), 0),
    );
  });

  it('is told from others by its members, where they were named', () => {
    const models = ['ets', { model: 'box-cox', options: { model: 'theta', lambda: 0 } }];
    expect(specName({ model: 'combination', options: { models } })).toBe('combination(ets,box-cox(theta))');
    expect(specName({ model: 'mstl', options: { model: 'ces' } })).toBe('mstl(ces)');
    expect(specName({ model: 'combination', options: { combine: 'mean' } })).toBe('combination');
    expect(specName({ model: 'holt-winters', options: { damped: true } })).toBe('holt-winters');
  });

  it('refuses options that make no sense', () => {
    expect(() => combination({ combine: 'medain' })).toThrow(
      'combination cannot combine by "medain". Did you mean "median"?',
    );
    expect(() => combination({ models: ['ets'] })).toThrow('combination needs two models or more');
    expect(() => combination({ models: 'ets' })).toThrow(UsageError);
    expect(() => combination({ models: ['ets', { model: 'combination' }] })).toThrow('cannot have itself');
    expect(() => combination({ models: ['ets', 'tetha'] })).toThrow('Did you mean "theta"?');
  });
});
