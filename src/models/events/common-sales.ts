// What all series of a panel sell together, period by period, their own offers set aside.
import type { Panel } from '../../core/panel.ts';
import { type Cells, cellsOf } from './cells.ts';
import { effectOfOffers } from './offers.ts';

/** One value a period. */
export interface CommonSales {
  /** The logarithm of sales, each series in units of its own size, steady ones counting more; NaN where nothing is seen. */
  readonly sales: Float64Array;
  /** Means of offers that all series have at a time, so that they cannot be told from the period. */
  readonly offers: readonly Float64Array[];
}

/** What all series sold in each of the n periods from `first` on. `events` are columns that are told otherwise. */
export function commonSales(panel: Panel, events: readonly string[], first: number, n: number): CommonSales {
  const cells = cellsOf(panel, events, first, n);
  const { common, together } = effectOfOffers(cells);
  return {
    sales: common.map((value) => (value > 0 ? Math.log(value) : Number.NaN)),
    offers: together.map((j) => meansOf(cells, j)),
  };
}

/** The mean of one offer over all series, period by period, against that over all periods. */
function meansOf({ period, weight, offers, width, n }: Cells, j: number): Float64Array {
  const [mass, sum] = [new Float64Array(n), new Float64Array(n)];
  for (const [k, p] of period.entries()) {
    mass[p]! += weight[k]!;
    sum[p]! += weight[k]! * offers[k * width + j]!;
  }
  const total = (values: Float64Array): number => values.reduce((all, value) => all + value, 0);
  const usual = total(sum) / total(mass);
  return sum.map((value, p) => (mass[p]! > 0 ? value / mass[p]! - usual : 0));
}
