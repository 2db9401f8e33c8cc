import { describe, expect, it } from 'vitest';
import { ModelRefusal } from '../../src/core/errors.ts';
import { random } from '../../src/core/random.ts';
import { ets } from '../../src/models/ets.ts';
import {
  applySmoothing,
  fitSmoothing,
  type SmoothingFit,
} from '../../src/models/exponential-smoothing/fit.ts';
import { formName, formsOf, isRestricted } from '../../src/models/exponential-smoothing/form.ts';
import { pointPath } from '../../src/models/exponential-smoothing/paths.ts';
import { forecastSmoothing } from '../../src/models/exponential-smoothing/variance.ts';
import { simulate } from '../../src/models/simulation.ts';
import { contextOf, futureOf, golden, run, runNormal, seriesOf } from './one-series.ts';
import { formOf, startOf } from './smoothing-forms.ts';

interface EtsFit {
  readonly model: string;
  readonly loglik: number;
  readonly aicc: number;
  readonly sigma2: number;
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
  readonly start: readonly number[];
  readonly mean: readonly number[];
}

const cases = (
  golden('ets') as {
    readonly name: string;
    readonly season_length: number;
    readonly y: readonly number[];
    readonly chosen: EtsFit;
    readonly growth: readonly EtsFit[];
    readonly admissible: readonly EtsFit[];
  }[]
).map((each) => ({ ...each, y: Float64Array.from(each.y) }));

const PLAIN = { average: false, ic: 'aicc', caution: 0 } as const;

/** Akaike's criterion with its correction, the variance counted among the parameters, as R gives it. */
function aicc({ logLikelihood, parameters, observed }: SmoothingFit): number {
  const k = parameters + 1;
  return -2 * logLikelihood + 2 * k + (2 * k * (k + 1)) / (observed - k - 1);
}

/** Largest |a / b − 1|. */
const worstRatio = (a: ArrayLike<number>, b: readonly number[]): number =>
  Math.max(...b.map((value, s) => Math.abs(a[s]! / value - 1)));

/** Where R's forecasts slip: a damped multiplicative trend counts φ twice, class 3 leaves it out of the first step. */
const slips = (code: string): boolean => code.startsWith('MMd') || code === 'MAdM';

const chosen = cases.map(({ name, season_length, y, chosen: expected }) => {
  const { parts } = ets(PLAIN).fit(seriesOf(y), contextOf(season_length));
  return { name, expected, fit: parts[0]!.fit, parts: parts.length };
});

describe('ets against R', () => {
  it.each(chosen)('$name: the chosen form has at most the AICc of R’s choice', ({ fit, expected, parts }) => {
    expect(parts).toBe(1);
    expect(aicc(fit)).toBeLessThan(expected.aicc + 0.01);
  });

  it('chooses R’s form, or one with a lower AICc: most often R’s', () => {
    const same = chosen.filter(
      ({ fit, expected }) => formName(fit.form) === formName(formOf(expected.model)),
    );
    expect(chosen.length).toBeGreaterThanOrEqual(25);
    expect(same.length).toBeGreaterThanOrEqual(16);
  });

  for (const { name, season_length, y, chosen: best, growth, admissible } of cases) {
    const fits = [
      { bounds: 'both' as const, expected: best },
      ...growth.map((expected) => ({ bounds: 'both' as const, expected })),
      ...admissible.map((expected) => ({ bounds: 'admissible' as const, expected })),
    ];
    it.each(fits)(`${name}: $expected.model, $bounds bounds`, ({ bounds, expected }) => {
      const form = formOf(expected.model);
      // R's own weights and start states have R's likelihood, where they stay in the domain of the form.
      const theirs = applySmoothing(y, form, expected, startOf(form, expected.start));
      if (theirs) {
        expect(theirs.logLikelihood).toBeCloseTo(expected.loglik, 6);
        if (!slips(expected.model)) {
          const { mean } = forecastSmoothing(theirs, expected.mean.length);
          expect(worstRatio(mean, expected.mean)).toBeLessThan(1e-5);
        }
      }
      const ours = fitSmoothing(y, form, form.season === 'none' ? 1 : season_length, { caution: 0, bounds })!;
      const gain = ours.logLikelihood - expected.loglik;
      expect(gain).toBeGreaterThan(-0.01);
      // At the same optimum the forecasts are the same; likelihoods that are flat along a weight leave them open.
      if (expected === best && gain < 0.006) {
        const { mean } = forecastSmoothing(ours, expected.mean.length);
        expect(worstRatio(mean, expected.mean)).toBeLessThan(0.005);
      }
    });
  }
});

