// Public sales files as they were published, read with no options or few.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { literal, openDatabase } from '../../src/collect/database.ts';
import { readFiles } from '../../src/collect/files.ts';
import { formatTime } from '../../src/core/calendar.ts';
import { errorOf } from './scratch.ts';

const DATA = resolve(import.meta.dirname, '../..', process.env.BELLWETHER_DATA ?? '../shared/data');
const present = existsSync(DATA);
const demanded = process.env.CI === 'true';
if (!present && !demanded) {
  console.warn(`collect: real data not checked, there is none at ${DATA}; set BELLWETHER_DATA.`);
}
const file = (name: string): string => resolve(DATA, name);

describe.runIf(present || demanded)('real files', () => {
  it.each<
    [
      name: string,
      rows: number,
      series: number,
      id: string,
      time: string,
      target: string,
      log: boolean,
      first: string,
    ]
  >([
    ['forecast/aus_retail.csv.gz', 64_532, 152, 'SeriesID', 'Month', 'Turnover', false, '1982-04-01'],
    ['forecast/carparts.csv.gz', 130_252, 2674, 'column', 't', 'value', false, '1998-01-01'],
    ['forecast/m4_weekly_test.csv.gz', 4667, 359, 'V1', 'period', 'value', false, '2'],
    ['forecast/oj_yx.csv.gz', 106_139, 913, 'store/brand', 'week', 'logmove', false, '40'],
    ['forecast/superstore.csv.gz', 9994, 1862, 'Product ID', 'Order Date', 'Quantity', true, '2016-01-03'],
    ['prices/avocado_18249.csv.gz', 18_249, 108, 'region/type', 'Date', 'Total Volume', false, '2015-01-04'],
    ['prices/retail_price.csv.gz', 676, 52, 'product_id', 'month_year', 'qty', false, '2017-01-01'],
    ['prices/tuna.csv.gz', 2366, 7, 'column', 'WEEK', 'value', false, '1'],
  ])('%s needs no options', async (name, rows, series, id, time, target, log, first) => {
    const observations = await readFiles(file(name));
    expect(observations.y).toHaveLength(rows);
    expect(observations.ids).toHaveLength(series);
    expect(observations.names).toEqual({ id, time, target });
    expect(observations.transactions).toBe(log);
    const earliest = observations.time.reduce((a, b) => Math.min(a, b));
    expect(observations.stepped ? String(earliest) : formatTime(earliest)).toBe(first);
  });

  it('those that are no sales tables are refused with the reason', async () => {
    expect(await errorOf(readFiles(file('prices/cheese.csv.gz')))).toBe(
      'DataError: cheese.csv.gz has no column of dates or steps (it has "RETAILER", "VOLUME", "DISP" and "PRICE"); add one, or name it with time (--time).',
    );
    expect(await errorOf(readFiles(file('forecast/m3.csv.gz')))).toMatch(
      /^DataError: m3\.csv\.gz: "values" holds several numbers a cell/,
    );
  });

  it('Walmart joins its features and stores, which know 39 weeks more', async () => {
    const observations = await readFiles(file('forecast/walmart_train.csv.gz'), {
      join: [file('forecast/walmart_features.csv.gz'), file('forecast/walmart_stores.csv.gz')],
      knownFuture: ['IsHoliday', 'CPI'],
      statics: ['Type', 'Size'],
    });
    const observed = observations.y.filter((value) => !Number.isNaN(value));
    expect(observed).toHaveLength(421_570);
    expect(observations.ids).toHaveLength(3331);
    expect(observed.reduce((sum, value) => sum + value, 0)).toBeCloseTo(6_737_218_987.11, 1);
    expect(observed.filter((value) => value < 0)).toHaveLength(1285);
    expect(observations.statics.map(({ name, levels }) => [name, levels])).toEqual([
      ['Type', ['A', 'B', 'C']],
      ['Size', undefined],
    ]);
    const ahead = observations.y.length - 421_570;
    // Most series run to the last week, 2012-10-26; the features go on to 2013-07-26.
    expect(ahead).toBeGreaterThan(3331 * 39);
    const first = observations.series.indexOf(1);
    const known = [...observations.y.subarray(0, first)].filter(Number.isNaN);
    expect([observations.ids[0], known.length]).toEqual(['1/1', 39]);
    const holiday = observations.knownFuture[0]!.values;
    // Ten holiday weeks from 2010 to 2012 and three more by July 2013: Thanksgiving, Christmas and the Super Bowl.
    expect(holiday.subarray(0, first).reduce((sum, flag) => sum + flag, 0)).toBe(13);
    expect(holiday.some((flag) => Number.isNaN(flag))).toBe(false);
  });

  it('Online Retail becomes demand: adjustments go, returns are netted, nothing is negative', async () => {
    const path = file('forecast/online_retail_541909.csv.gz');
    const observations = await readFiles(path);
    expect(observations.names).toEqual({ id: 'StockCode', time: 'InvoiceDate', target: 'Quantity' });
    expect(observations.transactions).toBe(true);
    expect(observations.y.reduce((a, b) => Math.min(a, b))).toBeGreaterThan(0);

    const db = await openDatabase('.');
    try {
      const [[adjusted, returned, sold, gross, taken] = []] = await db.rows(`
        WITH lines AS (SELECT *, UnitPrice = 0 AND CustomerID IS NULL AS adjusted, Quantity < 0 OR InvoiceNo LIKE 'C%' AS back
          FROM read_csv(${literal(path)}, types = {'InvoiceNo': 'VARCHAR', 'StockCode': 'VARCHAR'}))
        SELECT count(*) FILTER (adjusted), count(*) FILTER (NOT adjusted AND back), count(*) FILTER (NOT adjusted AND NOT back),
          sum(Quantity) FILTER (NOT adjusted AND NOT back), -sum(Quantity) FILTER (NOT adjusted AND back) FROM lines`);
      const note = (pattern: RegExp): number => {
        const found = observations.notes
          .map((text) => pattern.exec(text)?.[1])
          .find((text) => text !== undefined);
        return Number(found?.replaceAll(',', ''));
      };
      expect(note(/^([\d,]+) lines without customer at price 0/)).toBe(Number(adjusted));
      expect(note(/^([\d,]+) lines are returns or cancellations/)).toBe(Number(returned));
      expect(observations.y).toHaveLength(Number(sold) - note(/took back ([\d,]+) sales in full/));
      // Every return is netted or dropped: the quantity that went is at most what came back.
      const net = observations.y.reduce((sum, value) => sum + value, 0);
      expect(net).toBeLessThan(Number(gross));
      expect(net).toBeGreaterThan(Number(gross) - Number(taken));
    } finally {
      db.close();
    }

    // 74,215 storage jars were ordered by mistake and cancelled within a quarter of an hour.
    const jar = observations.ids.indexOf('23166');
    const most = observations.y.reduce(
      (max, value, row) => (observations.series[row] === jar ? Math.max(max, value) : max),
      0,
    );
    expect(most).toBeLessThan(74_215);
  });
});
