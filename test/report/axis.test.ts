import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frequency, ordinal } from '../../src/core/frequency.ts';
import {
  formatPeriod,
  formatSpan,
  timeTicks,
  valueDomain,
  valueTicks,
  yearLag,
} from '../../src/report/axis.ts';

const at = (alias: string, iso: string): number => ordinal(frequency(alias), Date.parse(`${iso}Z`));
const labels = (alias: string, from: string, to: string, count: number): string[] =>
  timeTicks(frequency(alias), at(alias, from), at(alias, to), count).map(({ label }) => label);

describe('value axis', () => {
  it('takes round values', () => {
    expect(valueTicks(0, 1, 4)).toEqual([0, 0.5, 1]);
    expect(valueTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(valueTicks(-130, 420, 5)).toEqual([0, 200, 400]);
    expect(valueTicks(3, 3, 5)).toEqual([3]);
  });

  it('includes zero unless the data stay far from it', () => {
    expect(valueDomain(20, 100)[0]).toBe(0);
    expect(valueDomain(900, 1000)[0]).toBeGreaterThan(800);
    expect(valueDomain(-100, -20)[1]).toBe(0);
    expect(valueDomain(5, 5)[0]).toBe(0);
    expect(valueDomain(0, 0)).toEqual([0, 1.04]);
    expect(valueDomain(Infinity, -Infinity)).toEqual([0, 1]);
  });

  it('always holds the data and at least one tick', () => {
    const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [lo, hi] = [Math.min(a, b), Math.max(a, b)];
        const [from, to] = valueDomain(lo, hi);
        const room = Math.max(1e-9 * Math.max(Math.abs(lo), Math.abs(hi)), 1e-200);
        expect(from).toBeLessThanOrEqual(lo + room);
        expect(to).toBeGreaterThanOrEqual(hi - room);
        expect(to).toBeGreaterThan(from);
        const ticks = valueTicks(from, to, 4);
        expect(ticks.length).toBeGreaterThan(0);
        expect(ticks.length).toBeLessThanOrEqual(6);
      }),
    );
  });
});

describe('time axis', () => {
  it('ticks at boundaries of the calendar and says the year once', () => {
    expect(labels('D', '2025-11-20', '2026-03-15', 6)).toEqual(['Dec', 'Jan 2026', 'Feb', 'Mar']);
    expect(labels('D', '2026-02-10', '2026-06-15', 6)).toEqual(['Mar 2026', 'Apr', 'May', 'Jun']);
    expect(labels('W-FRI', '2010-02-05', '2012-10-26', 4)).toEqual([
      'Jul',
      'Jan 2011',
      'Jul',
      'Jan 2012',
      'Jul',
    ]);
    expect(labels('MS', '2019-11-01', '2026-06-01', 8)).toEqual([
      '2020',
      '2021',
      '2022',
      '2023',
      '2024',
      '2025',
      '2026',
    ]);
    expect(labels('D', '2026-06-01', '2026-06-21', 4)).toEqual(['1 Jun 2026', '8 Jun', '15 Jun']);
    expect(labels('h', '2026-06-01T00:00', '2026-06-02T12:00', 4)).toEqual([
      '1 Jun',
      '12:00',
      '2 Jun',
      '12:00',
    ]);
  });

  it('ticks plain steps at round numbers and one period at itself', () => {
    expect(timeTicks(frequency('1'), 3, 52, 5).map(({ label }) => label)).toEqual([
      '10',
      '20',
      '30',
      '40',
      '50',
    ]);
    expect(timeTicks(frequency('MS'), 5, 5, 5)).toEqual([{ period: 5, label: 'Jun 1970' }]);
  });

  it('never has many more ticks than asked for, and at least one', () => {
    const alias = fc.constantFrom('15min', 'h', 'D', 'B', 'W', 'MS', 'QS', 'YS', '2W', '1');
    fc.assert(
      fc.property(
        alias,
        fc.integer({ min: 0, max: 20_000 }),
        fc.integer({ min: 0, max: 3000 }),
        (name, from, n) => {
          const ticks = timeTicks(frequency(name), from, from + n, 6);
          expect(ticks.length).toBeGreaterThan(0);
          expect(ticks.length).toBeLessThanOrEqual(9);
          for (const { period } of ticks) expect(period >= from && period <= from + n).toBe(true);
        },
      ),
    );
  });

  it('names periods and spans', () => {
    const span = (alias: string, from: string, to: string): string =>
      formatSpan(frequency(alias), at(alias, from), at(alias, to));
    expect(span('D', '2026-06-15', '2026-07-12')).toBe('15 Jun – 12 Jul 2026');
    expect(span('D', '2025-12-30', '2026-01-02')).toBe('30 Dec 2025 – 2 Jan 2026');
    expect(span('MS', '2026-07-01', '2026-07-01')).toBe('Jul 2026');
    expect(span('QS', '2026-01-01', '2026-10-01')).toBe('Q1 – Q4 2026');
    expect(span('YS', '2026-01-01', '2028-01-01')).toBe('2026 – 2028');
    expect(formatPeriod(frequency('h'), at('h', '2026-06-15T14:00'))).toBe('15 Jun 2026, 14:00');
    expect(formatPeriod(frequency('1'), 12)).toBe('step 12');
  });

  it('knows how far back a year is', () => {
    expect(
      ['D', 'W', 'MS', 'QS', 'B', '2W', '3W', 'YS', '1'].map((alias) => yearLag(frequency(alias))),
    ).toEqual([364, 52, 12, 4, 260, 26, undefined, undefined, undefined]);
  });
});
