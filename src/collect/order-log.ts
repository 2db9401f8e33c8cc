// Order logs: one row an order line. Says when a table is one, and settles returns, cancellations and adjustments.
import { MS_PER_DAY } from '../core/calendar.ts';
import type { ReturnsRule } from './options.ts';
import type { OrderColumns } from './roles.ts';
import { counted, EMPTY, type NumberColumn, type TextColumn } from './table.ts';

/** Whether the columns alone say that rows are order lines: an order number beside a customer or a price. */
export function looksLikeLog(columns: OrderColumns): boolean {
  return columns.order !== undefined && (columns.customer !== undefined || columns.price !== undefined);
}

/** Whether times look like moments of sale: ten or more different times of day off the quarter hours. */
export function hasClock(times: Float64Array): boolean {
  const quarter = 900_000;
  const seen = new Set<number>();
  for (let i = 0; i < times.length && seen.size < 10; i++) {
    if (times[i]! % quarter !== 0 && !Number.isNaN(times[i]!)) seen.add(times[i]! % MS_PER_DAY);
  }
  return seen.size >= 10;
}

/** Rows of a log, sorted by series, then time. */
export interface OrderLines {
  readonly series: Uint32Array;
  /** Quantities (or amounts); changed in place. */
  readonly y: Float64Array;
  /** The table's row of each line. */
  readonly row: Uint32Array;
  /** Marks of {@link cancelMark}, one a row of the table. */
  readonly order: NumberColumn | undefined;
  readonly customer: TextColumn | undefined;
  readonly price: NumberColumn | undefined;
}

export interface Settled {
  /** 1 where the line stays. */
  readonly keep: Uint8Array;
  readonly notes: readonly string[];
}

/** Whether an order number is that of a cancellation: 1 for C536379, 0 for 536379, NaN for any other. */
export function cancelMark(order: string | null): number {
  if (order === null) return Number.NaN;
  return /^\d+$/.test(order) ? 0 : /^c\d+$/i.test(order) ? 1 : Number.NaN;
}

/** The marks are believed where most order numbers are plain, as in the UCI Online Retail log; a shop may start all with C. */
function marksCount(order: NumberColumn | undefined): boolean {
  const plain = order?.values.reduce((count, mark) => count + (mark === 0 ? 1 : 0), 0) ?? 0;
  return plain > (order?.values.length ?? 0) / 2;
}

/**
 * Settles what is not demand, in this order:
 * lines without customer at price 0 are stock adjustments and are dropped;
 * a return (a negative quantity or a cancelled order) is taken off the latest earlier sale of the same product
 * and customer with that quantity, else off that customer's latest earlier sales of the product, one after the
 * other; what then is left of it is dropped, as its sale lies before the file. A sale taken back in full goes too.
 */
export function settleReturns(lines: OrderLines, rule: ReturnsRule): Settled {
  const { series, y, row, order, customer, price } = lines;
  const keep = new Uint8Array(y.length).fill(1);
  const marked = marksCount(order);
  const notes: string[] = [];
  let adjustments = 0;
  let returns = 0;
  let netted = 0;
  let partly = 0;
  let unmatched = 0;
  let gone = 0;
  /** Positions of sales with something left, by customer, within the series at hand. */
  const open = new Map<number, number[]>();
  for (let k = 0; k < y.length; k++) {
    if (k > 0 && series[k] !== series[k - 1]) open.clear();
    const at = row[k]!;
    const who = customer?.codes[at] ?? EMPTY;
    if (
      price !== undefined &&
      customer !== undefined &&
      who === EMPTY &&
      price.values[at] === 0 &&
      y[k] !== 0
    ) {
      keep[k] = 0;
      adjustments++;
      continue;
    }
    const isReturn = y[k]! < 0 || (marked && order!.values[at] === 1);
    if (!isReturn) {
      if (!(y[k]! > 0)) continue;
      const sales = open.get(who);
      if (sales === undefined) open.set(who, [k]);
      else sales.push(k);
      continue;
    }
    returns++;
    if (rule === 'keep') continue;
    keep[k] = 0;
    if (rule === 'drop') continue;
    const left = takeBack(open.get(who), y, Math.abs(y[k]!), (sale) => {
      keep[sale] = 0;
      gone++;
    });
    if (left === 0) netted++;
    else if (left < Math.abs(y[k]!)) partly++;
    else unmatched++;
  }
  if (adjustments > 0) {
    notes.push(
      `${counted(adjustments, 'line')} without customer at price 0 ${adjustments === 1 ? 'is a stock adjustment, not a sale,' : 'are stock adjustments, not sales,'} and ${was(adjustments)} dropped.`,
    );
  }
  if (returns > 0 && rule === 'net') {
    const also =
      partly > 0 ? ` (${counted(partly, 'of them')} only in part)`.replace('of thems', 'of them') : '';
    notes.push(
      `${counted(returns, 'line')} ${returns === 1 ? 'is a return or cancellation' : 'are returns or cancellations'}: ${(netted + partly).toLocaleString('en-US')} ${was(netted + partly)} netted against the earlier sale of the same product${customer === undefined ? '' : ' and customer'}${also}, which took back ${counted(gone, 'sale')} in full; ${unmatched.toLocaleString('en-US')} without such a sale ${was(unmatched)} dropped.`,
    );
  } else if (returns > 0) {
    const fate = rule === 'keep' ? 'kept on the day of the return' : 'dropped, and their sales kept';
    notes.push(
      `${counted(returns, 'line')} ${returns === 1 ? 'is a return or cancellation' : 'are returns or cancellations'} and ${was(returns)} ${fate} (returns: ${rule}).`,
    );
  }
  return { keep, notes };
}

const was = (count: number): string => (count === 1 ? 'was' : 'were');

/** Takes a quantity off open sales, the latest first; returns what no sale could take. */
function takeBack(
  sales: number[] | undefined,
  y: Float64Array,
  quantity: number,
  onGone: (sale: number) => void,
): number {
  if (sales === undefined) return quantity;
  for (let i = sales.length - 1; i >= 0; i--) {
    if (y[sales[i]!] !== quantity) continue;
    y[sales[i]!] = 0;
    onGone(sales[i]!);
    sales.splice(i, 1);
    return 0;
  }
  let left = quantity;
  while (left > 0 && sales.length > 0) {
    const last = sales.at(-1)!;
    const taken = Math.min(left, y[last]!);
    y[last]! -= taken;
    left -= taken;
    if (y[last] === 0) {
      onGone(last);
      sales.pop();
    }
  }
  return left;
}
