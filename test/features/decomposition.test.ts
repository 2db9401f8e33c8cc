import { describe, expect, it } from 'vitest';
import { decompose, deseasonalise, hasSeason } from '../../src/features/decomposition.ts';
import { thetaGoldens } from '../models/theta-goldens.ts';

const seasonal = thetaGoldens().filter(({ season_length }) => season_length > 1);
const KINDS = ['additive', 'multiplicative'] as const;

describe('decompose', () => {
  it.each(seasonal)("equals R's decompose() on $name", ({ y, season_length, decompositions }) => {
    for (const kind of KINDS) {
      const expected = decompositions[kind];
      const { figure, trend } = decompose(Float64Array.from(y), season_length, kind);
      for (let i = 0; i < season_length; i++) expect(figure[i]).toBeCloseTo(expected.figure[i]!, 8);
      for (const [t, value] of expected.trend.entries()) {
        if (value === null) expect(trend[t]).toBeNaN();
        else expect(trend[t]).toBeCloseTo(value, 7);
      }
    }
  });

  const line = (t: number): number => 100 + 0.5 * t;
  const differences = [6, -2, 3, -7];
  const factors = [1.2, 0.9, 1.1, 0.8];
  const series = {
    additive: Float64Array.from({ length: 40 }, (_, t) => line(t) + differences[t % 4]!),
    multiplicative: Float64Array.from({ length: 40 }, (_, t) => 100 * factors[t % 4]!),
  };

  it.each(KINDS)('finds the %s season in spite of missing cells', (kind) => {
    const y = Float64Array.from(series[kind]);
    for (const t of [0, 7, 13, 14, 22, 39]) y[t] = Number.NaN;
    const truth = kind === 'additive' ? differences : factors;
    const { figure } = decompose(y, 4, kind);
    for (let i = 0; i < 4; i++) expect(figure[i]).toBeCloseTo(truth[i]!, kind === 'additive' ? 1 : 3);
    const plain = deseasonalise(y, { kind, figure });
    expect(plain[7]).toBeNaN();
    expect(plain[20]).toBeCloseTo(kind === 'additive' ? line(20) : 100, kind === 'additive' ? 0 : 1);
  });

  it('leaves a phase that is never observed alone: a shop that is shut on Sundays', () => {
    const y = Float64Array.from({ length: 70 }, (_, t) => (t % 7 === 6 ? Number.NaN : 50 + (t % 7)));
    expect(decompose(y, 7, 'additive').figure[6]).toBe(0);
    expect(decompose(y, 7, 'multiplicative').figure[6]).toBe(1);
    const { figure } = decompose(y, 7, 'additive');
    for (let i = 0; i < 6; i++) expect(figure[i]).toBeCloseTo(i - 2.5, 1);
  });

  it('refuses fewer than two seasons', () => {
    expect(() => decompose(new Float64Array(7), 4)).toThrow('a season of 4 needs at least 8 cells');
  });
});

describe('hasSeason', () => {
  const yes = (name: string): boolean => {
    const { y, season_length } = seasonal.find((each) => each.name === name)!;
    return hasSeason(Float64Array.from(y), season_length);
  };

  it('decides as thetaf does', () => {
    for (const name of ['AirPassengers', 'USAccDeaths', 'nottem', 'UKgas']) expect(yes(name)).toBe(true);
    // Seven phases laid over a yearly series: its own swings hide them from the test.
    expect(yes('week')).toBe(false);
  });

  it('asks for as many seasons as it is told', () => {
    const y = Float64Array.from({ length: 10 }, (_, t) => [9, 1, 1, 1][t % 4]!);
    expect(hasSeason(y, 4)).toBe(true);
    expect(hasSeason(y, 4, { cycles: 3 })).toBe(false);
    expect(hasSeason(y.subarray(0, 8), 4)).toBe(false);
    expect(hasSeason(y, 1)).toBe(false);
    expect(hasSeason(new Float64Array(40).fill(3), 4)).toBe(false);
  });
});
