import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/collect/database.ts';
import { readFiles } from '../../src/collect/files.ts';
import { errorOf, scratch, shown } from './scratch.ts';

const { read, write, path } = scratch();
const TABLE = [
  ['2024-01-01', 'B', '1.5'],
  ['2024-01-02', 'B', ''],
  ['2024-01-02', 'A', '7'],
  ['2024-01-01', 'A', '3'],
  ['2024-01-03', 'B', '4'],
] as const;
const SORTED = ['A 2024-01-01 3', 'A 2024-01-02 7', 'B 2024-01-01 1.5', 'B 2024-01-02 -', 'B 2024-01-03 4'];
const delimited = (sign: string, end = '\n'): string =>
  [['date', 'sku', 'sales'], ...TABLE].map((row) => row.join(sign)).join(end) + end;
const objects = TABLE.map(([date, sku, sales]) => ({
  date,
  sku,
  sales: sales === '' ? null : Number(sales),
}));

describe('one table in many formats', () => {
  it.each<[what: string, name: string, content: string | Uint8Array]>([
    ['CSV', 'a.csv', delimited(',')],
    ['no line end at the end', 'a1.csv', delimited(',').trimEnd()],
    ['TSV', 'b.tsv', delimited('\t')],
    ['semicolons', 'c.csv', delimited(';')],
    ['bars', 'd.txt', delimited('|')],
    ['Windows line ends', 'e.csv', delimited(',', '\r\n')],
    ['mixed line ends', 'f.csv', delimited(',', '\r\n').replace('\r\n2024-01-03', '\n2024-01-03')],
    ['a byte-order mark', 'g.csv', `\ufeff${delimited(',')}`],
    ['a byte-order mark and sep=', 'h.csv', `\ufeffsep=;\n${delimited(';')}`],
    ['UTF-16 as Excel saves it', 'i.txt', Buffer.from(`\ufeff${delimited('\t', '\r\n')}`, 'utf16le')],
    ['quotes everywhere', 'j.csv', delimited(',').replace(/[^,\n]+/g, '"$&"')],
    ['blank lines', 'k.csv', `\n${delimited(',').replaceAll('\n', '\n\n')}`],
    ['blank rows', 'l.csv', `${delimited(',')},,\n , ,\n`.replace(' , ,', ',,')],
    ['gzip', 'm.csv.gz', gzipSync(delimited(','))],
    ['gzip without the ending', 'n.csv', gzipSync(delimited(','))],
    ['no ending', 'o', delimited(';')],
    ['JSON', 'p.json', JSON.stringify(objects)],
    ['indented JSON', 'q.json', `\ufeff${JSON.stringify(objects, null, 2)}`],
    ['NDJSON', 'r.ndjson', objects.map((row) => JSON.stringify(row)).join('\n')],
    ['NDJSON without the ending', 's', objects.map((row) => JSON.stringify(row)).join('\n')],
    ['gzipped NDJSON', 't.jsonl.gz', gzipSync(objects.map((row) => JSON.stringify(row)).join('\n'))],
  ])('%s', async (_, name, content) => {
    const observations = await read(content, {}, name);
    expect(shown(observations)).toEqual(SORTED);
    expect(observations.names).toEqual({ id: 'sku', time: 'date', target: 'sales' });
    expect(observations.transactions).toBe(false);
    expect(observations.stepped).toBe(false);
  });

  it('Parquet, with dates and timestamps as types of their own', async () => {
    const db = await openDatabase(path('.'));
    try {
      const values = TABLE.map(([d, s, v]) => `('${d}', '${s}', ${v || 'NULL'})`).join(', ');
      for (const [type, name] of [
        ['DATE', 'a'],
        ['TIMESTAMP', 'b'],
        ['TIMESTAMP_NS', 'c'],
        ['VARCHAR', 'd'],
      ]) {
        await db.run(
          `COPY (SELECT date::${type} AS date, sku, sales::DECIMAL(9, 2) AS sales, [1, 2] AS tags FROM (VALUES ${values}) t(date, sku, sales)) TO '${path(`${name}.parquet`)}'`,
        );
        const observations = await readFiles(path(`${name}.parquet`));
        expect(shown(observations), type).toEqual(SORTED);
        expect(observations.where(0)).toBe(`${name}.parquet, record 4`);
        expect(observations.notes[0]).toBe(`Nested columns of ${name}.parquet are not used: "tags".`);
      }
    } finally {
      db.close();
    }
  });

  it('says where each row stands', async () => {
    const observations = await read(delimited(','));
    expect([0, 1, 4].map(observations.where)).toEqual([
      'sales.csv, row 5',
      'sales.csv, row 4',
      'sales.csv, row 6',
    ]);
    const json = await read(JSON.stringify(objects), {}, 'sales.json');
    expect(json.where(0)).toBe('sales.json, record 4');
  });

  it('reads what European Excel saves: semicolons, decimal commas, dots between thousands, days first', async () => {
    const text =
      '\ufeffDatum;Artikelnummer;Menge;Umsatz\r\n31.01.2024;A-1;1.234;1.234,50\r\n01.02.2024;A-1;2;0,99\r\n02.02.2024;Zubehör;-;10,00\r\n';
    const observations = await read(text, { target: 'Umsatz', pastOnly: ['Menge'] });
    expect(shown(observations)).toEqual([
      'A-1 2024-01-31 1234.5',
      'A-1 2024-02-01 0.99',
      'Zubehör 2024-02-02 10',
    ]);
    expect([...observations.pastOnly[0]!.values]).toEqual([1234, 2, Number.NaN]);
    expect(observations.notes).toContain('Read "Umsatz" and "Menge" as numbers written like 1.234,5.');
  });

  it('reads Windows-1252 text, even where it first shows beyond the first megabyte', async () => {
    const row = '2024-01-01,Fön,1\n';
    const early = await read(Buffer.from(`date,sku,sales\n${row}`, 'latin1'));
    expect(early.ids).toEqual(['Fön']);
    expect(early.notes[0]).toBe('sales.csv was read as WINDOWS-1252 text.');
    const filler = Array.from({ length: 70_000 }, (_, i) => `2024-01-01,SKU-${i},1\n`).join('');
    const late = await read(Buffer.from(`date,sku,sales\n${filler}${row}`, 'latin1'));
    expect(late.ids).toContain('Fön');
  });

  it('keeps numbers of currencies and ids that look like numbers or like nothing', async () => {
    const text = 'date,sku,sales\n2024-01-01,007,"$1,234.50"\n2024-01-01,NA,$2.00\n2024-01-02,7,-$3\n';
    expect(shown(await read(text))).toEqual(['007 2024-01-01 1234.5', '7 2024-01-02 -3', 'NA 2024-01-01 2']);
  });
});

