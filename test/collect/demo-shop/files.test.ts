import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeShop } from '../../../src/collect/demo-shop/files.ts';
import { simulateShop } from '../../../src/collect/demo-shop/shop.ts';
import { shopTables } from '../../../src/collect/demo-shop/tables.ts';

const folder = mkdtempSync(join(tmpdir(), 'shop-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hash = (texts: readonly string[]): string => {
  const sha = createHash('sha256');
  for (const text of texts) sha.update(text);
  return sha.digest('hex');
};
/** Rows of a table whose fields hold no quotes, as objects. */
const rowsOf = (text: string): Record<string, string>[] => {
  const [header, ...rows] = text.trimEnd().split('\n');
  const names = header!.split(',');
  return rows.map((row) => {
    const fields = row.split(',');
    if (fields.length !== names.length) throw new Error(`"${row}" does not fit "${header}"`);
    const record: Record<string, string> = {};
    for (let k = 0; k < names.length; k++) record[names[k]!] = fields[k]!;
    return record;
  });
};

describe('files', () => {
  it('are written whole, under 20 MB, the same bytes each time', async () => {
    const before = performance.now();
    const shop = simulateShop();
    const paths = await writeShop(shop, folder);
    console.log(`demo shop simulated and written in ${((performance.now() - before) / 1000).toFixed(2)} s`);
    expect(paths.map((path) => path.slice(folder.length + 1))).toEqual([
      'sales.csv',
      'orders.csv',
      'products.csv',
      'calendar.csv',
      'stock.csv',
      'sessions.csv',
      'truth/demand.csv',
      'truth/products.csv',
      'truth/elasticities.csv',
      'truth/promotions.csv',
      'truth/customers.csv',
      'truth/sessions.csv',
    ]);
    expect(
      readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.partial')),
    ).toEqual([]);
    const bytes = paths.reduce((total, path) => total + statSync(path).size, 0);
    expect(bytes).toBeLessThan(20e6);
    const written = paths.map((path) => readFileSync(path, 'utf8'));
    expect(hash(shopTables(simulateShop()).map(({ text }) => text))).toBe(hash(written));
    expect(written.join('')).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('hold 50,000 to 60,000 daily rows, the last eight weeks without units', () => {
    const rows = rowsOf(readFileSync(join(folder, 'sales.csv'), 'utf8'));
    expect(rows.length).toBeGreaterThan(50_000);
    expect(rows.length).toBeLessThan(60_000);
    const seen = new Set<string>();
    const odd = rows.filter((row) => {
      seen.add(`${row.store}/${row.sku}/${row.date}`);
      const future = row.date! > '2026-06-30';
      const planned =
        /^\d+\.(49|95|99)$/.test(row.price!) && /^[01]$/.test(row.promo!) && /^[01]$/.test(row.open!);
      const known = row.units !== '' && row.stock !== '';
      const shutButSold = row.open === '0' && !future && row.units !== '0';
      return !planned || known === future || shutButSold;
    });
    expect(odd).toEqual([]);
    expect(seen.size).toBe(rows.length);
    expect(rows.some((row) => row.date === '2026-08-25')).toBe(true);
  });

  it('agree with each other: orders, stock and truth tell the same sales', () => {
    const read = (name: string): Record<string, string>[] => rowsOf(readFileSync(join(folder, name), 'utf8'));
    const units = new Map<string, number>();
    for (const row of read('sales.csv')) {
      if (row.units !== '') units.set(`${row.store},${row.sku},${row.date}`, Number(row.units));
    }
    const ordered = new Map<string, number>();
    for (const row of read('orders.csv')) {
      const back = row.quantity!.startsWith('-');
      const fine =
        /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(row.timestamp!) && row.invoice!.startsWith('C') === back;
      if (!fine) expect(row).toBe('an order line');
      if (back) continue;
      const key = `${row.store},${row.sku},${row.timestamp!.slice(0, 10)}`;
      ordered.set(key, (ordered.get(key) ?? 0) + Number(row.quantity));
    }
    for (const [key, count] of units) if ((ordered.get(key) ?? 0) !== count) expect(key).toBe('ordered');
    const stock = read('stock.csv');
    expect(stock.length).toBe(units.size);
    for (const row of stock) {
      const sold = Number(row.opening) + Number(row.received) - Number(row.closing);
      if (sold !== units.get(`${row.store},${row.sku},${row.date}`)) expect(row).toBe('sold');
    }
    for (const row of read('truth/demand.csv')) {
      if (row.lost === '') continue;
      const sold = Number(row.demand) - Number(row.lost);
      if (sold !== units.get(`${row.store},${row.sku},${row.date}`)) expect(row).toBe('sold');
    }
  });

  it('quote names that hold commas', () => {
    const text = readFileSync(join(folder, 'products.csv'), 'utf8');
    expect(text).toContain('\nTAB-001,"Linen tablecloth, sand",Table linen,TAB-A,');
    expect(text.trimEnd().split('\n').length).toBe(61);
  });

  it('replace older files', async () => {
    const small = simulateShop({ products: 2, days: 60, stores: 1, horizon: 7, tracked: 1 });
    await writeShop(small, folder);
    const sales = readFileSync(join(folder, 'sales.csv'), 'utf8');
    expect(sales).toBe(shopTables(small)[0]!.text);
  });
});
