import { describe, expect, it } from 'vitest';
import { quantile } from '../../src/core/distribution.ts';
import { frequency } from '../../src/core/frequency.ts';
import { random } from '../../src/core/random.ts';
import { boxCox, inverseBoxCox } from '../../src/math/box-cox.ts';
import { tbats } from '../../src/models/tbats.ts';
import { FIRST_HARMONIC, trigonometricPass, turnsOf } from '../../src/models/trigonometric/filter.ts';
import { fitTrigonometric } from '../../src/models/trigonometric/fit.ts';
import { chooseHarmonics } from '../../src/models/trigonometric/harmonics.ts';
import { contextOf, futureOf, golden, run, runNormal, seriesOf } from './one-series.ts';
import { thetaGoldens } from './theta-goldens.ts';

interface TbatsGolden {
  readonly name: string;
  readonly y: readonly number[];
  readonly periods: readonly number[];
  readonly k: readonly number[];
  readonly alpha: number;
  readonly beta: number;
  readonly phi: number;
  readonly slope: boolean;
  readonly gamma1: readonly number[];
  readonly gamma2: readonly number[];
  readonly seed: readonly number[];
  readonly errors: readonly number[];
  readonly mean: readonly number[];
}
const goldens = golden('tbats') as readonly TbatsGolden[];

/** What R found, in our terms: R lists all s of a season and then all s*, ours take turns. */
function fromR({ periods, k, alpha, beta, phi, slope, gamma1, gamma2, seed }: TbatsGolden) {
  const harmonics = k.flatMap((most, season) =>
    Array.from({ length: most }, (_, j) => ({ season, turns: j + 1 })),
  );
  const states = new Float64Array(FIRST_HARMONIC + 2 * harmonics.length);
  states[0] = seed[0]!;
  if (slope) states[1] = seed[1]!;
  let from = slope ? 2 : 1;
  let to = FIRST_HARMONIC;
  for (const most of k) {
    for (let j = 0; j < most; j++) {
      states[to++] = seed[from + j]!;
      states[to++] = seed[from + most + j]!;
    }
    from += 2 * most;
  }
  const gamma = Float64Array.from(harmonics.flatMap(({ season }) => [gamma1[season]!, gamma2[season]!]));
  const form = { slope, ar: false, ma: false, periods, harmonics };
  return { form, states, weights: { alpha, beta, phi, gamma, ar: 0, ma: 0 } };
}

