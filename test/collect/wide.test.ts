import { describe, expect, it } from 'vitest';
import { scratch, shown } from './scratch.ts';

const { read, refuse } = scratch();

describe('one column a period', () => {
  it('as the M competitions ship it: V1 the id, the rest ragged', async () => {
    const text =
      '"V1","V2","V3","V4","V5"\n"W1","10","11","12","13"\n"W2","20.5","","22",""\n"W3","30","NA","",""\n';
    const observations = await read(text);
    expect(observations.stepped).toBe(true);
    expect(shown(observations)).toEqual([
      'W1 2 10',
      'W1 3 11',
      'W1 4 12',
      'W1 5 13',
      'W2 2 20.5',
      'W2 3 -',
      'W2 4 22',
      'W3 2 30',
    ]);
    expect(observations.notes).toEqual([
      'sales.csv: took "V1" as the series id and 4 columns ("V2" … "V5") as periods (step).',
    ]);
    expect(observations.where(4)).toBe('sales.csv, row 3');
  });

  it('with rows that end where their series ends', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `V${i + 1}`).join(',');
    const full = Array.from({ length: 39 }, (_, i) => i).join(',');
    const observations = await read(`${names}\nW1,${full}\nW2,5,6\n`);
    expect(observations.y).toHaveLength(41);
    expect(observations.notes[0]).toBe(
      'Rows of sales.csv that are shorter than its header were filled with empty cells.',
    );
  });

  it.each([
    ['months', 'sku,2024-01,2024-02,2024-03,2024-04', '2024-04-01'],
    ['month names', 'sku,Jan 2024,Feb 2024,Mar 2024,Apr 2024', '2024-04-01'],
    ['days', 'sku,31.12.2023,01.01.2024,02.01.2024,03.01.2024', '2024-01-03'],
    ['quarters', 'sku,2023 Q2,2023 Q3,2023 Q4,2024 Q1', '2024-01-01'],
    ['years', 'sku,2021,2022,2023,2024', '2024-01-01'],
    ['weeks', 'sku,2024-W01,2024-W02,2024-W03,2024-W04', '2024-01-22'],
  ])('under %s', async (_, header, last) => {
    const observations = await read(`${header}\nA,1,2,3,4\nB,5,6,7,8\n`);
    expect(observations.stepped).toBe(false);
    expect(shown(observations)[3]).toBe(`A ${last} 4`);
  });

  it('with several id columns, statics, and columns that are nothing of the kind', async () => {
    const text =
      'id,store,cat,d_8,d_9,d_10,d_11,scale\nx,1,p,1,2,3,4,0.5\ny,1,q,5,6,7,8,0.6\nx,2,p,9,1,2,3,0.7\n';
    const observations = await read(text, { statics: ['cat'] });
    expect(observations.ids).toEqual(['x/1', 'x/2', 'y/1']);
    expect(observations.statics).toEqual([
      { name: 'cat', levels: ['p', 'q'], values: Float64Array.of(0, 0, 1) },
    ]);
    expect(observations.notes).toEqual([
      'sales.csv: took "id" and "store" as the series id and 4 columns ("d_8" … "d_11") as periods (step).',
      '"scale" is not used.',
    ]);
    expect(await refuse(text, { id: 'id' })).toBe(
      'DataError: sales.csv, row 4 repeats the series "x" of an earlier row; with one column a period each row is a series, so add a column to id ("id").',
    );
  });

  it('names the row of a cell that is no number', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `S${i},1,2,3,${i === 20 ? 'x' : 4}`).join('\n');
    expect(await refuse(`sku,d_1,d_2,d_3,d_4\n${rows}\n`)).toBe(
      'DataError: sales.csv, row 22: "x" in "d_4" is not a number; correct it or leave the cell empty.',
    );
  });

  it('has no place for covariates', async () => {
    expect(await refuse('sku,d_1,d_2,d_3,d_4\nA,1,2,3,4\n', { knownFuture: ['d_4'] })).toBe(
      'UsageError: sales.csv has one column a period, which leaves no place for covariates; bring the table into long form (one row a series and period) to use them.',
    );
  });
});

describe('one column a series', () => {
  it('with time running down, and series that start late', async () => {
    const observations = await read('t,X2,X1\n1998,1,NA\n1998.08333333333,2,0\n1998.16666666667,3,4\n');
    expect(shown(observations)).toEqual([
      'X1 1998-02-01 0',
      'X1 1998-03-01 4',
      'X2 1998-01-01 1',
      'X2 1998-02-01 2',
      'X2 1998-03-01 3',
    ]);
    expect(observations.notes).toEqual([
      'sales.csv: took each of 2 columns as a series and "t" (decimal year) as the time.',
      'Read "1998" in "t" as a year and twelfths: 1998-01-01.',
    ]);
    expect(observations.where(0)).toBe('sales.csv, row 3');
  });

  it('takes the family that is sold among families of prices and displays', async () => {
    const text = 'WEEK,MOVE1,MOVE2,PRICE1,PRICE2\n1,10,20,1.5,2\n2,11,21,1.4,2\n3,12,22,1.6,2\n';
    expect((await read(text)).ids).toEqual(['MOVE1', 'MOVE2']);
    expect((await read(text, { target: 'PRICE' })).ids).toEqual(['PRICE1', 'PRICE2']);
    expect(await refuse(text, { wide: true, target: 'COST' })).toBe(
      'UsageError: sales.csv has no columns that start with "COST"; choose from: "MOVE" or "PRICE".',
    );
  });

  it('is not seen in a long table of one series with many covariates', async () => {
    const observations = await read(
      'date,sales,price,promo,visitors\n2024-01-01,1,2,0,9\n2024-01-02,1,2,0,9\n',
    );
    expect(observations.ids).toEqual(['sales']);
    expect(observations.y).toHaveLength(2);
  });

  it('is not seen where times repeat', async () => {
    const text =
      'week,store,price1,price2,price3,price4,logmove\n1,1,1,1,1,1,5\n1,2,1,1,1,1,6\n2,1,1,1,1,1,7\n2,2,1,1,1,1,8\n';
    expect((await read(text)).names).toEqual({ id: 'store', time: 'week', target: 'logmove' });
  });
});