describe('several files', () => {
  it('are one table, whatever the order of their columns', async () => {
    write('part-1.csv', 'date,sku,sales\n2024-01-01,A,1\n');
    write('part-2.csv', 'sku;sales;date;extra\nA;2;2024-01-02;x\n');
    const observations = await readFiles(path('part-*.csv'));
    expect(shown(observations)).toEqual(['A 2024-01-01 1', 'A 2024-01-02 2']);
    expect(observations.notes[0]).toBe('part-1.csv lacks "extra"; the cells are empty there.');
    expect(observations.where(1)).toBe('part-2.csv, row 2');
  });

  it('are refused where one lacks a column that counts', async () => {
    write('one.csv', 'date,sku,sales\n2024-01-01,A,1\n2024-01-02,A,1\n');
    write('two.csv', 'date,sku,units\n2024-01-03,A,2\n');
    expect(await errorOf(readFiles([path('one.csv'), path('two.csv')], { target: 'sales' }))).toBe(
      'DataError: two.csv has no column "sales", which one.csv has; add it, or leave the file out.',
    );
  });
});

describe('standard input', () => {
  it('is read whatever its format, and its rows keep their numbers', () => {
    const program = `
      import { readFiles } from ${JSON.stringify(fileURLToPath(new URL('../../src/collect/files.ts', import.meta.url)))};
      readFiles('-').then((o) => console.log(JSON.stringify([o.ids, [...o.y], o.where(0)])));`;
    for (const input of [delimited(';'), gzipSync(delimited(',')), JSON.stringify(objects)]) {
      const run = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
        input,
        encoding: 'utf8',
      });
      const place = String(input).startsWith('[') ? 'record 4' : 'row 5';
      expect(run.stderr).toBe('');
      expect(JSON.parse(run.stdout)).toEqual([['A', 'B'], [3, 7, 1.5, null, 4], `standard input, ${place}`]);
    }
  });
});
