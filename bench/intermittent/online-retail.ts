// UCI Online Retail by product and trading day: order lines summed, cancellations taken off the sale they undo.
import { readGzip } from '../m-competitions.ts';

/** The shop is closed on Saturdays. */
export const DAYS_PER_WEEK = 6;
const SATURDAY = 6;
const DAY = 86_400_000;

interface Line {
  readonly day: number;
  left: number;
}

/**
 * Pieces sold by product and day, on the grid of all days but Saturdays. Days on which the shop sold nothing at all
 * are NaN (closed), and so are those before a product's first sale. Codes that do not begin with a digit are postage,
 * fees and the like. A cancellation is taken off the customer's latest sales of that product; what has no sale to undo,
 * and corrections of stock, are left out.
 */
export function readSales(): { readonly id: string; readonly y: Float64Array }[] {
  const text = readGzip('forecast/online_retail_541909.csv.gz');
  const products = new Map<string, Line[]>();
  const bought = new Map<string, Line[]>();
  const open = new Set<number>();
  let first = Infinity;
  let last = 0;
  for (const row of text.slice(text.indexOf('\n') + 1).split('\n')) {
    // Descriptions may hold commas; what is needed stands before and after them.
    const fields = row.split(',');
    if (fields.length < 8) continue;
    const invoice = fields[0]!;
    const code = fields[1]!.toUpperCase();
    const quantity = Number(fields.at(-5));
    const customer = fields.at(-2)!;
    if (!/^\d/.test(code)) continue;
    if (invoice.startsWith('C')) {
      let back = -quantity;
      const lines = bought.get(`${customer} ${code}`) ?? [];
      for (let k = lines.length - 1; k >= 0 && back > 0 && customer !== ''; k--) {
        const part = Math.min(back, lines[k]!.left);
        lines[k]!.left -= part;
        back -= part;
      }
      continue;
    }
    if (!(quantity > 0)) continue;
    const day = Date.parse(fields.at(-4)!.slice(0, 10)) / DAY;
    const line = { day, left: quantity };
    open.add(day);
    first = Math.min(first, day);
    last = Math.max(last, day);
    for (const [map, key] of [
      [products, code],
      [bought, `${customer} ${code}`],
    ] as const) {
      const lines = map.get(key);
      if (lines) lines.push(line);
      else map.set(key, [line]);
    }
  }
  const days: number[] = [];
  for (let day = first; day <= last; day++) if (new Date(day * DAY).getUTCDay() !== SATURDAY) days.push(day);
  const at = new Map(days.map((day, t) => [day, t]));
  return Array.from(products, ([id, lines]) => {
    const y = Float64Array.from(days, (day) => (open.has(day) ? 0 : Number.NaN));
    let start = days.length;
    for (const { day, left } of lines) {
      const t = at.get(day)!;
      y[t] = y[t]! + left;
      if (left > 0) start = Math.min(start, t);
    }
    return { id, y: y.fill(Number.NaN, 0, start) };
  });
}
