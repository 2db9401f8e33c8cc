// What every model of the registry keeps, whatever it forecasts. A skip carries its reason.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Distribution, horizonOf, quantile, spread } from '../../src/core/distribution.ts';
import { ModelRefusal, UsageError } from '../../src/core/errors.ts';
import { random } from '../../src/core/random.ts';
import { quantileSorted, sorted } from '../../src/math/statistics.ts';
import type { ModelSpec } from '../../src/models/model.ts';
import { createModel, MODELS } from '../../src/models/registry.ts';
import { simulate } from '../../src/models/simulation.ts';
import { decodeState, encodeState } from '../../src/store/plain-data.ts';
import { contextOf, futureOf, run, seriesOf } from '../models/one-series.ts';

/** Options beside the defaults that change what a model computes. */
const VARIANTS: readonly ModelSpec[] = [
  { model: 'window-average', options: { seasonal: true } },
  { model: 'holt-winters', options: { damped: true } },
  { model: 'holt-winters-multiplicative', options: { damped: true } },
  { model: 'ets', options: { average: false, ic: 'aicc', caution: 0 } },
  { model: 'ets', options: { allow_multiplicative_trend: true } },
  { model: 'ets', options: { form: 'AAM', restrict: false, bounds: 'admissible' } },
  { model: 'linear-regression', options: { transform: 'log' } },
  { model: 'additive', options: { slopes: 'lasting', sparse: true } },
  { model: 'with-regressors', options: { model: 'holt-winters', calendar: true } },
  { model: 'combination', options: { models: ['tsb', 'theta', 'damped'], combine: 'trimmed-mean' } },
  { model: 'box-cox', options: { model: 'ets', lambda: 0.3 } },
  { model: 'box-cox', options: { model: 'dynamic-optimised-theta', lambda: -0.5, bias_adjustment: false } },
];
/** All but those that learn from a whole panel, whose tests are in test/evaluate/global-backtest.test.ts. */
const SPECS: readonly ModelSpec[] = [
  ...Object.keys(MODELS)
    .filter((model) => !MODELS[model]!.global)
    .map((model) => ({ model })),
  ...VARIANTS,
];
const title = ({ model, options }: ModelSpec): string =>
  options ? `${model} ${JSON.stringify(options)}` : model;

/** Models that serve every series with at least one observed value: the fallbacks must. */
const NEVER_REFUSE = ['naive', 'seasonal-naive', 'mean', 'window-average', 'zero'];

/** What a model does not keep, and why. */
const SKIPS: Readonly<Record<string, { readonly [property in 'constant' | 'size']?: string }>> = {
  zero: {
    constant: 'it forecasts zero whatever was observed',
    size: 'it forecasts zero whatever was observed',
  },
  sba: { constant: 'its correction for intermittent demand lowers demand that never pauses' },
};

const H = 15;
const missing = Number.NaN;

/** Trend, a season of `m` and noise around 100; all positive. */
function lively(length: number, m = 12, seed = 1): Float64Array {
  const draw = random(seed);
  return Float64Array.from(
    { length },
    (_, t) => (100 + 0.4 * t) * (1 + 0.3 * Math.sin((2 * Math.PI * t) / m)) + 3 * draw.normal(),
  );
}

/** Means are numbers, spreads numbers from 0 up, quantiles numbers in their order. */
function expectSound(d: Distribution, h: number): void {
  expect(horizonOf(d)).toBe(h);
  const sd = spread(d);
  const levels = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975].map((p) => quantile(d, p));
  for (let s = 0; s < h; s++) {
    expect(Number.isFinite(d.mean[s]), `mean of step ${s} is ${d.mean[s]}`).toBe(true);
    expect(sd[s]! >= 0 && sd[s]! < Infinity, `spread of step ${s} is ${sd[s]}`).toBe(true);
    for (let k = 0; k < levels.length; k++) {
      expect(Number.isFinite(levels[k]![s]), `quantile ${k} of step ${s} is ${levels[k]![s]}`).toBe(true);
      if (k > 0) expect(levels[k]![s]).toBeGreaterThanOrEqual(levels[k - 1]![s]!);
    }
  }
}

