import { describe, expect, it } from 'vitest';
import { readFiles } from '../../src/collect/files.ts';
import { errorOf, scratch, shown } from './scratch.ts';

const { write, path } = scratch();
const SALES =
  'Store,Dept,Date,Sales\n1,x,2024-01-01,10\n1,x,2024-01-02,11\n2,x,2024-01-01,20\n2,y,2024-01-02,30\n';
const sales = write('sales.csv', SALES);
const base = { id: ['Store', 'Dept'], time: 'Date', target: 'Sales' };

describe('future values of known columns', () => {
  it('come from rows with an empty target', async () => {
    const file = write(
      'own.csv',
      'date,sku,sales,price\n2024-01-01,A,5,2\n2024-01-02,A,6,2\n2024-01-03,A,,3\n2024-01-04,A,,4\n',
    );
    const observations = await readFiles(file, { knownFuture: ['price'] });
    expect(shown(observations)).toEqual([
      'A 2024-01-01 5',
      'A 2024-01-02 6',
      'A 2024-01-03 -',
      'A 2024-01-04 -',
    ]);
    expect([...observations.knownFuture[0]!.values]).toEqual([2, 2, 3, 4]);
  });

  it('come from a second file, its columns in any order and its dates written in another way', async () => {
    const withPrice = write(
      'priced.csv',
      'Store,Date,Sales,Price,Kind\n1,2024-01-01,10,1,a\n1,2024-01-02,11,2,b\n2,2024-01-01,20,3,a\n2,2024-01-02,21,3,a\n',
    );
    const future = write(
      'future.csv',
      'Kind;Price;store;Date\nc;4;1;03.01.2024\na;5;2;03.01.2024\nb;9;1;02.01.2024\nb;9;7;03.01.2024\n',
    );
    const observations = await readFiles(withPrice, { future, knownFuture: ['Price', 'Kind'] });
    expect(shown(observations)).toEqual([
      '1 2024-01-01 10',
      '1 2024-01-02 11',
      '1 2024-01-03 -',
      '2 2024-01-01 20',
      '2 2024-01-02 21',
      '2 2024-01-03 -',
    ]);
    expect([...observations.knownFuture[0]!.values]).toEqual([1, 2, 4, 3, 3, 5]);
    expect(observations.knownFuture[1]).toEqual({
      name: 'Kind',
      levels: ['a', 'b', 'c'],
      values: Float64Array.of(0, 1, 2, 0, 0, 0),
    });
    expect(observations.where(2)).toBe('future.csv, row 2');
    expect(observations.notes.slice(1)).toEqual([
      '1 row of future.csv names a series without sales and is left out.',
      '1 row of future.csv lies no later than the last row of its series and is left out.',
    ]);
  });

  it.each([
    [
      'Store,Date,Price\n1,2024-01-03,4\n',
      'DataError: future.csv lacks 2 columns that the future of priced.csv needs: "Dept" and "Promo"; add them.',
    ],
    [
      'Price,Promo\n4,1\n',
      'UsageError: future.csv shares no id or time column with the sales; it needs "Store" or "Dept" or "Date" to be joined.',
    ],
  ])('are refused where columns lack: %j', async (content, message) => {
    const file = write(
      'priced.csv',
      'Store,Dept,Date,Sales,Price,Promo\n1,x,2024-01-01,1,1,0\n1,x,2024-01-02,2,1,0\n',
    );
    const options = { ...base, knownFuture: ['Price', 'Promo'], future: write('future.csv', content) };
    expect(await errorOf(readFiles(file, options))).toBe(message);
  });

  it('are refused where nothing is declared', async () => {
    const future = write('future.csv', 'Store,Dept,Date,Price\n1,x,2024-01-03,4\n');
    expect(await errorOf(readFiles(sales, { ...base, future }))).toBe(
      'UsageError: future.csv brings future values, but no column is declared as known-future; declare one, such as a price.',
    );
  });
});

