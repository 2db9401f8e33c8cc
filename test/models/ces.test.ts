import { describe, expect, it } from 'vitest';
import { frequency } from '../../src/core/frequency.ts';
import { random } from '../../src/core/random.ts';
import { ces } from '../../src/models/ces.ts';
import { usualError } from '../../src/models/complex-smoothing/usual-error.ts';
import { contextOf, futureOf, runNormal, seriesOf } from './one-series.ts';
import { thetaGoldens } from './theta-goldens.ts';

const series = (name: string): readonly number[] => thetaGoldens().find((each) => each.name === name)!.y;

/** A complex number: real and imaginary part. */
type Complex = readonly [number, number];
const times = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c];
const plus = ([a, b]: Complex, [c, d]: Complex): Complex => [a + c, b + d];

/**
 * Equation (8) of the paper in complex arithmetic: ŷ + ip of the next period is
 * (α₀ + iα₁)(y + ie) + (1 − α₀ + i − iα₁)(ŷ + ip). Returns the one-step means ŷ over y and h further periods.
 */
function fromPaper(y: readonly number[], first: Complex, alpha: Complex, h: number): number[] {
  let state = first;
  const out: number[] = [];
  for (let t = 0; t < y.length + h; t++) {
    out.push(state[0]);
    const value = t < y.length ? y[t]! : state[0];
    const rest: Complex = [1 - alpha[0], 1 - alpha[1]];
    state = plus(times(alpha, [value, value - state[0]]), times(rest, state));
  }
  return out;
}