/** The forecast, or undefined where the model refuses the series in words; any other error fails the test. */
function attempt(spec: ModelSpec, y: ArrayLike<number>, m: number, h = H): Distribution | undefined {
  try {
    return run(createModel(spec), y, m, h);
  } catch (error) {
    if (!(error instanceof ModelRefusal)) throw error;
    expect(error.message).toMatch(/\S+ \S+ \S+/);
    const observed = Array.from(y).some((value) => !Number.isNaN(value));
    expect(observed && NEVER_REFUSE.includes(spec.model), `refused: ${error.message}`).toBe(false);
    return undefined;
  }
}

describe.each(SPECS.map((spec) => [title(spec), spec] as const))('%s', (_, spec) => {
  it('serves a plain monthly series', () => {
    expectSound(run(createModel(spec), lively(72), 12, H), H);
  });

  it('is deterministic', () => {
    const y = lively(60);
    expect(run(createModel(spec), y, 12, H)).toEqual(run(createModel(spec), y, 12, H));
  });

  it('forecasts thousandfold values thousandfold', () => {
    for (const seed of [1, 2, 3]) {
      const y = lively(60, 12, seed);
      const plain = run(createModel(spec), y, 12, H);
      const large = run(
        createModel(spec),
        y.map((v) => v * 1000),
        12,
        H,
      );
      const [plainSpread, largeSpread] = [spread(plain), spread(large)];
      for (let s = 0; s < H; s++) {
        expect(Math.abs(large.mean[s]! / 1000 - plain.mean[s]!)).toBeLessThan(1e-3 * 100);
        expect(Math.abs(largeSpread[s]! / 1000 - plainSpread[s]!)).toBeLessThan(
          1e-2 * plainSpread[s]! + 1e-9,
        );
      }
    }
  });

  it.each([0, 1, 2, 3, 5, 8, 13, 24, 25])('forecasts or refuses %i values', (length) => {
    for (const m of [1, 4, 12]) {
      const d = attempt(spec, lively(length, 12), m);
      if (d) expectSound(d, H);
    }
  });

  it('forecasts a constant series as that constant', () => {
    const d = attempt(spec, new Float64Array(48).fill(42), 12);
    if (!d) return;
    expectSound(d, H);
    if (SKIPS[spec.model]?.constant) return;
    for (let s = 0; s < H; s++) expect(d.mean[s]).toBeCloseTo(42, 4);
  });

  it('forecasts zeros as zeros, or refuses them', () => {
    const d = attempt(spec, new Float64Array(48), 12);
    if (!d) return;
    expectSound(d, H);
    for (let s = 0; s < H; s++) expect(Math.abs(d.mean[s]!)).toBeLessThan(1e-9);
  });

  it('copes with a single sale among zeros, and with a jump from nothing', () => {
    const single = new Float64Array(48);
    single[20] = 7;
    const jump = new Float64Array(48).fill(1e-9);
    jump.fill(1e6, 40);
    for (const y of [single, jump]) {
      const d = attempt(spec, y, 12);
      if (d) expectSound(d, H);
    }
  });

  it('copes with 30 % of cells missing, at either end too', () => {
    for (const seed of [1, 2, 3]) {
      const draw = random(seed);
      const y = lively(72, 12, seed).map((v) => (draw.uniform() < 0.3 ? missing : v));
      y.fill(missing, 0, 2);
      y.fill(missing, 69);
      const d = attempt(spec, y, 12);
      if (d) expectSound(d, H);
    }
  });

  it('copes with a phase of the season that was never observed', () => {
    const y = lively(70, 7).map((v, t) => (t % 7 === 6 ? missing : v));
    const d = attempt(spec, y, 7);
    if (d) expectSound(d, H);
  });

  it.each([1e9, 1e-9])('copes with values around %f', (scale) => {
    const d = attempt(
      spec,
      lively(60).map((v) => v * scale),
      12,
    );
    if (!d) return;
    expectSound(d, H);
    if (SKIPS[spec.model]?.size) return;
    for (let s = 0; s < H; s++) {
      expect(d.mean[s]! / scale).toBeGreaterThan(50);
      expect(d.mean[s]! / scale).toBeLessThan(400);
    }
  });

  it('copes with long seasons', () => {
    const d = attempt(spec, lively(160, 52), 52);
    if (d) expectSound(d, H);
  });

  it('forecasts the same from a state that crossed threads and disk', () => {
    const model = createModel(spec);
    const series = seriesOf(lively(60).map((v, t) => (t % 11 === 5 ? missing : v)));
    const state = model.fit(series, contextOf(12));
    const expected = model.forecast(state, H, futureOf(series));
    expect(model.forecast(structuredClone(state), H, futureOf(series))).toEqual(expected);
    expect(createModel(spec).forecast(decodeState(encodeState(state)), H, futureOf(series))).toEqual(
      expected,
    );
  });

  it('changes neither its input nor its state', () => {
    const model = createModel(spec);
    const series = seriesOf(lively(60));
    const before = structuredClone(series);
    const state = model.fit(series, contextOf(12));
    expect(series).toEqual(before);
    const kept = structuredClone(state);
    const first = model.forecast(state, H, futureOf(series));
    expect(state).toEqual(kept);
    expect(model.forecast(state, H, futureOf(series))).toEqual(first);
  });

  it('forecasts the first steps alike whatever the horizon', () => {
    const model = createModel(spec);
    const series = seriesOf(lively(60));
    const state = model.fit(series, contextOf(12));
    const short = model.forecast(state, 3, futureOf(series)).mean;
    const long = model.forecast(state, H, futureOf(series)).mean;
    for (let s = 0; s < 3; s++) expect(short[s]).toBeCloseTo(long[s]!, 9);
  });

  it('takes its fit and its forecast apart into parts that add up', () => {
    const model = createModel(spec);
    for (const y of [lively(60), lively(60).map((v, t) => (t % 11 === 5 ? missing : v))]) {
      const series = seriesOf(y);
      const state = model.fit(series, contextOf(12));
      const { level, trend, seasonal, regressors } = model.components(state, series, H, futureOf(series));
      const { mean } = model.forecast(state, H, futureOf(series));
      for (const part of [level, trend, seasonal, regressors]) expect(part.length).toBe(60 + H);
      const sum = level.map((v, t) => v + trend[t]! + seasonal[t]! + regressors[t]!);
      for (let s = 0; s < H; s++) expect(sum[60 + s]).toBeCloseTo(mean[s]!, 6);
      if (SKIPS[spec.model]?.size) continue;
      // Wherever there is a season of history there is a fit, on the scale of the series.
      for (let t = 24; t < 60; t++) expect(Math.abs(sum[t]! - 120)).toBeLessThan(120);
    }
  });

  it('draws sample paths that are spread as its forecast is', () => {
    const model = createModel(spec);
    const series = seriesOf(lively(60));
    const state = model.fit(series, contextOf(12));
    const d = model.forecast(state, H, futureOf(series));
    const sd = spread(d);
    const paths = 4000;
    const drawn = simulate(model, state, H, futureOf(series), { paths });
    expect(simulate(model, state, H, futureOf(series), { paths })).toEqual(drawn);
    for (const s of [0, H >> 1, H - 1]) {
      const column = sorted(Array.from({ length: paths }, (_, k) => drawn[k * H + s]!));
      for (const p of [0.1, 0.5, 0.9]) {
        const off = Math.abs(quantileSorted(column, p) - quantile(d, p)[s]!);
        expect(off, `quantile ${p} of step ${s}`).toBeLessThan(0.15 * sd[s]! + 1e-9);
      }
    }
  });

  it('refuses an option it does not have', () => {
    expect(() => createModel({ model: spec.model, options: { colour: 'red' } })).toThrow(UsageError);
    expect(MODELS[spec.model]!.summary).toMatch(/\.$/);
  });

  it('gives sound forecasts or a refusal for any series', () => {
    const value = fc.oneof(
      { weight: 6, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
      { weight: 3, arbitrary: fc.integer({ min: 0, max: 9 }) },
      { weight: 1, arbitrary: fc.constant(missing) },
    );
    const positive = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    const values = fc.oneof(
      fc.array(value, { maxLength: 40 }),
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 40 }),
      fc.array(positive, { minLength: 10, maxLength: 40 }),
    );
    fc.assert(
      fc.property(values, fc.constantFrom(1, 2, 4, 7), (y, m) => {
        const d = attempt(spec, y, m, 6);
        if (d) expectSound(d, 6);
      }),
      { numRuns: 60, seed: 20 },
    );
  });
});