describe('joined files', () => {
  const features = write(
    'features.csv',
    'store,Date,Temp,Promo\n1,2024-01-01,5,no\n1,2024-01-02,6,yes\n1,2024-01-03,7,yes\n2,2024-01-01,8,no\n2,2024-01-03,9,no\n',
  );
  const stores = write('stores.csv', 'Store,Type,Size\n2,B,200\n1,A,100\n');
  const holidays = write('holidays.csv', 'Date,Holiday\n2024-01-01,1\n2024-01-02,0\n2024-01-03,0\n');

  it('are matched on the id and time columns they share, and tell the future as far as they reach', async () => {
    const observations = await readFiles(sales, {
      ...base,
      join: [features, stores, holidays],
      knownFuture: ['Promo', 'Holiday'],
      pastOnly: ['Temp'],
      statics: ['Type', 'Size'],
    });
    expect(shown(observations)).toEqual([
      '1/x 2024-01-01 10',
      '1/x 2024-01-02 11',
      '1/x 2024-01-03 -',
      '2/x 2024-01-01 20',
      '2/x 2024-01-02 -',
      '2/x 2024-01-03 -',
      '2/y 2024-01-02 30',
      '2/y 2024-01-03 -',
    ]);
    const [promo, holiday] = observations.knownFuture;
    expect([...promo!.values]).toEqual([0, 1, 1, 0, Number.NaN, 0, Number.NaN, 0]);
    expect([...holiday!.values]).toEqual([1, 0, 0, 1, 0, 0, 0, 0]);
    expect([...observations.pastOnly[0]!.values]).toEqual([5, 6, 7, 8, Number.NaN, 9, Number.NaN, 9]);
    expect(observations.statics).toEqual([
      { name: 'Type', levels: ['A', 'B'], values: Float64Array.of(0, 1, 1) },
      { name: 'Size', values: Float64Array.of(100, 200, 200) },
    ]);
    expect(observations.notes).toEqual([
      'features.csv and holidays.csv tell known-future columns for 4 rows after the last row of their series.',
    ]);
    expect(observations.where(2)).toBe('features.csv and stores.csv and holidays.csv for series "1/x"');
  });

  it('match whole days with the moments of an order log', async () => {
    const file = write(
      'log.csv',
      'order_id,sku,quantity,created_at,unit_price\n1,A,2,2024-01-01 09:30:00,5\n2,A,1,2024-01-02 18:00:01,5\n',
    );
    const calendar = write('calendar.csv', 'created_at,holiday\n2024-01-01,1\n2024-01-02,0\n');
    const observations = await readFiles(file, { join: calendar, knownFuture: ['holiday'] });
    expect(observations.transactions).toBe(true);
    expect([...observations.knownFuture[0]!.values]).toEqual([1, 0]);
  });

  it('are refused where a key comes twice', async () => {
    const doubled = write('doubled.csv', 'Store,Type\n1,A\n2,B\n1,C\n');
    expect(await errorOf(readFiles(sales, { ...base, join: doubled, statics: ['Type'] }))).toBe(
      'DataError: doubled.csv, row 4 repeats the "Store" of row 2; keep one row of the two.',
    );
  });

  it('are refused where nothing matches or the column is nowhere', async () => {
    const other = write('other.csv', 'region,Type\n1,A\n');
    expect(await errorOf(readFiles(sales, { ...base, join: other, statics: ['Type'] }))).toBe(
      'UsageError: other.csv shares no id or time column with the sales; it needs "Store" or "Dept" or "Date" to be joined.',
    );
    expect(await errorOf(readFiles(sales, { ...base, join: stores, statics: ['Tpye'] }))).toBe(
      'UsageError: sales.csv has no column "Tpye" (static). Did you mean "Type"?',
    );
    expect(await errorOf(readFiles(sales, { ...base, join: path('gone.csv') }))).toMatch(
      /^UsageError: ".*gone.csv" does not exist\./,
    );
  });
});
