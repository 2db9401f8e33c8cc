import { describe, expect, it } from 'vitest';
import { frequency } from '../../src/core/frequency.ts';
import { dummyColumns, exactSeason, phase, phaseColumns } from '../../src/features/calendar.ts';
import { fourierColumns, fourierWidth } from '../../src/features/fourier.ts';

describe('Fourier terms', () => {
  it('are sines and cosines of the ordinal', () => {
    const [sine1, cosine1, sine2] = fourierColumns(0, 12, 12, 2);
    expect(sine1![3]).toBeCloseTo(1, 14);
    expect(cosine1![6]).toBeCloseTo(-1, 14);
    expect(sine2![1]).toBeCloseTo(Math.sqrt(3) / 2, 14);
  });
  it('leave out the sine that is 0 everywhere', () => {
    expect(fourierColumns(0, 5, 12, 6)).toHaveLength(11);
    expect(fourierColumns(0, 5, 12, 99)).toHaveLength(11);
    expect(fourierColumns(0, 5, 52.18, 26)).toHaveLength(52);
    for (const [period, pairs] of [
      [12, 6],
      [12, 5],
      [7, 3],
      [7, 9],
      [52.18, 30],
      [2, 1],
    ] as const) {
      expect(fourierWidth(period, pairs)).toBe(fourierColumns(0, 1, period, pairs).length);
    }
  });
  it('go on where those of the past ended', () => {
    const whole = fourierColumns(700, 60, 365.2425, 3);
    const rest = fourierColumns(740, 20, 365.2425, 3);
    whole.forEach((column, j) => {
      expect([...column.subarray(40)]).toEqual([...rest[j]!]);
    });
  });
});

describe('the calendar', () => {
  it('knows the true length of a year', () => {
    expect(exactSeason(frequency('W'), 52)).toBeCloseTo(52.1775, 4);
    expect(exactSeason(frequency('D'), 365)).toBe(365.2425);
    expect(exactSeason(frequency('2W'), 26)).toBeCloseTo(26.0888, 4);
    expect(exactSeason(frequency('D'), 7)).toBe(7);
    expect(exactSeason(frequency('MS'), 12)).toBe(12);
  });
  it('has phases before 1970 too', () => {
    expect([-8, -7, -1, 0, 6, 7].map((ordinal) => phase(ordinal, 7))).toEqual([6, 0, 6, 0, 6, 0]);
  });
  it('makes one column a phase but the last', () => {
    expect(phaseColumns(1, 4, 3, [0, 1, 2]).map((column) => [...column])).toEqual([
      [0, 0, 1, 0],
      [1, 0, 0, 1],
    ]);
  });
  it('gives a code it was not told of the average of the others', () => {
    expect(dummyColumns(2, (t) => [5, 9][t]!, [3, 5]).map((column) => [...column])).toEqual([[0, 0.5]]);
    expect(dummyColumns(2, () => 1, [1])).toEqual([]);
  });
});
