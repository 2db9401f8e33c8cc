import { describe, expect, it } from 'vitest';
import { frequency } from '../../src/core/frequency.ts';
import { isLong } from '../../src/features/long-season.ts';

describe('a long season', () => {
  it.each([
    ['MS', 12],
    ['W-SUN', 52],
    ['D', 364],
    ['QS', 4],
    ['2MS', 6],
    ['h', 24],
    ['1', 12],
  ])('is one of %s in %i periods', (freq, m) => {
    expect(isLong(m, frequency(freq))).toBe(true);
  });
  it.each([
    ['D', 7],
    ['MS', 4],
    ['QS', 2],
    ['1', 4],
  ])('is none of %s in %i periods', (freq, m) => {
    expect(isLong(m, frequency(freq))).toBe(false);
  });
});