/** Growth of `rate` a period with a season of 4 and noise that grows with it. */
function growing(n: number, rate: number, noise = 0.02, seed = 4): Float64Array {
  const draw = random(seed);
  const shape = [0.7, 1.2, 1.1, 1];
  return Float64Array.from(
    { length: n },
    (_, t) => 50 * rate ** t * shape[t % 4]! * (1 + noise * draw.normal()),
  );
}

describe('ets', () => {
  it('averages the forms whose criterion is near the best', () => {
    const y = growing(40, 1.02);
    const { parts } = ets().fit(seriesOf(y), contextOf(4));
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    for (let k = 1; k < parts.length; k++) expect(parts[k]!.weight).toBeLessThanOrEqual(parts[k - 1]!.weight);
    const mean = runNormal(ets(), y, 4, 4).mean;
    const own = parts.map(({ fit }) => pointPath(fit, 4).mean);
    for (let s = 0; s < 4; s++) {
      const average = parts.reduce((sum, { weight }, k) => sum + weight * own[k]![s]!, 0);
      expect(mean[s]! / average).toBeCloseTo(1, 3);
    }
  });

  it('is the same on values a thousand times as large, form by form', () => {
    const forms = (scale: number): string[] =>
      ets()
        .fit(seriesOf(growing(40, 1.02).map((v) => v * scale)), contextOf(4))
        .parts.map(({ fit }) => formName(fit.form));
    expect(forms(1000)).toEqual(forms(1));
  });

  it('takes multiplicative trends when told to, and follows them', () => {
    const y = growing(40, 1.05, 0.01);
    const names = (options: object): string[] =>
      ets(options)
        .fit(seriesOf(y), contextOf(4))
        .parts.map(({ fit }) => formName(fit.form));
    expect(names({}).join()).not.toContain(',M,M');
    expect(names({ allow_multiplicative_trend: true, average: false })).toEqual(['ETS(M,M,M)']);
    const { mean, sd } = runNormal(ets({ form: 'MMM', average: false }), y, 4, 4);
    for (let s = 0; s < 4; s++) {
      const truth = 50 * 1.05 ** (40 + s) * [0.7, 1.2, 1.1, 1][s]!;
      expect(Math.abs(mean[s]! / truth - 1)).toBeLessThan(0.03);
      expect(sd[s]! / mean[s]!).toBeLessThan(0.05);
    }
  });

  it('never lets an interval run away', () => {
    const draw = random(9);
    const wild = Float64Array.from({ length: 60 }, () => Math.exp(3 * draw.normal()));
    const largest = Math.max(...wild);
    for (const options of [
      {},
      { form: 'MAM' },
      { form: 'MMN', average: false },
      { form: 'AMM', restrict: false },
    ]) {
      const { mean, sd } = runNormal(ets(options), wild, 4, 100);
      for (let s = 0; s < 100; s++) {
        expect(Number.isFinite(mean[s])).toBe(true);
        expect(sd[s]).toBeLessThanOrEqual(2 * Math.max(largest, Math.abs(mean[s]!)) + 1e-9);
      }
      const model = ets(options);
      const series = seriesOf(wild);
      const paths = simulate(model, model.fit(series, contextOf(4)), 100, futureOf(series), { paths: 200 });
      for (const value of paths) expect(Number.isFinite(value)).toBe(true);
    }
  });

  it('takes a season of 52 weeks out and smooths the rest', () => {
    const draw = random(3);
    const wave = (t: number): number => 200 + 60 * Math.sin((2 * Math.PI * t) / 52) + 0.3 * t;
    const y = Float64Array.from({ length: 160 }, (_, t) =>
      t % 13 === 5 ? Number.NaN : wave(t) + 4 * draw.normal(),
    );
    const { mean, sd } = runNormal(ets(), y, 52, 52);
    let error = 0;
    for (let s = 0; s < 52; s++) error += Math.abs(mean[s]! - wave(160 + s)) / 52;
    expect(error).toBeLessThan(6);
    expect(sd[0]).toBeGreaterThan(2.5);
    expect(sd[0]).toBeLessThan(8);
    const model = ets();
    const state = model.fit(seriesOf(y), contextOf(52));
    expect(state.season?.figure.length).toBe(52);
    const parts = model.components(state, seriesOf(y), 52, futureOf(seriesOf(y)));
    for (let s = 0; s < 52; s++) {
      const sum = parts.level[160 + s]! + parts.trend[160 + s]! + parts.seasonal[160 + s]!;
      expect(sum).toBeCloseTo(mean[s]!, 8);
    }
  });

  it('carries on through gaps', () => {
    const y = growing(48, 1.01, 0.001);
    const gaps = y.map((v, t) => (t % 5 === 2 || (t > 20 && t < 25) ? Number.NaN : v));
    const [whole, holed] = [y, gaps].map((values) => runNormal(ets(), values, 4, 8).mean);
    for (let s = 0; s < 8; s++) expect(Math.abs(holed![s]! / whole![s]! - 1)).toBeLessThan(0.01);
  });

  it('has the forms of the textbook', () => {
    expect(formsOf('ZZZ')).toHaveLength(30);
    expect(formsOf('ZZZ')!.filter((form) => !isRestricted(form))).toHaveLength(19);
    expect(formsOf('MAdM')!.map(formName)).toEqual(['ETS(M,Ad,M)']);
    expect(formsOf('AZdN')!.map(formName)).toEqual(['ETS(A,Ad,N)', 'ETS(A,Md,N)']);
    for (const code of ['', 'AN', 'ANdN', 'XAN', 'AAAA', 'NNN']) expect(formsOf(code)).toBeUndefined();
  });

  it('refuses in words', () => {
    expect(() => run(ets(), [1, 2, 3], 1, 2)).toThrow(
      new ModelRefusal('has 3 observed values; ets needs at least 4'),
    );
    const y = [5, 6, 7, 0, 5, 6, 8, 7, 9, 5, 6, 7];
    expect(() => run(ets({ form: 'MAN' }), y, 1, 2)).toThrow(
      new ModelRefusal('has the value 0; ets of form MAN needs values above 0'),
    );
    expect(() => run(ets({ form: 'ANA' }), y, 1, 2)).toThrow('ets of form ANA needs a season of 2 or more');
    expect(() => run(ets({ form: 'ANA' }), y, 7, 2)).toThrow('needs at least 2 seasons of 7');
    expect(() => run(ets({ form: 'AAdN' }), y.slice(0, 6), 1, 2)).toThrow(
      'with 6 observed values cannot be held by ets of form AAdN',
    );
  });

  it('refuses options that leave nothing or are none', () => {
    expect(() => ets({ form: 'AMN' })).toThrow('leave nothing; set restrict to false');
    expect(() => ets({ form: 'ANN', damped: true })).toThrow('leave nothing');
    expect(() => ets({ form: 'holt' })).toThrow('"AAdN", "MAM" or "ZZZ"');
    expect(() => ets({ ic: 'hqic' as never })).toThrow('choose from "aicc", "aic", "bic"');
    expect(() => ets({ bounds: 'none' as never })).toThrow('ets option "bounds" is "none"');
    expect(() => ets({ caution: -1 })).toThrow('use a number of 0 or more');
  });
});
