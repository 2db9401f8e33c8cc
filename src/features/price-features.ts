// A price says little by itself: what moves sales is a price against its own past and against what else is on the shelf.
import type { Panel } from '../core/panel.ts';
import type { Feature } from '../learn/trees/bins.ts';
import { type ColumnReader, columnMean, perCutoff } from './column-reader.ts';
import { type FeatureRows, feature, rowCount } from './feature-rows.ts';
import { groupingsOf } from './group-features.ts';
import { eachKnown, groupPeriods } from './group-periods.ts';

/** Sum of logarithms, count, lowest and second lowest of a price, one entry a group and period. */
interface Shelf {
  readonly total: Float64Array;
  readonly count: Uint32Array;
  readonly low: Float64Array;
  readonly second: Float64Array;
}

/** The logarithm of the lowest price among the others of the shelf, and their mean logarithm. */
const lowestOther = ({ low, second }: Shelf, cell: number, own: number): number =>
  Math.log(own <= low[cell]! ? second[cell]! : low[cell]!);
const meanOther = ({ total, count }: Shelf, cell: number, own: number): number =>
  (total[cell]! - Math.log(own)) / (count[cell]! - 1);

/** Prices of a column against their own past, their last change, the highest so far, and the prices of each group. */
export function priceFeatures(name: string, read: ColumnReader, rows: FeatureRows, panel: Panel): Feature[] {
  const count = rowCount(rows);
  const { series, known, step } = rows;
  const target = (r: number): number => known[r]! + step[r]! - 1;
  const at = (r: number, off = 0): number => read(series[r]!, target(r) + off);
  const mean = perCutoff(rows, (i, n) => columnMean(read, i, 0, n));
  const highest = perCutoff(rows, (i, n) => {
    let most = Number.NaN;
    for (let t = 0; t < n; t++) {
      const value = read(i, t);
      if (!(value <= most)) most = Number.isNaN(value) ? most : value;
    }
    return most;
  });
  const last = perCutoff(rows, (i, n) => read(i, n - 1));
  const cents = (value: number): number => Math.round(value * 100) % 100;
  const out = [
    feature(`${name} to its mean`, count, (r) => Math.log(at(r) / mean(r))),
    feature(`${name} to its highest`, count, (r) => Math.log(at(r) / highest(r))),
    feature(`${name} to the last known`, count, (r) => Math.log(at(r) / last(r))),
    feature(`${name} change`, count, (r) => Math.log(at(r) / at(r, -1))),
    feature(`${name} next change`, count, (r) => Math.log(at(r, 1) / at(r))),
    feature(`${name} cents`, count, (r) => cents(at(r))),
  ];
  for (const grouping of groupingsOf(panel.ids.length, panel.statics)) {
    const table = groupPeriods(panel, grouping);
    const shelf: Shelf = {
      total: new Float64Array(table.cells),
      count: new Uint32Array(table.cells),
      low: new Float64Array(table.cells).fill(Infinity),
      second: new Float64Array(table.cells).fill(Infinity),
    };
    eachKnown(panel, table, read, (cell, price) => {
      shelf.total[cell]! += Math.log(price);
      shelf.count[cell]!++;
      shelf.second[cell] = Math.min(shelf.second[cell]!, Math.max(price, shelf.low[cell]!));
      shelf.low[cell] = Math.min(shelf.low[cell]!, price);
    });
    const against = (r: number, other: (shelf: Shelf, cell: number, own: number) => number): number => {
      const cell = table.at(series[r]!, target(r));
      const own = at(r);
      return cell < 0 || !(shelf.count[cell]! > 1) || Number.isNaN(own)
        ? Number.NaN
        : Math.log(own) - other(shelf, cell, own);
    };
    out.push(
      feature(`${name} to the lowest other of ${grouping.name}`, count, (r) => against(r, lowestOther)),
      feature(`${name} to the mean other of ${grouping.name}`, count, (r) => against(r, meanOther)),
    );
  }
  return out;
}