describe('the trigonometric recursion', () => {
  it.each(goldens)("has the errors and forecasts of R's tbats on $name, its weights given", (expected) => {
    const { form, states, weights } = fromR(expected);
    const errors = new Float64Array(expected.y.length);
    trigonometricPass(Float64Array.from(expected.y), turnsOf(form), weights, states, { errors });
    const size = Math.max(...expected.errors.map(Math.abs));
    for (const [t, error] of expected.errors.entries()) {
      expect(Math.abs(errors[t]! - error)).toBeLessThan(1e-6 * size);
    }
    const [level, trend, seasonal] = [0, 1, 2].map(() => new Float64Array(24)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const unknown = new Float64Array(24).fill(Number.NaN);
    trigonometricPass(unknown, turnsOf(form), weights, states, { level, trend, seasonal });
    for (const [s, mean] of expected.mean.entries()) {
      expect(Math.abs((level[s]! + trend[s]! + seasonal[s]!) / mean - 1)).toBeLessThan(1e-6);
    }
  });

  it.each(goldens)('is fitted with smaller errors than R finds on $name', (expected) => {
    const { form, states } = fromR(expected);
    const y = Float64Array.from(expected.y);
    const start = {
      alpha: 0.1,
      harmonics: form.harmonics,
      level: states[0]!,
      slope: states[1]!,
      values: states.slice(FIRST_HARMONIC),
      squares: 0,
      aicc: 0,
    };
    const { squares } = fitTrigonometric(y, form, start, y.length, 1e-12);
    const theirs = expected.errors.reduce((sum, error) => sum + error * error, 0);
    expect(squares).toBeLessThan(1.01 * theirs);
  });

  it('has the derivative of an ARMA error in its forecasts', () => {
    const form = { slope: false, ar: true, ma: true, periods: [], harmonics: [] };
    const weights = { alpha: 0.3, beta: 0, phi: 1, gamma: new Float64Array(0), ar: 0.6, ma: 0.2 };
    const y = Float64Array.from([1, Number.NaN, Number.NaN, Number.NaN]);
    const level = new Float64Array(4);
    const foreseen = new Float64Array(4);
    trigonometricPass(y, turnsOf(form), weights, new Float64Array(4), { level, foreseen });
    // d: 1, 0.6 + 0.2, then times 0.6 each; the level takes 0.3 of each.
    expect([...foreseen].map((d) => Math.round(d * 1e9) / 1e9)).toEqual([0, 0.8, 0.48, 0.288]);
    expect(level[3]).toBeCloseTo(0.3 * (1 + 0.8 + 0.48), 12);
  });
});

describe('the harmonics', () => {
  const wave = (n: number): Float64Array => {
    const draw = random(8);
    return Float64Array.from(
      { length: n },
      (_, t) =>
        50 +
        6 * Math.sin((2 * Math.PI * 2 * t) / 12) +
        3 * Math.cos((2 * Math.PI * t) / 30.44) +
        draw.normal(),
    );
  };

  it('are those that are there, of seasons that are not whole too', () => {
    const y = wave(240);
    const { harmonics } = chooseHarmonics(y, [12, 30.44], 240, 1e-12);
    const found = harmonics.map(({ season, turns }) => `${season}:${turns}`);
    expect(found).toContain('0:2');
    expect(found).toContain('1:1');
    expect(found).not.toContain('0:1');
    expect(found.length).toBeLessThan(6);
  });

  it('are told with a third of the cells missing', () => {
    const draw = random(9);
    const y = wave(240).map((value) => (draw.uniform() < 0.33 ? Number.NaN : value));
    const observed = y.filter((value) => !Number.isNaN(value)).length;
    const { harmonics } = chooseHarmonics(y, [12, 30.44], observed, 1e-12);
    const found = harmonics.map(({ season, turns }) => `${season}:${turns}`);
    expect(found).toContain('0:2');
    expect(found).toContain('1:1');
  });

  it('of a longer season leave out those that a shorter one has', () => {
    const { harmonics } = chooseHarmonics(wave(400), [12, 24], 400, 1e-12);
    for (const { season, turns } of harmonics) if (season === 1) expect(turns % 2).toBe(1);
  });
});

describe('tbats', () => {
  const weekly = { ...contextOf(52), freq: frequency('W') };

  /** Weeks with the season of the year, which has 52.18 of them, a trend and noise. */
  const weeks = (n: number): Float64Array => {
    const draw = random(6);
    return Float64Array.from(
      { length: n },
      (_, t) => 100 + 0.1 * t + 15 * Math.sin((2 * Math.PI * t) / 52.1786) + 2 * draw.normal(),
    );
  };

  it('takes a year of weeks to be 52.18 of them, and of days 365.25', () => {
    const { fits } = tbats().fit(seriesOf(weeks(260)), weekly);
    expect(fits[0]!.form.periods[0]).toBeCloseTo(365.25 / 7, 12);
    const daily = { ...contextOf(7), freq: frequency('D') };
    const days = Float64Array.from({ length: 740 }, (_, t) => 20 + (t % 7) + 5 * Math.cos(t / 58.13));
    expect(tbats().fit(seriesOf(days), daily).fits[0]!.form.periods).toEqual([7, 365.25]);
    expect(tbats({ season_lengths: [7] }).fit(seriesOf(days), daily).fits[0]!.form.periods).toEqual([7]);
  });

  it('forecasts a long season from few harmonics', () => {
    const y = weeks(312);
    const series = seriesOf(y.subarray(0, 260));
    const { mean } = tbats().forecast(tbats().fit(series, weekly), 52, futureOf(series));
    let squares = 0;
    for (let s = 0; s < 52; s++) squares += (mean[s]! - y[260 + s]!) ** 2;
    expect(Math.sqrt(squares / 52)).toBeLessThan(3);
  });

  const airline = thetaGoldens().find(({ name }) => name === 'AirPassengers')!.y;

  it('takes logarithms where they are likelier; its forecast is then the median', () => {
    const state = tbats().fit(seriesOf(airline), contextOf(12));
    expect(state.lambda).toBe(0);
    const d = tbats().forecast(state, 12, futureOf(seriesOf(airline)));
    const middle = quantile(d, 0.5);
    for (let s = 0; s < 12; s++) expect(Math.abs(middle[s]! / d.mean[s]! - 1)).toBeLessThan(1e-9);
    expect(d.mean[6]! / d.mean[10]!).toBeGreaterThan(1.4);
    expect(tbats({ box_cox: 1 }).fit(seriesOf(airline), contextOf(12)).lambda).toBe(1);
    expect(tbats().fit(seriesOf([...airline, 0]), contextOf(12)).lambda).toBe(1);
  });

  it('averages forms, or takes the likeliest', () => {
    const { fits } = tbats().fit(seriesOf(airline), contextOf(12));
    expect(fits.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    const single = tbats({ average: false, arma: false }).fit(seriesOf(airline), contextOf(12)).fits;
    expect(single.length).toBe(1);
    expect(single[0]!.form.ar).toBe(false);
  });

  it('takes level, trend and season apart on the scale of the series', () => {
    const y = weeks(260);
    const series = seriesOf(y);
    const { level, trend, seasonal } = tbats().components(
      tbats().fit(series, weekly),
      series,
      52,
      futureOf(series),
    );
    for (let t = 52; t < 312; t++) {
      expect(Math.abs(level[t]! + trend[t]! - (100 + 0.1 * t))).toBeLessThan(4);
      expect(Math.abs(seasonal[t]! - 15 * Math.sin((2 * Math.PI * t) / 52.1786))).toBeLessThan(4);
    }
  });

  it('has intervals that hold', () => {
    let inside = 0;
    for (let k = 0; k < 60; k++) {
      const { normal } = random(11, k);
      let level = 200;
      const y = Array.from({ length: 132 }, (_, t) => {
        level += normal();
        return level + 10 * Math.sin((2 * Math.PI * t) / 12) + 3 * normal();
      });
      const { mean, sd } = runNormal(tbats({ box_cox: 1 }), y.slice(0, 120), 12, 12);
      for (let s = 0; s < 12; s++) if (Math.abs(y[120 + s]! - mean[s]!) < 1.2816 * sd[s]!) inside++;
    }
    expect(inside / (60 * 12)).toBeGreaterThan(0.72);
    expect(inside / (60 * 12)).toBeLessThan(0.9);
  });

  it('refuses what it cannot do', () => {
    expect(() => run(tbats(), [1, 2, 3], 1, 1)).toThrow('has 3 observed values; tbats needs at least 8');
    expect(() => run(tbats({ box_cox: 0 }), new Array(20).fill(0), 1, 1)).toThrow(
      'has the value 0; tbats with box_cox 0 needs values above 0',
    );
    expect(() => tbats({ box_cox: 2 })).toThrow(
      'tbats option "box_cox" is "2"; use "auto" or a number from 0 to 1.',
    );
    expect(() => tbats({ season_lengths: [1] })).toThrow('tbats option "season_lengths" holds 1');
    expect(() => tbats({ arma: 1 as unknown as boolean })).toThrow('tbats option "arma" is "1"');
  });
});

describe('the Box–Cox transformation', () => {
  it('comes back, and ends at 0', () => {
    for (const lambda of [0, 0.3, 1]) {
      for (const y of [0.1, 1, 40]) expect(inverseBoxCox(boxCox(y, lambda), lambda)).toBeCloseTo(y, 10);
    }
    expect(boxCox(4, 0.5)).toBe(2);
    expect(inverseBoxCox(-5, 0.5)).toBe(0);
  });
});