describe('ces', () => {
  it.each(['Nile', 'LakeHuron', 'WWWusage', 'airmiles', 'uspop'])(
    "has the one-step fits and forecasts of the paper's complex equation on %s",
    (name) => {
      const y = series(name);
      const model = ces({ robust: false });
      const state = model.fit(seriesOf(y), contextOf(1));
      const [{ start, alpha0, alpha1, sigma2 }] = state.fits as [(typeof state.fits)[0]];
      const expected = fromPaper(y, [start.level[0]!, start.potential[0]!], [alpha0, alpha1], 8);
      const { level } = model.components(state, seriesOf(y), 8, futureOf(seriesOf(y)));
      for (let t = 0; t < y.length + 8; t++)
        expect(Math.abs(level[t]! / expected[t]! - 1)).toBeLessThan(1e-9);
      const squares = y.reduce((sum, value, t) => sum + (value - expected[t]!) ** 2, 0);
      // Two weights and two states are estimated.
      expect(Math.abs(squares / (y.length - 4) / sigma2 - 1)).toBeLessThan(1e-9);
    },
  );

  it('gives each phase a complex recursion of its own with a simple season', () => {
    const y = series('AirPassengers');
    const model = ces({ season: 'simple', robust: false });
    const state = model.fit(seriesOf(y), contextOf(12));
    const [{ start, alpha0, alpha1 }] = state.fits as [(typeof state.fits)[0]];
    const { mean } = runNormal(model, y, 12, 24);
    for (let p = 0; p < 12; p++) {
      const own = y.filter((_, t) => t % 12 === p);
      const expected = fromPaper(own, [start.level[p]!, start.potential[p]!], [alpha0, alpha1], 2);
      expect(mean[p]).toBeCloseTo(expected[own.length]!, 6);
      expect(mean[12 + p]).toBeCloseTo(expected[own.length + 1]!, 6);
    }
  });

  it('adds a complex season to the level with a full season', () => {
    const y = series('UKgas');
    const model = ces({ season: 'full', robust: false });
    const state = model.fit(seriesOf(y), contextOf(4));
    const [{ start, alpha0, alpha1, beta0, beta1 }] = state.fits as [(typeof state.fits)[0]];
    let level: Complex = [start.level[0]!, start.potential[0]!];
    const season: Complex[] = Array.from(start.season, (s, p) => [s, start.seasonPotential[p]!]);
    const { mean } = runNormal(model, y, 4, 8);
    for (let t = 0; t < y.length + 8; t++) {
      const forecast = level[0] + season[t % 4]![0];
      if (t >= y.length) expect(Math.abs(mean[t - y.length]! / forecast - 1)).toBeLessThan(1e-9);
      const error = t < y.length ? y[t]! - forecast : 0;
      const move = (state: Complex, [a, b]: Complex): Complex =>
        plus(times([a, b], [state[0] + error, error]), times([1 - a, 1 - b], state));
      level = move(level, [alpha0, alpha1]);
      season[t % 4] = move(season[t % 4]!, [beta0, beta1]);
    }
  });

  it('finds the season where there is one, and averages the kinds', () => {
    const { fits } = ces().fit(seriesOf(series('nottem')), contextOf(12));
    expect(fits.map(({ season }) => season)).not.toContain('none');
    expect(fits.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    const likeliest = ces({ average: false }).fit(seriesOf(series('nottem')), contextOf(12)).fits;
    expect(likeliest.length).toBe(1);
    expect(likeliest[0]!.aicc).toBe(Math.min(...fits.map(({ aicc }) => aicc)));
    const draw = random(4);
    const noise = Float64Array.from({ length: 60 }, () => 50 + draw.normal());
    const most = ces()
      .fit(seriesOf(noise), contextOf(12))
      .fits.reduce((a, b) => (b.weight > a.weight ? b : a));
    expect(most.season).toBe('none');
  });

  it('lets forecasts grow by 10 % a season at most', () => {
    const y = Float64Array.from({ length: 20 }, (_, t) => 100 * 1.5 ** t);
    const state = ces().fit(seriesOf(y), { ...contextOf(1), freq: frequency('Y') });
    const d = ces().forecast(state, 30, futureOf(seriesOf(y)));
    expect(d.mean[29]! / d.mean[28]!).toBeLessThan(1.101);
  });

  it('weighs the kinds as if ten values testified at most', () => {
    const y = series('UKgas');
    const { fits } = ces().fit(seriesOf(y), contextOf(4));
    const [a, b] = fits as [(typeof fits)[0], (typeof fits)[0]];
    const counted = 10 / (y.length + 10);
    expect(Math.log(a.weight / b.weight)).toBeCloseTo((counted * (b.aicc - a.aicc)) / 2, 9);
  });

  it('lets the phases of a simple season grow by no more than the level', () => {
    const y = Array.from({ length: 24 }, (_, t) => (100 + 10 * (t % 4)) * 1.5 ** (t / 4));
    const { mean } = runNormal(ces({ season: 'simple' }), y, 4, 80);
    const growth = mean[79]! / mean[75]!;
    expect(growth).toBeGreaterThan(1.08);
    expect(growth).toBeLessThan(1.11);
  });

  it('doubts its weights on short random walks', () => {
    const draw = random(11);
    let inside = 0;
    for (let k = 0; k < 400; k++) {
      let value = 50;
      const path = Array.from({ length: 14 }, () => (value += draw.normal()));
      const { mean, sd } = runNormal(ces(), path.slice(0, 10), 1, 4);
      for (let s = 0; s < 4; s++) if (Math.abs(path[10 + s]! - mean[s]!) < 1.2816 * sd[s]!) inside++;
    }
    // The errors alone would hold 66 of 100.
    expect(inside / 1600).toBeGreaterThan(0.73);
    expect(inside / 1600).toBeLessThan(0.85);
  });

  it('has no doubt about a series that it fits perfectly', () => {
    const { sd } = runNormal(ces(), new Array(12).fill(7), 1, 6);
    for (const each of sd) expect(each).toBeLessThan(1e-9);
  });

  it('bridges missing cells: the forecast hardly moves', () => {
    const y = series('nottem');
    const gappy = y.map((value, t) => (t % 17 === 5 ? Number.NaN : value));
    const whole = runNormal(ces(), y, 12, 12).mean;
    const bridged = runNormal(ces(), gappy, 12, 12).mean;
    for (let s = 0; s < 12; s++) expect(Math.abs(bridged[s]! - whole[s]!)).toBeLessThan(1.5);
  });

  it('takes level and season apart', () => {
    const y = series('nottem');
    const model = ces();
    const state = model.fit(seriesOf(y), contextOf(12));
    const { level, seasonal } = model.components(state, seriesOf(y), 12, futureOf(seriesOf(y)));
    // Nottingham's mean temperature is 49 °F, its summers are 13 warmer.
    for (let t = 24; t < y.length + 12; t++) expect(Math.abs(level[t]! - 49)).toBeLessThan(5);
    const july = y.length + 6;
    expect(seasonal[july]).toBeGreaterThan(9);
  });

  it('holds large errors to three usual ones in half of its fits, and adds what it held back on average', () => {
    const y = series('Nile').map((value, t) => (t % 23 === 20 ? 0 : value));
    const model = ces();
    const { fits } = model.fit(seriesOf(y), contextOf(1));
    const usual = usualError(Float64Array.from(y), 1);
    expect(fits.map(({ hold }) => hold)).toEqual([Infinity, 3 * usual]);
    const { mean } = runNormal(model, y, 1, 8);
    const expected = new Float64Array(8);
    for (const { weight, hold, start, alpha0, alpha1, heldBack } of fits) {
      let state: Complex = [start.level[0]!, start.potential[0]!];
      let held = 0;
      for (let t = 0; t < y.length + 8; t++) {
        const [forecast] = state;
        if (t >= y.length) expected[t - y.length]! += weight * (forecast + heldBack);
        const error = t < y.length ? y[t]! - forecast : 0;
        const moves = Math.sign(error) * Math.min(Math.abs(error), hold);
        held += error - moves;
        const alpha: Complex = [alpha0, alpha1];
        state = plus(times(alpha, [forecast + moves, moves]), times([1 - alpha0, 1 - alpha1], state));
      }
      expect(heldBack).toBeCloseTo(held / y.length, 9);
    }
    for (let s = 0; s < 8; s++) expect(Math.abs(mean[s]! / expected[s]! - 1)).toBeLessThan(1e-9);
  });

  it('fits short series without a season once, long and seasonal ones twice a kind', () => {
    const draw = random(4);
    const y = Array.from({ length: 100 }, () => 50 + draw.normal());
    const ways = (values: readonly number[], m: number): number =>
      ces({ season: m > 1 ? 'simple' : 'none' }).fit(seriesOf(values), contextOf(m)).fits.length;
    expect(ways(y.slice(1), 1)).toBe(1);
    expect(ways(y, 1)).toBe(2);
    expect(ways(y.slice(0, 60), 4)).toBe(2);
  });

  it('lets outliers pass by, and follows the level where it shifts', () => {
    const draw = random(7);
    const week = [0, 2, 5, 1, 8, 20, 12];
    const usual = Array.from({ length: 140 }, (_, t) => 60 + week[t % 7]! + 3 * draw.normal());
    const off = (y: readonly number[], robust: boolean, level: number): number => {
      const { mean } = runNormal(ces({ robust }), y, 7, 28);
      return mean.reduce((sum, value, s) => sum + Math.abs(value - level - week[s % 7]!), 0) / 28;
    };
    const closed = usual.map((value, t) => (t % 17 === 0 ? 0 : value));
    expect(off(closed, true, 60)).toBeLessThan(0.7 * off(closed, false, 60));
    const raised = usual.map((value, t) => (t < 110 ? value : value + 40));
    expect(off(raised, true, 100)).toBeLessThan(3);
  });

  it('forecasts the mean of skewed series', () => {
    const draw = random(3);
    let total = 0;
    for (let k = 0; k < 60; k++) {
      const y = Array.from({ length: 200 }, () => 100 * Math.exp(draw.normal() - 0.5));
      total += runNormal(ces(), y, 7, 28).mean.reduce((sum, value) => sum + value / 28, 0);
    }
    // Without what is held back it is 91.
    expect(total / 60).toBeGreaterThan(93);
  });

  it('refuses what it cannot do', () => {
    expect(() => runNormal(ces(), [1, 2, Number.NaN, 3], 1, 1)).toThrow(
      'has 3 observed values; ces needs at least 4',
    );
    expect(() => runNormal(ces({ season: 'full' }), new Array(20).fill(1), 12, 1)).toThrow(
      'has 20 cells and a season of 12; ces with season "full" needs more than two seasons',
    );
    expect(() => ces({ season: 'additive' as 'full' })).toThrow(
      'ces cannot have the option season "additive". Choose from: auto, none, simple, partial, full.',
    );
    expect(() => ces({ average: 1 as unknown as boolean })).toThrow('ces option "average" is "1"');
    expect(() => ces({ robust: 'no' as unknown as boolean })).toThrow('ces option "robust" is "no"');
  });
});
