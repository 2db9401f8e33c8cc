import { mkdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readFiles } from '../../src/collect/files.ts';
import { DataError, UsageError } from '../../src/core/errors.ts';
import { errorOf, scratch } from './scratch.ts';

const { refuse, path, write, read } = scratch();
const days = (count: number, row: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => row(i)).join('\n');
const date = (i: number): string => `2024-01-${String(i + 1).padStart(2, '0')}`;

describe('tables that are refused, each in one sentence', () => {
  it.each<[what: string, content: string | Uint8Array, message: string]>([
    ['empty file', '', 'sales.csv is empty; a table needs a header line and rows.'],
    ['only blanks', ' \n\n', 'sales.csv is empty; a table needs a header line and rows.'],
    ['header only', 'date,sku,sales\n', 'sales.csv has a header and no rows; add the sales below it.'],
    [
      'no header',
      '2024-01-01,A,5\n2024-01-02,A,6\n',
      'sales.csv starts with data ("2024-01-01, A, 5") instead of column names; add a first line with names such as date, sku, sales.',
    ],
    [
      'unknown delimiter',
      'date~sku~sales\n2024-01-01~A~5\n',
      'sales.csv has one column, "date~sku~sales"; name the sign between its fields with delimiter.',
    ],
    [
      'text in the target',
      `date,sku,sales\n${days(20, (i) => `${date(i)},A,${i === 7 ? 'many' : i}`)}\n`,
      'sales.csv, row 9: "many" in "sales" is not a number; correct it or leave the cell empty.',
    ],
    [
      'infinity in the target',
      `date,sku,sales\n${days(5, (i) => `${date(i)},A,${i === 3 ? '-Infinity' : i}`)}\n`,
      'sales.csv, row 5: "-Infinity" in "sales" is not a finite number; correct it or leave the cell empty.',
    ],
    [
      'a second currency',
      `date,sku,sales\n${days(30, (i) => `${date(i)},A,${i === 29 ? '€5' : `$${i}`}`)}\n`,
      'sales.csv, row 31: "€5" in "sales" carries a currency sign that other rows do not; write plain numbers in one currency.',
    ],
    [
      'an impossible date',
      'date,sku,sales\n2026-02-27,A,1\n2026-02-28,A,1\n2026-02-30,A,2\n',
      'sales.csv, row 4: "2026-02-30" in "date" is not a day of the calendar (YYYY-MM-DD); correct it.',
    ],
    [
      'mixed dates',
      'date,sku,sales\n2024-01-01,A,1\n2024-01-02,A,1\n03.01.2024,A,2\n',
      'sales.csv, row 4: "03.01.2024" in "date" is not written like the other dates (YYYY-MM-DD, as "2024-01-01"); write all dates one way.',
    ],
    [
      'mixed time zones',
      'date,sku,sales\n2024-01-01T10:00,A,1\n2024-01-02T10:00Z,A,2\n',
      'sales.csv, row 3: "2024-01-02T10:00Z" in "date" has a UTC offset and "2024-01-01T10:00" has none; write all times with an offset or none.',
    ],
    [
      'an empty date',
      'date,sku,sales\n2024-01-01,A,1\n,A,2\n',
      'sales.csv, row 3 has no date in "date"; fill it in or delete the row.',
    ],
    [
      'an empty id',
      'date,sku,sales\n2024-01-01,A,1\n2024-01-02,,2\n2024-01-02,A,2\n2024-01-03,,2\n',
      'sales.csv, row 3 has an empty id; fill it in or delete the row.',
    ],
    [
      'a column name twice',
      'date,sales,sku,sales\n2024-01-01,1,A,1\n',
      'sales.csv has two columns called "sales" (columns 2 and 4); rename one of them.',
    ],
    [
      'too many fields',
      'date,sku,sales\n2024-01-01,A,1\n2024-01-02,A,1,000\n',
      'sales.csv, row 3 has 4 fields and the header 3; put a field that holds a "," in quotes, or take the extra ones out.',
    ],
    [
      'too few fields',
      'date,sku,sales\n2024-01-01,A,1\n2024-01-02,A\n',
      'sales.csv, row 3 has 2 fields and the header 3; add the missing ones (they may be empty).',
    ],
    [
      'an open quote',
      'date,sku,sales\n2024-01-01,A,1\n2024-01-02,"A,1\n2024-01-03,A,1\n',
      'sales.csv, row 3 opens a quote (") that is not closed properly; close it, and double a quote inside a field ("").',
    ],
    [
      'no time',
      'sku,color,sales\nA,red,1\nB,blue,2\n',
      'sales.csv has no column of dates or steps (it has "sku", "color" and "sales"); add one, or name it with time (--time).',
    ],
    [
      'no numbers',
      'date,sku\n2024-01-01,A\n2024-01-02,A\n',
      'sales.csv has no column of numbers to forecast (it has "date" and "sku"); name the sales column with target.',
    ],
    [
      'no number in the target',
      'date,sku,sales\n2024-01-01,A,\n2024-01-02,A,NA\n',
      'sales.csv, row 2 and all rows after it have no number in "sales"; check which column is the target.',
    ],
    [
      'series in one cell',
      'id,start,values\nA,2024-01,1 2 3 4 5\nB,2024-01,1 2 3 4 6\nC,2024-01,1 2 3 4 7\n',
      'sales.csv: "values" holds several numbers a cell ("1 2 3 4 5"); write one number a row, or one column a period.',
    ],
    [
      'a workbook',
      Buffer.from('PK\x03\x04....[Content_Types].xml'),
      'sales.csv is a spreadsheet workbook, not a text table; save the sheet as CSV UTF-8 and read that.',
    ],
    [
      'an old workbook',
      Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0]),
      'sales.csv is an Excel workbook (xls), not a text table; save the sheet as CSV UTF-8 and read that.',
    ],
    [
      'a zip archive',
      Buffer.from('PK\x03\x04zip'),
      'sales.csv is a zip archive; unpack it and read the files in it.',
    ],
    [
      'binary data',
      Buffer.from([1, 2, 0, 3, 0, 0, 9, 7, 0]),
      'sales.csv is binary data, not a table; save it as CSV, JSON or Parquet.',
    ],
    [
      'a web page',
      '<!DOCTYPE html><html>',
      'sales.csv is a web page or XML, not a table; export the table as CSV.',
    ],
    [
      'half a gzip file',
      gzipSync('date,sku,sales\n2024-01-01,A,1\n'.repeat(500)).subarray(0, 60),
      'sales.csv is a damaged gzip file (unexpected end of file); copy or pack it again.',
    ],
  ])('%s', async (_, content, message) => {
    expect(await refuse(content)).toBe(`DataError: ${message}`);
  });

  it.each<[what: string, name: string, content: string, message: string]>([
    [
      'broken JSON',
      'a.json',
      '[{"a": 1}, {"a": ]',
      'a.json is not valid JSON; check that the list ends with ] and its objects are separated by commas.',
    ],
    [
      'a broken line',
      'a.ndjson',
      '{"date": "2024-01-01", "y": 1}\n{"date": "2024-01-02", "y": 1\n{"date": "2024-01-03", "y": 1}\n',
      'a.ndjson, row 2 is not a JSON object; correct it, or take the line out.',
    ],
    [
      'a wrapped list',
      'a.json',
      '{"data": [{"date": "2024-01-01", "y": 1}]}',
      'a.json is not a list of objects (its rows are inside "data"); write [{"date": …, "sales": …}, …] or one object a line.',
    ],
    [
      'a list of numbers',
      'a.json',
      '[1, 2, 3]',
      'a.json is not a list of objects; write [{"date": …, "sales": …}, …] or one object a line.',
    ],
    ['text', 'a.json', 'date,y\n', 'a.json is not JSON; it should start with [ or {, so check its format.'],
    [
      'no Parquet',
      'a.parquet',
      'date,y\n',
      'a.parquet is not a Parquet file; check that it was copied whole, or name its format.',
    ],
    [
      'half a Parquet file',
      'b.parquet',
      'PAR1 and then only half of it',
      'b.parquet is a damaged Parquet file (No magic bytes found at end of file); copy or write it again.',
    ],
  ])('%s', async (_, name, content, message) => {
    expect(await refuse(content, {}, name)).toBe(`DataError: ${message}`);
  });

  it('counts lines as an editor does: blank lines, breaks inside quotes and sep= lines too', async () => {
    const text =
      'sep=;\ndate;sku;sales\n2024-01-01;"two\nlines";1\n\n2024-01-02;"two\nlines";2\n2024-01-03;"two\nlines";x\n';
    expect(await refuse(text)).toBe(
      'DataError: sales.csv, row 8: "x" in "sales" is not a number; correct it or leave the cell empty.',
    );
  });
});

