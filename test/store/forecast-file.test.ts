import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frequency, ordinal } from '../../src/core/frequency.ts';
import type { ForecastTable } from '../../src/forecast/forecast-table.ts';
import {
  forecastCsv,
  forecastJson,
  forecastNdjson,
  formatNumber,
  writeForecastFile,
} from '../../src/store/forecast-file.ts';
import { temporaryFolder } from './temporary.ts';

const freq = frequency('D');
const table: ForecastTable = {
  ids: ['A-17', 'say "hi", ok'],
  freq,
  h: 2,
  start: Int32Array.of(ordinal(freq, Date.UTC(2026, 10, 23)), ordinal(freq, Date.UTC(2026, 11, 31))),
  mean: Float64Array.of(10.5, 1 / 3, -0, Number.NaN),
  probabilities: [0.025, 0.1, 0.9, 0.975],
  quantiles: [
    Float64Array.of(1, 2, 3, 4),
    Float64Array.of(5, 6, 7, 8),
    Float64Array.of(1234.5678912, 10, 11, 12),
    Float64Array.of(13, 14, 15, 16),
  ],
  level: [95, 80],
  model: ['theta', '0.60 ses, 0.40 "x"'],
  fallback: [undefined, 'short'],
};
const text = (pieces: Iterable<string>): string => [...pieces].join('');

describe('a forecast as a file', () => {
  it('is CSV with levels ascending', () => {
    expect(text(forecastCsv(table))).toBe(
      [
        'unique_id,ds,mean,lo-80,hi-80,lo-95,hi-95',
        'A-17,2026-11-23,10.5,5,1234.567891,1,13',
        'A-17,2026-11-24,0.333333,6,10,2,14',
        '"say ""hi"", ok",2026-12-31,0,7,11,3,15',
        '"say ""hi"", ok",2027-01-01,,8,12,4,16',
        '',
      ].join('\n'),
    );
    const [header, first] = text(forecastCsv(table, { model: true })).split('\n');
    expect(header).toBe('unique_id,ds,model,mean,lo-80,hi-80,lo-95,hi-95');
    expect(first).toBe('A-17,2026-11-23,theta,10.5,5,1234.567891,1,13');
  });

  it('is JSON and NDJSON that any parser reads', () => {
    const expected = [
      {
        unique_id: 'A-17',
        ds: '2026-11-23',
        mean: 10.5,
        'lo-80': 5,
        'hi-80': 1234.567891,
        'lo-95': 1,
        'hi-95': 13,
      },
      {
        unique_id: 'say "hi", ok',
        ds: '2027-01-01',
        mean: null,
        'lo-80': 8,
        'hi-80': 12,
        'lo-95': 4,
        'hi-95': 16,
      },
    ];
    const rows = JSON.parse(text(forecastJson(table)));
    expect([rows[0], rows[3], rows.length]).toEqual([...expected, 4]);
    const lines = text(forecastNdjson(table)).trimEnd().split('\n');
    expect([lines[0], lines[3]].map((line) => JSON.parse(line!))).toEqual(expected);
    expect(JSON.parse(text(forecastNdjson(table, { model: true })).split('\n')[2]!).model).toBe(
      '0.60 ses, 0.40 "x"',
    );
  });

  it('prints plain steps as whole numbers', () => {
    const steps = { ...table, freq: frequency('1'), start: Int32Array.of(41, 5) };
    expect(text(forecastCsv(steps)).split('\n')[1]).toMatch(/^A-17,41,10\.5/);
    expect(JSON.parse(text(forecastJson(steps)))[1].ds).toBe(42);
  });

  it('is an empty list for an empty panel', () => {
    const none = { ...table, ids: [], mean: new Float64Array(0), model: [], fallback: [] };
    expect(text(forecastCsv(none))).toBe('unique_id,ds,mean,lo-80,hi-80,lo-95,hi-95\n');
    expect(JSON.parse(text(forecastJson(none)))).toEqual([]);
    expect(text(forecastNdjson(none))).toBe('');
  });

  it('refuses unknown options', () => {
    expect(() => forecastCsv(table, { models: true } as never)).toThrow(
      /no option "models". Did you mean "model"/,
    );
  });

  it('comes in pieces that join to the same text', () => {
    const n = 3000;
    const column = (): Float64Array => Float64Array.from({ length: n * 2 }, (_, k) => Math.sqrt(k));
    const long = {
      ...table,
      ids: Array.from({ length: n }, (_, i) => `sku-${i}`),
      start: new Int32Array(n),
      mean: column(),
      quantiles: table.quantiles.map(column),
      model: new Array(n).fill('theta'),
      fallback: new Array(n),
    };
    const pieces = [...forecastCsv(long)];
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.join('').split('\n')).toHaveLength(2 * n + 2);
  });

  it('replaces a file whole, in each format', async () => {
    const folder = temporaryFolder();
    for (const format of ['csv', 'json', 'ndjson', 'parquet'] as const) {
      writeFileSync(join(folder, `forecast.${format}`), 'old');
      await writeForecastFile(table, join(folder, `forecast.${format}`), format);
    }
    expect(readFileSync(join(folder, 'forecast.csv'), 'utf8')).toBe(text(forecastCsv(table)));
    expect(readdirSync(folder)).toHaveLength(4);
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const reader = await connection.runAndReadAll(`SELECT * FROM '${join(folder, 'forecast.parquet')}'`);
    const names = ['unique_id', 'ds', 'mean', 'lo-80', 'hi-80', 'lo-95', 'hi-95'];
    expect(reader.columnNames()).toEqual(names);
    expect(reader.getRowObjectsJson()[1]).toMatchObject({
      ds: '2026-11-24 00:00:00',
      mean: 1 / 3,
      'hi-80': 10,
    });
    await expect(writeForecastFile(table, join(folder, 'no', 'where.csv'), 'csv')).rejects.toThrow(
      /where\.csv: its folder is not there; make it first\./,
    );
  });
});

describe('a number in text', () => {
  it('has at most six decimals and is near the truth', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const size = Math.abs(value);
        const error = Math.abs(Number(formatNumber(value)) - value);
        expect(error).toBeLessThanOrEqual(5.1e-7 + size * Number.EPSILON);
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e15, noNaN: true }), (value) => {
        expect(formatNumber(value)).toMatch(/^\d+(\.\d{1,6})?$/);
      }),
    );
    const examples = [0.1 + 0.2, 1e-7 / 3, -1e-9, 2.5, 0.99999996, 1e21, -1.0000004];
    expect(examples.map((value) => formatNumber(value))).toEqual([
      '0.3',
      '0',
      '0',
      '2.5',
      '1',
      '1e+21',
      '-1',
    ]);
  });

  it('has the decimals that its series needs', () => {
    const shrink = (column: Float64Array): Float64Array => column.map((value) => value * 1e-9);
    const tiny = { ...table, mean: shrink(table.mean), quantiles: table.quantiles.map(shrink) };
    const line = text(forecastCsv(tiny)).split('\n')[2];
    expect(line).toBe('A-17,2026-11-24,3.3e-10,6e-9,1e-8,2e-9,1.4e-8');
  });
});
