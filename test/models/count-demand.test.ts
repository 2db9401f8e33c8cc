import { describe, expect, it } from 'vitest';
import { quantile } from '../../src/core/distribution.ts';
import { random } from '../../src/core/random.ts';
import { followLevel } from '../../src/models/count-demand/level.ts';
import { logLikelihood, SHAPES } from '../../src/models/count-demand/negative-binomial.ts';
import { fillUrn } from '../../src/models/count-demand/urn.ts';
import { type CountDemandState, countDemand } from '../../src/models/count-demand.ts';
import { tsb } from '../../src/models/tsb.ts';
import { contextOf, futureOf, golden, run, seriesOf } from './one-series.ts';

const expected = golden('counts') as {
  readonly y: readonly number[];
  readonly mu: readonly number[];
  readonly sizes: readonly number[];
  readonly logs: readonly number[];
  readonly poisson: number;
  readonly p: readonly number[];
  readonly plain: readonly (readonly number[])[];
  readonly hurdle: readonly number[];
};

const none = { counts: new Int32Array(0), shares: new Float64Array(0) };
const stateOf = (shape: number, mean: number, from: 0 | 1, chance: number): CountDemandState => ({
  unit: 1,
  mean: Float64Array.of(chance * (from + mean)),
  candidates: [{ weight: 1, shape, beyond: Float64Array.of(mean), chance: Float64Array.of(chance), from }],
  urn: none,
});
const future = { start: 0, known: [] };

