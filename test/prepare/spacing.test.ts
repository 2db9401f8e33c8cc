import { describe, expect, it } from 'vitest';
import { label, ordinal } from '../../src/core/frequency.ts';
import { prepare } from '../../src/prepare/prepare.ts';
import { detectFrequency } from '../../src/prepare/spacing.ts';
import { dates, type Row, rows, series } from './rows.ts';

const detected = (list: readonly Row[], options = {}): string =>
  detectFrequency(rows(list, options)).freq.alias;
const monthStarts = (count: number, step = 1, day = '01'): string[] =>
  Array.from({ length: count }, (_, k) => {
    const month = k * step;
    return `${2020 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-${day}`;
  });
const monthEnds = (count: number, step: number): string[] =>
  Array.from({ length: count }, (_, k) =>
    new Date(Date.UTC(2020, (k + 1) * step, 0)).toISOString().slice(0, 10),
  );
const clock = (count: number, minutes: number): string[] =>
  Array.from({ length: count }, (_, k) =>
    new Date(Date.UTC(2024, 0, 1) + k * minutes * 60_000).toISOString().slice(0, 19),
  );
const one = () => 1;

describe('frequency detection', () => {
  it.each([
    ['D', dates('2024-01-01', 30)],
    ['W-FRI', dates('2010-02-05', 30, 7)],
    ['W-MON', dates('2024-01-01', 5, 7)],
    ['2W-MON', dates('2024-01-01', 12, 14)],
    ['MS', monthStarts(20)],
    ['MS', monthStarts(20, 1, '15')],
    ['M', monthEnds(20, 1)],
    ['QS', monthStarts(9, 3)],
    ['Q', monthEnds(9, 3)],
    ['YS', monthStarts(6, 12)],
    ['Y', monthEnds(6, 12)],
    ['h', clock(50, 60)],
    ['15min', clock(50, 15)],
    ['4h', clock(50, 240)],
    ['30s', clock(50, 0.5)],
  ])('reads %s', (alias, at) => {
    expect(detected(series('A', at, one))).toBe(alias);
  });

  it('reads business days from the absence of weekends', () => {
    const weekdays = dates('2024-01-01', 40).filter((_, k) => k % 7 < 5);
    expect(detected(series('A', weekdays, one))).toBe('B');
  });

  it('reads days where rows are missing, and weeks where some are', () => {
    const keep = (_: string, k: number): boolean => ![3, 4, 9, 17, 18, 19].includes(k);
    expect(detected(series('A', dates('2024-01-01', 30).filter(keep), one))).toBe('D');
    expect(detected(series('A', dates('2024-01-05', 30, 7).filter(keep), one))).toBe('W-FRI');
    expect(detected(series('A', monthStarts(30).filter(keep), one))).toBe('MS');
  });

  it('takes plain steps as they are', () => {
    expect(detected(series('A', [40, 41, 42, 45], one))).toBe('1');
    expect(detected(series('A', [10, 20, 40], one))).toBe('10');
  });

  it('pools series that have one row each', () => {
    expect(
      detected([
        ['A', '2024-01-05', 1],
        ['B', '2024-01-12', 1],
        ['C', '2024-01-19', 1],
      ]),
    ).toBe('W-FRI');
  });

  it('takes irregular times and order lines by day', () => {
    const times = [0, 3, 7, 8.5, 29, 41, 66.2, 90, 91, 140].map((h) =>
      new Date(Date.UTC(2024, 0, 1) + h * 3_600_000).toISOString().slice(0, 19),
    );
    expect(detected(series('A', times, one))).toBe('D');
    expect(detected(series('A', times, one), { transactions: true })).toBe('D');
    expect(detected(series('A', dates('2024-01-01', 9, 7), one), { transactions: true })).toBe('W-MON');
  });

  it('names the row where the spacing changes, and the cure', () => {
    const list = [...series('A', dates('2024-01-05', 9, 7), one), ['A', '2024-03-02', 1] as const];
    expect(() => detected(list)).toThrow(
      'sales.csv, row 11: the spacing of series "A" changes from 7 to 1 days at 2024-03-02; pass --freq',
    );
    expect(prepare(rows(list), { freq: 'W-FRI' }).panel.freq.alias).toBe('W-FRI');
  });

  it('refuses a single date, and a frequency that does not fit the kind of time', () => {
    const single = rows([
      ['A', '2024-01-01', 1],
      ['B', '2024-01-01', 2],
    ]);
    expect(() => prepare(single)).toThrow('the one date 2024-01-01, which shows no frequency; pass --freq');
    expect(prepare(single, { freq: 'D' }).panel.y).toHaveLength(2);
    expect(() => prepare(single, { freq: '1' })).toThrow('"date" holds dates');
    expect(() => prepare(rows(series('A', [1, 2], one)), { freq: 'D' })).toThrow('use --freq 1');
  });

  it('says where labels differ from the file', () => {
    const found = detectFrequency(rows(series('A', monthStarts(20, 1, '15'), one)));
    expect(found.notes).toEqual([
      'all dates fall on day 15 of a month; the months are labelled by their first day.',
    ]);
    const { freq } = found;
    expect(label(freq, ordinal(freq, Date.UTC(2020, 2, 15)))).toBe('2020-03-01');
  });

  it('reads local midnights written in UTC as days in spite of the change of the clock', () => {
    const at = Array.from({ length: 60 }, (_, k) =>
      new Date(Date.UTC(2024, 2, 1) + k * 86_400_000 - (k < 30 ? 1 : 2) * 3_600_000)
        .toISOString()
        .slice(0, 19),
    );
    expect(detected(series('A', at, one))).toBe('D');
  });
});
