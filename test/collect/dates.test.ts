import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTimes } from '../../src/collect/dates.ts';
import { formatTime, MS_PER_DAY } from '../../src/core/calendar.ts';

const read = (texts: string[], name = 'date', options = {}) => {
  const times = readTimes(texts, name, options);
  return { ...times, shown: [...times.values].map((ms) => (times.stepped ? String(ms) : formatTime(ms))) };
};

describe('date formats', () => {
  const cases: [texts: string[], format: string, first: string, name?: string][] = [
    [['2024-02-29', '2024-03-01'], 'YYYY-MM-DD', '2024-02-29'],
    [['2024-02-29T13:05:09.250Z', '2024-03-01T00:00:00Z'], 'YYYY-MM-DD', '2024-02-29 13:05:09'],
    [['2010-12-01 08:26:00'], 'YYYY-MM-DD', '2010-12-01 08:26:00'],
    [['2024/2/9', '2024/12/31'], 'YYYY/MM/DD', '2024-02-09'],
    [['31.01.2024', '28.02.2024'], 'DD.MM.YYYY', '2024-01-31'],
    [['31.1.24 14:30'], 'DD.MM.YYYY', '2024-01-31 14:30:00'],
    [['13/02/2024', '01/03/2024'], 'DD/MM/YYYY', '2024-02-13'],
    [['11/8/2018', '6/12/2018', '6/16/2018'], 'MM/DD/YYYY', '2018-11-08'],
    [['12/31/2010 8:26 AM', '12/31/2010 12:05 AM'], 'MM/DD/YYYY', '2010-12-31 08:26:00'],
    [['20240229', '20240301'], 'YYYYMMDD', '2024-02-29'],
    [['1982-04', '1982-05'], 'YYYY-MM', '1982-04-01'],
    [['1975-1', '1975-12'], 'YYYY-MM', '1975-01-01'],
    [['202401', '202412'], 'YYYYMM', '2024-01-01', 'month'],
    [['202401', '202452'], 'YYYYWW', '2024-01-01', 'yearweek'],
    [['04/2024', '12/2024'], 'MM/YYYY', '2024-04-01'],
    [['2024-W01', '2024-W52'], 'YYYY-Www', '2024-01-01'],
    [['2020W53'], 'YYYY-Www', '2020-12-28'],
    [['1982 Jan', '1982 Feb'], 'YYYY MMM', '1982-01-01'],
    [['Jan 2024', 'Mai 2024', 'März 2024', 'déc. 2024'], 'MMM YYYY', '2024-01-01'],
    [['1-Jan-20', '28-Feb-20'], 'DD MMM YYYY', '2020-01-01'],
    [['3. Oktober 2023'], 'DD MMM YYYY', '2023-10-03'],
    [['December 24, 2023'], 'MMM DD, YYYY', '2023-12-24'],
    [['2010 Q1', '2010 Q4'], 'YYYY Qn', '2010-01-01'],
    [['Q3 2010'], 'Qn YYYY', '2010-07-01'],
    [['1998', '1999', '2000'], 'year', '1998-01-01', 'year'],
    [['1998', '1998.08333333333', '1998.16666666667'], 'decimal year', '1998-01-01', 't'],
    [['1704067200', '1704153600'], 'epoch', '2024-01-01', 'timestamp'],
    [['1704067200000'], 'epoch-ms', '2024-01-01', 'timestamp'],
    [['45292', '45293.5'], 'excel', '2024-01-01'],
    [['1', '2', '17'], 'step', '1', 'week'],
    [['2001', '2002'], 'step', '2001', 'week'],
  ];
  it.each(cases)('reads %j as %s', (texts, format, first, name = 'date') => {
    const times = read(texts, name);
    expect(times.fault).toBeUndefined();
    expect(times.format).toBe(format);
    expect(times.shown[0]).toBe(first);
  });

  it('turns noon and midnight of a twelve-hour clock the right way', () => {
    expect(read(['12/31/2010 12:05 AM', '12/31/2010 12:05 PM', '12/31/2010 1:05 pm']).shown).toEqual([
      '2010-12-31 00:05:00',
      '2010-12-31 12:05:00',
      '2010-12-31 13:05:00',
    ]);
  });

  it('reads back every day of four centuries in each order of its parts', () => {
    const two = (n: string): string => n.padStart(2, '0');
    fc.assert(
      fc.property(fc.integer({ min: -80_000, max: 80_000 }), (day) => {
        const text = formatTime(day * MS_PER_DAY);
        const [y, m, d] = text.split('-') as [string, string, string];
        for (const [written, timeFormat] of [
          [text, 'YYYY-MM-DD'],
          [`${d}.${m}.${y}`, 'DD.MM.YYYY'],
          [`${m}/${d}/${y}`, 'MM/DD/YYYY'],
          [`${Number(d)}/${Number(m)}/${y}`, '%d/%m/%Y'],
          [`${y}${two(m)}${two(d)}`, 'YYYYMMDD'],
        ] as const) {
          if (timeFormat === 'YYYYMMDD' && !/^(19|20)/.test(y)) continue;
          expect(read([written], 'date', { timeFormat }).values[0]).toBe(day * MS_PER_DAY);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('day and month', () => {
  it('takes the order under which the dates are regular, and says so', () => {
    const monthly = [
      '01-05-2017',
      '01-06-2017',
      '01-07-2017',
      '01-08-2017',
      '01-12-2017',
      '01-01-2018',
      '01-02-2018',
    ];
    const times = read(monthly, 'month_year');
    expect(times.format).toBe('DD-MM-YYYY');
    expect(times.notes).toEqual([
      'Read "01-05-2017" in "month_year" as DD-MM-YYYY; MM-DD-YYYY would fit too: set timeFormat (--time-format) to it if that is meant.',
    ]);
  });

  it('takes the only order that fits all dates, however many fit both', () => {
    const days = Array.from({ length: 12 }, (_, i) => `${i + 1}/5/2024`);
    expect(read([...days, '13/5/2024']).format).toBe('DD/MM/YYYY');
    expect(read([...days.map((d) => d.replace(/^(\d+)\/5/, '5/$1')), '5/13/2024']).format).toBe('MM/DD/YYYY');
  });
});

describe('dates that are refused', () => {
  const fault = (texts: string[], name?: string, options = {}) => read(texts, name, options).fault;
  it.each([
    [
      ['2026-02-28', '2026-02-30'],
      1,
      '"2026-02-30" in "date" is not a day of the calendar (YYYY-MM-DD); correct it.',
    ],
    [
      ['2024-01-01', '2024-01-02', '03.01.2024'],
      2,
      '"03.01.2024" in "date" is not written like the other dates (YYYY-MM-DD, as "2024-01-01"); write all dates one way.',
    ],
    [
      ['2024-01-01', '2024-01-02', 'soon'],
      2,
      '"soon" in "date" is not a date (the others are YYYY-MM-DD, as "2024-01-01"); correct it.',
    ],
    [
      ['2024-01-01 10:00', '2024-01-02T10:00+01:00'],
      1,
      '"2024-01-02T10:00+01:00" in "date" has a UTC offset and "2024-01-01 10:00" has none; write all times with an offset or none.',
    ],
    [
      ['2024-01-01 25:00', '2024-01-01 10:00', '2024-01-01 11:00'],
      0,
      '"2024-01-01 25:00" in "date" is not a day of the calendar (YYYY-MM-DD); correct it.',
    ],
  ])('%j', (texts, index, message) => {
    expect(fault(texts)).toEqual({ index, message });
  });

  it('says which format was asked for', () => {
    expect(fault(['2024-01-01'], 'date', { timeFormat: 'DD.MM.YYYY' })?.message).toBe(
      '"2024-01-01" in "date" is not written as DD.MM.YYYY; correct it or change timeFormat.',
    );
  });
});

describe('time zones', () => {
  it('keeps the clock as written, and names the offsets', () => {
    const times = read(['2024-03-30T23:30:00+01:00', '2024-03-31T23:30:00+0200']);
    expect(times.shown).toEqual(['2024-03-30 23:30:00', '2024-03-31 23:30:00']);
    expect(times.notes).toEqual([
      'Times in "date" carry UTC offsets (+01:00, +02:00); the clock as written is kept.',
    ]);
  });

  it('moves instants to the clock of a zone, over the change to summer time', () => {
    const times = read(['2024-03-31T00:30:00Z', '2024-03-31T01:30:00Z'], 'date', {
      timeZone: 'Europe/Berlin',
    });
    expect(times.shown).toEqual(['2024-03-31 01:30:00', '2024-03-31 03:30:00']);
  });

  it('says when a zone changes nothing', () => {
    expect(read(['2024-03-31'], 'date', { timeZone: 'Europe/Berlin' }).notes).toEqual([
      'Times in "date" carry no UTC offset, so timeZone Europe/Berlin changes nothing.',
    ]);
  });
});