describe('count-demand', () => {
  it("has R's negative binomial likelihoods", () => {
    const counts = Int32Array.from(expected.y);
    const means = Float64Array.from(expected.mu);
    for (const [i, size] of expected.sizes.entries()) {
      expect(logLikelihood(counts, means, SHAPES.indexOf(size), 0)).toBeCloseTo(expected.logs[i]!, 7);
    }
    expect(logLikelihood(counts, means, SHAPES.length - 1, 0)).toBeCloseTo(expected.poisson, 1);
    const gappy = Int32Array.from([...expected.y, -1, -1]);
    expect(logLikelihood(gappy, Float64Array.from([...means, 1, 1]), 4, 0)).toBeCloseTo(expected.logs[1]!, 7);
  });

  it("has R's quantiles where there is one candidate", () => {
    for (const [i, shape] of [0.35, 3].entries()) {
      const d = countDemand().forecast(stateOf(shape, 7.5, 0, 1), 1, future);
      for (const [j, p] of expected.p.entries()) expect(quantile(d, p)[0]).toBe(expected.plain[i]![j]);
    }
    const d = countDemand().forecast(stateOf(0.6, 3.2, 1, 0.6), 1, future);
    for (const [j, p] of expected.p.entries()) expect(quantile(d, p)[0]).toBe(expected.hurdle[j]);
  });

  it('follows a level, and a season by factors that form slowly', () => {
    // Head start of two cells: weights 1/3, then 1/4.
    const plain = followLevel(Float64Array.of(4, 8, Number.NaN), { weight: 0, start: 1, m: 1, caution: 0 });
    expect([...plain.level]).toEqual([1, 2, 3.5]);
    expect(plain.last).toBe(3.5);
    const x = Float64Array.from({ length: 400 }, (_, t) => (t % 2 === 0 ? 1 : 3));
    const following = { weight: 0, start: 2, m: 2, caution: 20 };
    const short = followLevel(x.subarray(0, 10), following).ahead;
    const long = followLevel(x, following).ahead;
    expect(short[1]! - short[0]!).toBeLessThan(1);
    expect(long[1]! - long[0]!).toBeGreaterThan(1.6);
  });

  it('holds what it promises on counts that come in bursts, and is sharper than tsb', () => {
    const draw = random(11);
    let below = 0;
    let loss = 0;
    let rival = 0;
    for (let k = 0; k < 250; k++) {
      const rate = 0.5 + 3 * draw.uniform();
      const y = Float64Array.from({ length: 81 }, () => draw.negativeBinomial(rate, 0.7));
      if (y.subarray(0, 80).filter((v) => v > 0).length < 2) continue;
      const pinball = (q: number): number => (y[80]! >= q ? 0.9 * (y[80]! - q) : 0.1 * (q - y[80]!));
      const q = quantile(run(countDemand(), y.subarray(0, 80), 1, 1), 0.9)[0]!;
      if (y[80]! <= q) below++;
      loss += pinball(q);
      rival += pinball(quantile(run(tsb(), y.subarray(0, 80), 1, 1), 0.9)[0]!);
    }
    expect(below / 250).toBeGreaterThan(0.86);
    expect(below / 250).toBeLessThan(0.97);
    expect(loss).toBeLessThan(rival);
  });

  it('sees a weekly season in counts, and none where there is none', () => {
    const draw = random(5);
    const y = Float64Array.from({ length: 210 }, (_, t) => draw.poisson([1, 1, 1, 1, 1, 6, 9][t % 7]!));
    const { mean } = run(countDemand(), y, 7, 7);
    expect(mean[6]! / mean[0]!).toBeGreaterThan(3);
    const flat = run(countDemand({ season: 'none' }), y, 7, 7).mean;
    expect(new Set(flat).size).toBe(1);
    const noise = Float64Array.from({ length: 210 }, () => draw.poisson(2));
    const even = run(countDemand(), noise, 7, 7).mean;
    expect(Math.max(...even) / Math.min(...even)).toBeLessThan(1.3);
  });

  it('repeats packs: sold in 24s, a single is possible and 24 likely', () => {
    const draw = random(2);
    const y = Float64Array.from({ length: 200 }, () =>
      draw.uniform() < 0.5 ? 0 : draw.uniform() < 0.1 ? 1 + draw.below(5) : 24 * (1 + draw.below(2)),
    );
    const d = run(countDemand(), y, 1, 1);
    expect(quantile(d, 0.65)[0]).toBe(24);
    const { urn } = countDemand().fit(seriesOf(y), contextOf(1));
    expect(urn.shares.reduce((a, b) => a + b, 0)).toBeGreaterThan(0.3);
    expect(countDemand({ repeat: false }).fit(seriesOf(y), contextOf(1)).urn.counts.length).toBe(0);
  });

  it('leaves the urn alone where the past does not repeat', () => {
    const counts = Int32Array.from({ length: 60 }, (_, t) => 100 + t);
    const { shares } = fillUrn(counts, new Float64Array(60).fill(0.02));
    expect(shares.reduce((a, b) => a + b, 0)).toBeLessThan(0.01);
  });

  it('counts in packs where everything came in packs', () => {
    const y = [6, 0, 12, 0, 0, 6, 18, 0, 6, 0, 0, 30];
    const d = run(countDemand(), y, 1, 1);
    for (const p of [0.6, 0.75, 0.9, 0.975]) expect(quantile(d, p)[0]! % 6).toBe(0);
  });

  it('lets a product that stopped selling fade', () => {
    const y = Float64Array.from({ length: 60 }, (_, t) => (t < 36 && t % 2 === 0 ? 3 : 0));
    expect(run(countDemand(), y, 1, 1).mean[0]).toBeLessThan(0.25);
  });

  it('passes over missing cells', () => {
    const y = [0, 3, 0, 0, 1, 0, 2, 0];
    const gappy = [0, Number.NaN, 3, 0, 0, Number.NaN, Number.NaN, 1, 0, 2, Number.NaN, 0];
    const [whole, bridged] = [run(countDemand(), y, 1, 1), run(countDemand(), gappy, 1, 1)];
    expect(bridged.mean[0]).toBeCloseTo(whole.mean[0]!, 12);
  });

  it('draws paths of whole pieces whose doubt is carried along', () => {
    const draw = random(9);
    const series = seriesOf(Float64Array.from({ length: 40 }, () => draw.negativeBinomial(3, 1)));
    const model = countDemand();
    const state = model.fit(series, contextOf(1));
    const paths = model.simulate!(state, 6, futureOf(series), 5000, random(1));
    expect(paths.every((v) => Number.isInteger(v) && v >= 0)).toBe(true);
    expect(paths.reduce((a, b) => a + b, 0) / paths.length / state.mean[0]!).toBeCloseTo(1, 1);
  });

  it('refuses what it cannot do', () => {
    expect(() => run(countDemand(), [0, 0, 3, 0], 1, 1)).toThrow(
      'has one value above 0; count-demand needs at least two',
    );
    expect(() => run(countDemand(), [1, -2, 3], 1, 1)).toThrow('has the negative value -2');
    expect(() => countDemand({ season: 'weekly' as 'auto' })).toThrow(
      'count-demand option "season" is "weekly"',
    );
    expect(() => countDemand({ repeat: 1 as unknown as boolean })).toThrow(
      'count-demand option "repeat" is "1"; use true or false.',
    );
    expect(() => countDemand({ seasons: 'none' } as object)).toThrow('Did you mean "season"?');
  });
});
