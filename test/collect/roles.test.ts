import { describe, expect, it } from 'vitest';
import { readRows } from '../../src/collect/rows.ts';
import { plainName } from '../../src/collect/vocabulary.ts';

/** A table with some columns; `%` in a value stands for the day, `#` for the row. */
function table(columns: Record<string, (row: number, day: number) => unknown>, days: number, perDay: number) {
  return Array.from({ length: days * perDay }, (_, row) => {
    const at = Math.floor(row / perDay);
    return Object.fromEntries(
      Object.entries(columns).map(([name, value]) => [name, value(row % perDay, at)]),
    );
  });
}
const date = (_: number, day: number): string =>
  new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);

describe('names', () => {
  it.each([
    ['InvoiceDate', 'invoice_date'],
    ['Invoice date', 'invoice_date'],
    ['INVOICE-DATE', 'invoice_date'],
    ['CustomerID', 'customer_id'],
    ['SKU', 'sku'],
    ['Verkäufe (Stück)', 'verkaufe_stuck'],
    ['IDArtículo', 'id_articulo'],
  ])('%s is %s', (name, plain) => expect(plainName(name)).toBe(plain));
});

describe('roles', () => {
  const n = (row: number): number => row + 1;
  it.each<[what: string, columns: Parameters<typeof table>[0], id: string, time: string, target: string]>([
    ['the conventional names', { unique_id: n, ds: date, y: n }, 'unique_id', 'ds', 'y'],
    [
      'store and department',
      { Store: (r) => r % 2, Dept: (r) => r >> 1, Date: date, Weekly_Sales: n },
      'Store/Dept',
      'Date',
      'Weekly_Sales',
    ],
    [
      'a code that is enough beside what it belongs to',
      {
        State: (r) => r % 2,
        Industry: (r) => `i${r >> 1}`,
        SeriesID: (r) => `s${r}`,
        Month: date,
        Turnover: n,
      },
      'SeriesID',
      'Month',
      'Turnover',
    ],
    [
      'German',
      { Datum: date, Artikelnummer: (r) => `a${r}`, Filiale: () => 1, Menge: n, Preis: n },
      'Artikelnummer',
      'Datum',
      'Menge',
    ],
    ['Spanish', { Fecha: date, Artículo: (r) => `a${r}`, Unidades: n }, 'Artículo', 'Fecha', 'Unidades'],
    ['French', { Jour: date, Produit: (r) => `a${r}`, Quantité: n, Prix: n }, 'Produit', 'Jour', 'Quantité'],
    ['Italian', { Data: date, Articolo: (r) => `a${r}`, Vendite: n }, 'Articolo', 'Data', 'Vendite'],
    [
      'an id known by its content only',
      { day: date, alias: (r) => `x${r}`, amount_eur: n },
      'alias',
      'day',
      'amount_eur',
    ],
    ['one series', { date, visitors: n, sales: n }, 'all', 'date', 'sales'],
    [
      'the order date rather than the shipping date',
      { ship_date: date, order_date: date, sku: n, qty: n },
      'sku',
      'order_date',
      'qty',
    ],
    ['a full date rather than its year', { year: () => 2024, date, sku: n, qty: n }, 'sku', 'date', 'qty'],
    [
      'units rather than money, and neither the row number',
      { row_id: (r, d) => r + d * 4, date, sku: n, revenue: n, units: n },
      'sku',
      'date',
      'units',
    ],
    ['the only numbers there are', { date, sku: (r) => `a${r}`, zorps: n }, 'sku', 'date', 'zorps'],
  ])('%s', (_, columns, id, time, target) => {
    const observations = readRows(table(columns, 12, id === 'all' ? 1 : 4));
    expect(observations.names).toEqual({ id, time, target });
    expect(observations.transactions).toBe(false);
  });

  it('are told, with what is left unused', () => {
    const rows = table({ date, sku: n, sales: n, price: n, is_holiday: () => false }, 3, 2);
    expect(readRows(rows).notes).toEqual([
      'rows: took "sku" as the series id, "date" (YYYY-MM-DD) as the time and "sales" as the target.',
      '"price" and "is_holiday" look like columns that a shop knows ahead and are not used; declare them as known-future (--known) to use them.',
    ]);
    const all = { id: 'sku', time: 'date', target: 'sales', knownFuture: ['price', 'is_holiday'] };
    expect(readRows(rows, all).notes).toEqual([]);
  });

  it('stand though a few rows are doubled: that is a fault to be told later', () => {
    const rows = table(
      { date, store: (r) => r % 3, dept: (r) => Math.floor(r / 3), note: (r) => `n${r % 2}`, sales: n },
      40,
      9,
    );
    const observations = readRows([...rows, rows[0]!]);
    expect(observations.names.id).toBe('store/dept');
    expect(observations.y).toHaveLength(361);
  });

  it('keep ids apart whose parts hold slashes', () => {
    const rows = [
      { date: '2024-01-01', sku: 'a/b', store: 'c', y: 1 },
      { date: '2024-01-01', sku: 'a', store: 'b/c', y: 2 },
    ];
    expect(readRows(rows, { id: ['sku', 'store'] }).ids).toEqual(['a/b|c', 'a|b/c']);
  });

  it('keep negative values of a panel, and tell of them', () => {
    const rows = table({ date, sku: () => 'a', sales: (_, d) => d - 1 }, 3, 1);
    const observations = readRows(rows);
    expect([...observations.y]).toEqual([-1, 0, 1]);
    expect(observations.notes[1]).toBe('1 row has a negative "sales" (first row 1) and is kept.');
  });
});
