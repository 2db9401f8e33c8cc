import { describe, expect, it } from 'vitest';
import { readRows } from '../../src/collect/rows.ts';
import { shown } from './scratch.ts';

const HEADER = ['InvoiceNo', 'StockCode', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID'];
const LOG: unknown[][] = [
  ['1001', 'A', 6, '2024-01-01 09:00', 2.5, 'ann'],
  ['1001', 'B', 2, '2024-01-01 09:00', 1, 'ann'],
  ['1002', 'A', 6, '2024-01-02 10:00', 2.5, 'ann'],
  ['1003', 'A', 6, '2024-01-03 11:00', 2.5, 'bob'],
  ['1004', 'A', 4, '2024-01-04 12:00', 2.5, null],
];
const log = (...more: unknown[][]) =>
  [...LOG, ...more].map((row) => Object.fromEntries(HEADER.map((name, i) => [name, row[i]])));
const UNCHANGED = [
  'A 2024-01-01 09:00:00 6',
  'A 2024-01-02 10:00:00 6',
  'A 2024-01-03 11:00:00 6',
  'A 2024-01-04 12:00:00 4',
  'B 2024-01-01 09:00:00 2',
];
const replaced = (at: number, ...by: string[]): string[] => UNCHANGED.toSpliced(at, 1, ...by);

describe('an order log', () => {
  it('is known by its columns', () => {
    const observations = readRows(log());
    expect(observations.transactions).toBe(true);
    expect(observations.names).toEqual({ id: 'StockCode', time: 'InvoiceDate', target: 'Quantity' });
    expect(shown(observations)).toEqual(UNCHANGED);
    expect(observations.notes[1]).toBe('Rows are order lines: those of a series and period are summed.');
    expect(readRows(log(), { transactions: false }).transactions).toBe(false);
  });

  it('is known by moments of sale that repeat, where there is an order number but no price', () => {
    const rows = log().map(({ InvoiceNo, StockCode, Quantity, InvoiceDate }) => ({
      InvoiceNo,
      StockCode,
      Quantity,
      InvoiceDate,
    }));
    expect(readRows([...rows, rows[0]!]).transactions).toBe(true);
  });

  it('is known in the exports of shop systems', () => {
    const shopify = readRows([
      {
        Name: '#1001',
        Email: 'a@x',
        'Created at': '2024-01-01 10:00:00 -0500',
        'Paid at': '2024-01-01 10:00:12 -0500',
        'Lineitem quantity': '2',
        'Lineitem price': '10.00',
        'Lineitem sku': 'MUG',
      },
      {
        Name: '#1002',
        Email: 'b@x',
        'Created at': '2024-07-01 23:30:00 -0400',
        'Paid at': null,
        'Lineitem quantity': '1',
        'Lineitem price': '10.00',
        'Lineitem sku': null,
      },
    ]);
    expect(shopify.transactions).toBe(true);
    expect(shopify.names).toEqual({ id: 'Lineitem sku', time: 'Created at', target: 'Lineitem quantity' });
    expect(shown(shopify)).toEqual(['MUG 2024-01-01 10:00:00 2']);
    const amazon = readRows([
      {
        'amazon-order-id': '1-2',
        'purchase-date': '2024-01-01T10:00:00+00:00',
        sku: 'A',
        quantity: '1',
        'item-price': '9.99',
      },
    ]);
    expect(amazon.transactions).toBe(true);
    expect(amazon.names).toEqual({ id: 'sku', time: 'purchase-date', target: 'quantity' });
  });

  it.each<[what: string, line: unknown[], expected: string[], note: string]>([
    [
      'takes a return off the latest sale of that customer and quantity',
      ['C1005', 'A', -6, '2024-01-05 09:00', 2.5, 'ann'],
      replaced(1),
      '1 line is a return or cancellation: 1 was netted against the earlier sale of the same product and customer, which took back 1 sale in full; 0 without such a sale were dropped.',
    ],
    [
      'takes part of a sale back on the day of the sale',
      ['C1005', 'A', -2, '2024-01-05 09:00', 2.5, 'bob'],
      replaced(2, 'A 2024-01-03 11:00:00 4'),
      '1 line is a return or cancellation: 1 was netted against the earlier sale of the same product and customer, which took back 0 sales in full; 0 without such a sale were dropped.',
    ],
    [
      'spreads a large return over sales, the latest first',
      ['C1005', 'A', -8, '2024-01-05 09:00', 2.5, 'ann'],
      ['A 2024-01-01 09:00:00 4', ...UNCHANGED.slice(2)],
      '1 line is a return or cancellation: 1 was netted against the earlier sale of the same product and customer, which took back 1 sale in full; 0 without such a sale were dropped.',
    ],
    [
      'drops what no sale in the file can take',
      ['C1005', 'A', -20, '2024-01-05 09:00', 2.5, 'ann'],
      UNCHANGED.slice(2),
      '1 line is a return or cancellation: 1 was netted against the earlier sale of the same product and customer (1 of them only in part), which took back 2 sales in full; 0 without such a sale were dropped.',
    ],
    [
      'drops a return before any sale',
      ['C1000', 'A', -6, '2023-12-31 09:00', 2.5, 'ann'],
      UNCHANGED,
      '1 line is a return or cancellation: 0 were netted against the earlier sale of the same product and customer, which took back 0 sales in full; 1 without such a sale was dropped.',
    ],
    [
      "leaves other customers' sales alone",
      ['C1005', 'A', -4, '2024-01-05 09:00', 2.5, 'zoe'],
      UNCHANGED,
      '1 line is a return or cancellation: 0 were netted against the earlier sale of the same product and customer, which took back 0 sales in full; 1 without such a sale was dropped.',
    ],
    [
      'takes a cancelled order with a positive quantity as a return',
      ['C1005', 'B', 2, '2024-01-05 09:00', 1, 'ann'],
      replaced(4),
      '1 line is a return or cancellation: 1 was netted against the earlier sale of the same product and customer, which took back 1 sale in full; 0 without such a sale were dropped.',
    ],
    [
      'drops stock adjustments, which have neither customer nor price, instead of taking them for returns',
      ['1006', 'A', -4, '2024-01-05 09:00', 0, null],
      UNCHANGED,
      '1 line without customer at price 0 is a stock adjustment, not a sale, and was dropped.',
    ],
    [
      'drops them where stock is found too',
      ['1006', 'A', 400, '2024-01-05 09:00', 0, null],
      UNCHANGED,
      '1 line without customer at price 0 is a stock adjustment, not a sale, and was dropped.',
    ],
    [
      'keeps gifts, which have a customer',
      ['1006', 'B', 1, '2024-01-05 09:00', 0, 'ann'],
      [...UNCHANGED, 'B 2024-01-05 09:00:00 1'],
      'Rows are order lines: those of a series and period are summed.',
    ],
  ])('%s', (_, line, expected, note) => {
    const observations = readRows(log(line));
    expect(shown(observations)).toEqual(expected);
    expect(observations.notes).toContain(note);
  });

  it('never leaves a negative demand by default, whatever the returns', () => {
    const rows = Array.from({ length: 400 }, (_, i) => ({
      order_id: i,
      sku: `s${i % 5}`,
      date: `2024-01-${String((i % 28) + 1).padStart(2, '0')}`,
      qty: ((i * 7919) % 23) - 11,
      customer: `c${i % 3}`,
    }));
    const { y } = readRows(rows);
    expect(Math.min(...y)).toBeGreaterThanOrEqual(0);
    // Netting moves no more than was returned: what stays is at least sales less returns.
    const total = rows.reduce((sum, row) => sum + row.qty, 0);
    expect(y.reduce((sum, value) => sum + value, 0)).toBeGreaterThanOrEqual(total);
  });

  it('keeps or drops returns where that is asked', () => {
    const line = ['C1005', 'A', -6, '2024-01-05 09:00', 2.5, 'ann'];
    const kept = readRows(log(line), { returns: 'keep' });
    expect(shown(kept)).toContain('A 2024-01-05 09:00:00 -6');
    expect(kept.notes).toContain(
      '1 line is a return or cancellation and was kept on the day of the return (returns: keep).',
    );
    const dropped = readRows(log(line), { returns: 'drop' });
    expect(shown(dropped)).toEqual(UNCHANGED);
    expect(dropped.notes).toContain(
      '1 line is a return or cancellation and was dropped, and their sales kept (returns: drop).',
    );
  });

  it('does not take a shop whose orders all start with C for one that cancels them all', () => {
    const rows = log().map((row) => ({ ...row, InvoiceNo: `C${row.InvoiceNo}` }));
    expect(shown(readRows(rows))).toEqual(UNCHANGED);
  });

  it('drops lines without product or quantity, and products that come back whole, and counts them', () => {
    const observations = readRows(
      log(
        ['1006', null, 5, '2024-01-05 09:00', 3, 'ann'],
        ['1006', 'A', null, '2024-01-05 09:00', 3, 'ann'],
        ['C1007', 'B', -2, '2024-01-06 09:00', 1, 'ann'],
      ),
    );
    expect(observations.ids).toEqual(['A']);
    expect(observations.notes).toEqual(
      expect.arrayContaining([
        '1 line without id was dropped.',
        '1 line without a number in "Quantity" was dropped.',
        '1 series kept no row and is left out.',
      ]),
    );
  });
});
