import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIso } from '../../src/core/calendar.ts';
import { frequency, label, ordinal, timestamp } from '../../src/core/frequency.ts';

const ALIASES = [
  '1',
  's',
  '15min',
  'h',
  '4h',
  'D',
  'B',
  'W',
  'W-MON',
  'W-FRI',
  '2W',
  'MS',
  'M',
  'QS',
  'Q',
  'YS',
  'Y',
  '2MS',
];

describe('frequencies', () => {
  it('labels weeks by their anchor day', () => {
    const freq = frequency('W-FRI');
    const friday = parseIso('2010-02-05');
    expect(label(freq, ordinal(freq, friday))).toBe('2010-02-05');
    expect(label(freq, ordinal(freq, parseIso('2010-02-04')))).toBe('2010-02-05');
    expect(label(freq, ordinal(freq, parseIso('2010-02-06')))).toBe('2010-02-12');
  });

  it('labels months by their first or last day', () => {
    const day = parseIso('2024-02-11');
    expect(label(frequency('MS'), ordinal(frequency('MS'), day))).toBe('2024-02-01');
    expect(label(frequency('M'), ordinal(frequency('M'), day))).toBe('2024-02-29');
    expect(label(frequency('QS'), ordinal(frequency('QS'), day))).toBe('2024-01-01');
    expect(label(frequency('Q'), ordinal(frequency('Q'), day))).toBe('2024-03-31');
    expect(label(frequency('Y'), ordinal(frequency('Y'), day))).toBe('2024-12-31');
  });

  it('counts business days without weekends', () => {
    const freq = frequency('B');
    const friday = ordinal(freq, parseIso('2026-11-20'));
    expect(ordinal(freq, parseIso('2026-11-23'))).toBe(friday + 1);
    expect(label(freq, friday + 1)).toBe('2026-11-23');
  });

  it('turns every period into a label that falls in that period', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ALIASES), fc.integer({ min: -20_000, max: 60_000 }), (alias, period) => {
        const freq = frequency(alias);
        expect(ordinal(freq, timestamp(freq, period))).toBe(period);
      }),
    );
  });

  it('names the cure for an unknown alias', () => {
    expect(() => frequency('fortnight')).toThrow(/"fortnight" is not known\. Use h, D/);
    expect(() => frequency('D-MON')).toThrow(/not known/);
  });
});
