// What all series of a panel sell together, period by period, their own offers set aside, and what groups of them sell beside that.
import type { Panel } from '../../core/panel.ts';
import type { Grouping } from '../../features/group-features.ts';
import { type Cells, cellsOf } from './cells.ts';
import { effectOfOffers } from './offers.ts';

/** One value a period. */
export interface CommonSales {
  /** The logarithm of sales, each series in units of its own size, steady ones counting more; NaN where nothing is seen. */
  readonly sales: Float64Array;
  /** Means of offers that all series have at a time, so that they cannot be told from the period. */
  readonly offers: readonly Float64Array[];
  /** The logarithm of what each group sold over what all did; 0 where either sold nothing. */
  readonly beside: (grouping: Grouping) => Float64Array[];
}

/** What all series sold in each of the n periods from `first` on. `events` are columns that are told otherwise. */
export function commonSales(panel: Panel, events: readonly string[], first: number, n: number): CommonSales {
  const cells = cellsOf(panel, events, first, n);
  const { common, due, together } = effectOfOffers(cells);
  return {
    sales: common.map((value) => (value > 0 ? Math.log(value) : Number.NaN)),
    offers: together.map((j) => meansOf(cells, j)),
    beside: (grouping) => salesBeside(cells, common, due, grouping),
  };
}

/** The logarithm of what each group sold over what it would if each period were to it what it is to all. */
function salesBeside(
  { n, series, period, member, share, weight }: Cells,
  common: Float64Array,
  due: Float64Array,
  { codes, groups }: Grouping,
): Float64Array[] {
  const sold = Array.from({ length: groups }, () => new Float64Array(n));
  const usual = Array.from({ length: groups }, () => new Float64Array(n));
  for (const [k, p] of period.entries()) {
    const g = codes[series[member[k]!]!]!;
    if (g < 0) continue;
    sold[g]![p]! += weight[k]! * share[k]!;
    usual[g]![p]! += weight[k]! * due[k]! * common[p]!;
  }
  return sold.map((own, g) =>
    own.map((value, p) => Math.log(value / usual[g]![p]!)).map((log) => (Number.isFinite(log) ? log : 0)),
  );
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