describe('calls that are refused', () => {
  const good = 'date,sku,sales,price\n2024-01-01,A,1,2\n2024-01-02,A,2,2\n';
  it.each([
    [{ target: 'slaes' }, 'sales.csv has no column "slaes" (target). Did you mean "sales"?'],
    [{ id: ['sku', 'stroe'] }, 'sales.csv has no column "stroe" (id). Choose from: date, sku, sales, price.'],
    [{ knownFuture: ['pirce'] }, 'sales.csv has no column "pirce" (known-future). Did you mean "price"?'],
    [
      { knownFuture: ['price'], pastOnly: ['price'] },
      'column "price" is declared as known-future and as past-only; keep one.',
    ],
    [{ taget: 'sales' }, 'readFiles has no option "taget". Did you mean "target"?'],
    [{ format: 'xlsx' }, 'format "xlsx" is not known; choose from: csv, tsv, json, ndjson, parquet.'],
    [{ returns: 'ignore' }, 'returns "ignore" is not known; choose from: net, keep, drop.'],
    [{ delimiter: '||' }, 'delimiter "||" is not one character; give , or ; or | or a tab.'],
    [
      { timeZone: 'Europe/Berln' },
      'timeZone "Europe/Berln" is not known; use an IANA name such as "Europe/Berlin".',
    ],
    [
      { wide: true },
      'sales.csv does not look wide: it has neither one column a period nor a time column with one column a series; leave wide out.',
    ],
  ])('%j', async (options, message) => {
    expect(await refuse(good, options as object)).toBe(`UsageError: ${message}`);
  });

  it('asks which column is the target where names do not tell', async () => {
    expect(await refuse('date,sku,alpha,beta\n2024-01-01,A,1,2\n2024-01-02,A,2,2\n')).toBe(
      'UsageError: sales.csv has no column with a name such as "sales" or "quantity"; say which is the target: "alpha" or "beta".',
    );
  });

  it('names what is wrong with a path', async () => {
    write('sales-2024.csv', good);
    mkdirSync(path('folder'));
    expect(await errorOf(readFiles(path('sales-2042.csv')))).toBe(
      `UsageError: "${path('sales-2042.csv')}" does not exist. Did you mean "${path('sales-2024.csv')}"?`,
    );
    expect(await errorOf(readFiles(path('folder')))).toBe(
      `UsageError: "${path('folder')}" is a folder; name the files in it, such as "${path('folder')}/*.csv".`,
    );
    expect(await errorOf(readFiles(path('none-*.csv')))).toBe(
      `UsageError: no file matches "${path('none-*.csv')}"; check the folder and the ending.`,
    );
    expect(await errorOf(readFiles([]))).toBe(
      'UsageError: no file to read; name one, such as sales.csv, or - for standard input.',
    );
  });

  it('carries the exit codes of the command line', async () => {
    await expect(read('', {})).rejects.toMatchObject({ exitCode: 3 });
    await expect(read('', {})).rejects.toBeInstanceOf(DataError);
    await expect(readFiles('nowhere.csv')).rejects.toMatchObject({ exitCode: 2 });
    await expect(readFiles('nowhere.csv')).rejects.toBeInstanceOf(UsageError);
  });
});
