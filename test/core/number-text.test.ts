import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatChange,
  formatFixed,
  formatNumber,
  formatPercent,
  formatRange,
  plural,
  tickLabels,
} from '../../src/core/number-text.ts';

const SCALE: Record<string, number> = { M: 1e6, B: 1e9, T: 1e12 };

/** Reads a formatted number back. */
function read(text: string): number {
  const letter = text.at(-1)!;
  const digits = text.replace('−', '-').replace('−', '-').replaceAll(',', '');
  return letter in SCALE ? Number(digits.slice(0, -1)) * SCALE[letter]! : Number(digits);
}

describe('numbers for reading', () => {
  it.each([
    [12_430, '12,430'],
    [12_430.4, '12,430'],
    [999.6, '1,000'],
    [999_499, '999,499'],
    [999_999.7, '1.00M'],
    [1_240_000, '1.24M'],
    [12_400_000, '12.4M'],
    [999_600_000, '1.00B'],
    [1.5e12, '1.50T'],
    [3e16, '3.00e16'],
    [0.35, '0.35'],
    [0.034, '0.034'],
    [0.00001, '1.0e−5'],
    [12.4, '12.4'],
    [12.04, '12'],
    [1.999, '2'],
    [7, '7'],
    [0, '0'],
    [-0, '0'],
    [-7.25, '−7.25'],
    [Number.NaN, '–'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
  ])('writes %d as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it('stays within half a percent of what it was given, and within half a unit from 1,000 to a million', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 9e14, noNaN: true }), fc.boolean(), (size, negative) => {
        const value = negative ? -size : size;
        const back = read(formatNumber(value));
        const slack = size < 1 ? 0.051 : 0.0051;
        expect(Math.abs(back - value)).toBeLessThanOrEqual(
          Math.max(slack * size, size >= 999.5 && size < 1e6 ? 0.5 : 0),
        );
      }),
    );
  });

  it('writes shares as percent and changes with their sign', () => {
    expect(formatPercent(0.18)).toBe('18%');
    expect(formatPercent(0.0421)).toBe('4.2%');
    expect(formatPercent(0.05)).toBe('5%');
    expect(formatPercent(0.812, 1)).toBe('81.2%');
    expect(formatPercent(-0.05, 1)).toBe('−5.0%');
    expect(formatPercent(Number.NaN)).toBe('–');
    expect(formatChange(0.042)).toBe('+4.2%');
    expect(formatChange(-0.11)).toBe('−11%');
    expect(formatChange(0.0001)).toBe('0%');
    expect(formatChange(-0.0001)).toBe('0%');
    expect(formatChange(24)).toBe('×25');
    expect(formatChange(Infinity)).toBe('–');
  });

  it('writes both ends of a range with the same decimals', () => {
    expect(formatRange(31, 70.123)).toBe('31.0 to 70.1');
    expect(formatRange(87.92, 167.4)).toBe('88 to 167');
    expect(formatRange(0, 3.766)).toBe('0.00 to 3.77');
    expect(formatRange(-5, 5)).toBe('−5.00 to 5.00');
    expect(formatRange(955_000, 1_390_000)).toBe('955,000 to 1.39M');
    expect(formatRange(Number.NaN, 1)).toBe('–');
  });

  it('counts nouns and fixes decimals', () => {
    expect(plural(1, 'cell')).toBe('1 cell');
    expect(plural(1204, 'cell')).toBe('1,204 cells');
    expect(plural(0, 'series', 'series')).toBe('0 series');
    expect(formatFixed(-0.001, 2)).toBe('0.00');
    expect(formatFixed(1234.5, 1)).toBe('1,234.5');
  });

  it('labels ticks alike', () => {
    expect(tickLabels([0, 500, 1000])).toEqual(['0', '500', '1,000']);
    expect(tickLabels([0, 0.5, 1])).toEqual(['0', '0.5', '1.0']);
    expect(tickLabels([-20_000, 0, 20_000])).toEqual(['−20k', '0', '20k']);
    expect(tickLabels([0, 500_000, 1_000_000])).toEqual(['0', '0.5M', '1.0M']);
    expect(tickLabels([0])).toEqual(['0']);
  });
});
