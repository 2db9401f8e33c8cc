// All 30,490 item-stores of the M5 by month as a panel, with real prices and the hierarchy.
import { parseIso } from '../../src/core/calendar.ts';
import { frequency, ordinal } from '../../src/core/frequency.ts';
import { allocatePanel, CellState } from '../../src/core/panel.ts';
import { readGzip } from '../m-competitions.ts';
import { category } from '../whole-panel.ts';
import { calendar } from './calendar.ts';
import { monthsOf, type PriceRun, priceMonths } from './price-months.ts';
import type { Task } from './task.ts';

export const MONTHLY_H = 3;
/** Full months: from February 2011, since of January three days are there, to March 2016. */
export const MONTHLY_LENGTH = 62;
const FIRST_MONTH = '2011-02';

const linesOf = (path: string): string[][] =>
  readGzip(path)
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(','));

/** The runs of each item-store, by its id. */
function priceRuns(): Map<string, PriceRun[]> {
  const runs = new Map<string, PriceRun[]>();
  for (const [store, item, first, last, price] of linesOf('forecast/m5_sell_prices_runs.csv.gz')) {
    const id = `${item}_${store}`;
    const run = { first: first!, last: last!, price: Number(price) };
    const own = runs.get(id);
    if (own) own.push(run);
    else runs.set(id, [run]);
  }
  return runs;
}

/**
 * The months before the last `hidden` of the 62 to learn from, and the three after them; every `every`-th series. A series begins
 * with the month of its first sale; without a sale in the training part it is left out.
 */
export function monthlyTask(hidden: number, every: number): Task {
  const h = MONTHLY_H;
  const length = MONTHLY_LENGTH - hidden;
  const days = calendar();
  const from = monthsOf(days).indexOf(FIRST_MONTH);
  const series = linesOf('forecast/m5_bottom_monthly_201101_201604.csv.gz')
    .filter((_, k) => k % every === 0)
    .map(([id, ...values]) => {
      const y = Float64Array.from(values, Number).subarray(from, from + length + h);
      return { id: id!, y, first: y.findIndex((value) => value > 0) };
    });
  const born = series.filter(({ first }) => first >= 0 && first < length);
  const part = (from: number, to: number): string[] =>
    born.map(({ id }) => id.split('_').slice(from, to).join('_'));
  const freq = frequency('MS');
  const panel = allocatePanel(
    {
      freq,
      ids: born.map(({ id }) => id),
      target: 'units',
      reach: h,
      statics: [
        category('item', part(0, 3)),
        category('department', part(0, 2)),
        category('category', part(0, 1)),
        category('store', part(3, 5)),
        category('state', part(3, 4)),
      ],
    },
    born.map(({ first }) => length - first),
    { knownFuture: [{ name: 'price' }] },
  );
  const start = ordinal(freq, parseIso(`${FIRST_MONTH}-01`));
  const runs = priceRuns();
  const pricesOf = priceMonths(days);
  const actual = new Float64Array(born.length * h);
  for (const [i, { id, y, first }] of born.entries()) {
    panel.start[i] = start + first;
    panel.y.set(y.subarray(first, length), panel.offsets[i]!);
    actual.set(y.subarray(length), i * h);
    const prices = pricesOf(runs.get(id)!).subarray(from + first, from + length + h);
    panel.knownFuture[0]!.values.set(prices, panel.offsets[i]! + i * h);
  }
  panel.state.fill(CellState.observed);
  return { panel, h, season_length: 12, actual };
}
