import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRows } from '../../src/collect/rows.ts';
import { errorOf, scratch, shown } from './scratch.ts';

const { read } = scratch();
const day = (n: number): Date => new Date(Date.UTC(2024, 0, n));

describe('rows of a program', () => {
  it('may hold dates as Date, text or numbers, and values as numbers, text, bigint or nothing', () => {
    const rows = [
      { ds: day(2), unique_id: 'b', y: 2 },
      { ds: day(1), unique_id: 'b', y: '1.5' },
      { ds: day(1), unique_id: 'a', y: 3n },
      { ds: day(3), unique_id: 'a', y: null },
      { ds: day(2), unique_id: 'a' },
      { ds: day(4), unique_id: 'a', y: Number.NaN },
    ];
    expect(shown(readRows(rows))).toEqual([
      'a 2024-01-01 3',
      'a 2024-01-02 -',
      'a 2024-01-03 -',
      'a 2024-01-04 -',
      'b 2024-01-01 1.5',
      'b 2024-01-02 2',
    ]);
    expect(
      shown(
        readRows([
          { time: 1704067200000, y: 1 },
          { time: 1704153600000, y: 2 },
        ]),
      ),
    ).toEqual(['y 2024-01-01 1', 'y 2024-01-02 2']);
  });

  it('take plain steps as steps', () => {
    const observations = readRows([
      { step: 2, y: 5 },
      { step: 1, y: 4 },
    ]);
    expect(observations.stepped).toBe(true);
    expect([...observations.time]).toEqual([1, 2]);
  });

  it('carry covariates: numbers, flags and categories', () => {
    const rows = [
      { ds: '2024-01-01', sku: 'b', y: 1, price: '2.5', promo: true, kind: 'x', brand: 'Z' },
      { ds: '2024-01-01', sku: 'a', y: 1, price: null, promo: false, kind: null, brand: 'Y' },
      { ds: '2024-01-02', sku: 'a', y: 1, price: 3, promo: 'yes', kind: 'w', brand: 'Y' },
    ];
    const { knownFuture, pastOnly, statics } = readRows(rows, {
      knownFuture: ['price', 'promo'],
      pastOnly: ['kind'],
      statics: ['brand'],
    });
    expect(knownFuture).toEqual([
      { name: 'price', values: Float64Array.of(Number.NaN, 3, 2.5) },
      { name: 'promo', values: Float64Array.of(0, 1, 1) },
    ]);
    expect(pastOnly).toEqual([
      { name: 'kind', levels: ['(none)', 'w', 'x'], values: Float64Array.of(0, 1, 2) },
    ]);
    expect(statics).toEqual([{ name: 'brand', levels: ['Y', 'Z'], values: Float64Array.of(0, 1) }]);
  });

  it.each<[rows: unknown, message: string]>([
    [[], 'DataError: rows is an empty array; pass one object a row.'],
    ['date,y', 'DataError: readRows takes an array of objects, such as [{ date, sku, sales }].'],
    [
      [{ ds: '2024-01-01', y: 1 }, 5],
      'DataError: row 2 is not an object; pass rows such as { date, sku, sales }.',
    ],
    [
      [
        { ds: '2024-01-01', y: 1 },
        { ds: '2024-01-02', y: Number.POSITIVE_INFINITY },
      ],
      'DataError: row 2: "Infinity" in "y" is not a finite number; correct it or leave the cell empty.',
    ],
    [
      [
        { ds: '2024-01-01', y: 1 },
        { ds: '2024-01-02', y: 'x' },
        { ds: '2024-01-03', y: 2 },
      ],
      'DataError: row 2: "x" in "y" is not a number; correct it or leave the cell empty.',
    ],
    [
      [{ ds: new Date(Number.NaN), y: 1 }],
      'DataError: "ds" holds an invalid Date; correct it or leave it out.',
    ],
    [
      [
        { ds: '2024-01-01', sku: 'a', y: 1, brand: 'Y' },
        { ds: '2024-01-02', sku: 'a', y: 1, brand: 'Z' },
      ],
      'DataError: row 2: "brand" of series "a" is "Z" and was "Y" (row 1); a static column has one value a series, so correct it or declare it as past-only.',
    ],
  ])('are refused: %j', async (rows, message) => {
    expect(
      await errorOf(() => readRows(rows as [], { statics: message.includes('brand') ? ['brand'] : [] })),
    ).toBe(message);
  });

  it('give what a file of the same rows gives', async () => {
    const row = fc.record({
      date: fc.integer({ min: 1, max: 28 }).map((n) => day(n).toISOString().slice(0, 10)),
      sku: fc.constantFrom('b', 'a', 'c,d', 'e"f', 'ü'),
      store: fc.constantFrom('1', '2'),
      sales: fc.option(fc.integer({ min: -5, max: 500 }).map((n) => n / 4)),
      price: fc.option(fc.integer({ min: 1, max: 9 })),
    });
    const options = { id: ['sku', 'store'], time: 'date', target: 'sales', knownFuture: ['price'] };
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 2, maxLength: 30 }), async (rows) => {
        fc.pre(rows.some((one) => one.sales !== null) && rows.some((one) => one.price !== null));
        const quote = (value: unknown): string => `"${String(value ?? '').replaceAll('"', '""')}"`;
        const csv = [
          Object.keys(rows[0]!).join(','),
          ...rows.map((one) => Object.values(one).map(quote).join(',')),
        ].join('\n');
        const fromFile = await read(csv, options);
        const fromRows = readRows(rows, options);
        expect({ ...fromFile, where: 0, notes: 0 }).toEqual({ ...fromRows, where: 0, notes: 0 });
      }),
      { numRuns: 15 },
    );
  });

  it('are read without node or DuckDB, so that a browser can', () => {
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const text = readFileSync(file, 'utf8');
      for (const [, name] of text.matchAll(/^(?:import|export) (?!type)[^;]*?from '([^']+)'/gm)) {
        expect(name, file).toMatch(/^\./);
        visit(join(dirname(file), name!));
      }
    };
    visit(new URL('../../src/collect/rows.ts', import.meta.url).pathname);
    expect(seen.size).toBeGreaterThan(8);
  });
});
