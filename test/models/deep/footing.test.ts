import { describe, expect, it } from 'vitest';
import { type Base, baseOf, footingOf } from '../../../src/models/deep/footing.ts';

const zeros = (count: number): number[] => new Array<number>(count).fill(0);
const UNKNOWN = { level: 9, scale: 2 };
const pastOf = (values: readonly number[]) => ({
  y: Float64Array.from(values),
  from: 0,
  to: values.length,
});

function forecastOf(values: readonly number[], season: number, h: number): Base {
  const base: Base = { values: new Float64Array(h), told: new Float64Array(h) };
  const past = pastOf(values);
  baseOf(past, season, footingOf(past, season, UNKNOWN), base);
  return base;
}

describe('what a window is measured by', () => {
  it('is the mean of the last two seasons, and the mean step', () => {
    const { level, scale } = footingOf(pastOf([...zeros(8), ...[2, 4, 2, 4, 2, 4, 2, 4]]), 4, UNKNOWN);
    expect(level).toBe(3);
    expect(scale).toBeCloseTo((8 * 2) / 15, 12);
    // Of weeks, that of four.
    const fortnight = new Array<number>(14).fill(6);
    expect(footingOf(pastOf([...zeros(14), ...fortnight]), 7, UNKNOWN).level).toBe(3);
  });

  it('forgets quickly where there is no season', () => {
    const { level } = footingOf(pastOf([0, 0, 0, 0, 0, 10, 10, 10]), 0, UNKNOWN);
    expect(level).toBeGreaterThan(7);
    expect(level).toBeLessThan(10);
  });

  it('passes over what is missing, and takes the usual where nothing is known', () => {
    const nan = Number.NaN;
    expect(footingOf(pastOf([nan, 5, nan, 7, nan]), 0, UNKNOWN).scale).toBe(2);
    expect(footingOf(pastOf([nan, nan]), 0, UNKNOWN)).toEqual(UNKNOWN);
    expect(footingOf(pastOf([]), 7, UNKNOWN)).toEqual(UNKNOWN);
  });

  it('never has a scale of 0', () => {
    expect(footingOf(pastOf([5, 5, 5]), 0, UNKNOWN).scale).toBeGreaterThan(0);
    expect(footingOf(pastOf([0, 0, 0]), 0, UNKNOWN).scale).toBeGreaterThan(0);
    expect(footingOf(pastOf([5]), 0, UNKNOWN).scale).toBeGreaterThan(0);
  });
});

describe('the plain forecast', () => {
  it('carries seasons to the present level', () => {
    // Twice as much as a season ago, and twice as much again before that.
    const shape = [1, 2, 3, 4];
    const past = [1, 2, 4, 8].flatMap((size) => shape.map((v) => 100 * size * v));
    const { values, told } = forecastOf(past, 4, 6);
    for (const [s, value] of values.entries()) expect(value / (800 * shape[s % 4]!)).toBeGreaterThan(0.75);
    expect(values[5]! / values[4]!).toBeCloseTo(2, 1);
    expect(Array.from(told)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('shifts what may be below zero', () => {
    const past = [-1, 1, -1, 1, 4, 6, 4, 6];
    const { values } = forecastOf(past, 4, 2);
    // One season back: a shift of 5 on −1 and 1 a season before; the last season as it is.
    expect(Array.from(values)).toEqual([4, 6]);
  });

  it('is the level where no season is known', () => {
    const { values, told } = forecastOf([3, 5], 7, 3);
    expect(Array.from(values)).toEqual([4, 4, 4]);
    expect(Array.from(told)).toEqual([0, 0, 0]);
  });
});
