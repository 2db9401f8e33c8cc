// A promotion, an opening or another flag of 0 and 1: how long it runs, what came before, what is announced.
import type { Panel } from '../core/panel.ts';
import type { Feature } from '../learn/trees/bins.ts';
import { type ColumnReader, columnMean, perCutoff } from './column-reader.ts';
import { type FeatureRows, feature, rowCount, type Setting } from './feature-rows.ts';
import { groupingsOf } from './group-features.ts';
import { eachKnown, groupPeriods } from './group-periods.ts';

/** Periods that a flag is looked for in either direction. */
const LOOK = 28;

/** Place of the target in a run, distances to runs before and after it, and how common the flag was of late. */
export function promotionFeatures(
  name: string,
  read: ColumnReader,
  rows: FeatureRows,
  panel: Panel,
  { window }: Setting,
): Feature[] {
  const count = rowCount(rows);
  const { series, known, step } = rows;
  const target = (r: number): number => known[r]! + step[r]! - 1;
  /** Periods from the target to the nearest one with the wanted flag, itself left out; NaN beyond LOOK or what is known. */
  const distance = (r: number, way: 1 | -1, wanted: (flag: number) => boolean): number => {
    for (let d = 1; d <= LOOK; d++) {
      const flag = read(series[r]!, target(r) + way * d);
      if (Number.isNaN(flag)) return Number.NaN;
      if (wanted(flag)) return d;
    }
    return Number.NaN;
  };
  const share = perCutoff(rows, (i, n) => columnMean(read, i, n - window, n));
  return [
    feature(`${name} has run`, count, (r) =>
      read(series[r]!, target(r)) === 1 ? distance(r, -1, (flag) => flag === 0) : 0,
    ),
    feature(`since ${name}`, count, (r) => distance(r, -1, (flag) => flag === 1)),
    feature(`to ${name}`, count, (r) => distance(r, 1, (flag) => flag === 1)),
    feature(`share of ${name}`, count, share),
    ...groupingsOf(panel.ids.length, panel.statics).map((grouping) => {
      const table = groupPeriods(panel, grouping);
      const totals = new Float64Array(table.cells);
      const counts = new Uint32Array(table.cells);
      eachKnown(panel, table, read, (cell, flag) => {
        totals[cell]! += flag;
        counts[cell]!++;
      });
      return feature(`share of ${name} in ${grouping.name}`, count, (r) => {
        const cell = table.at(series[r]!, target(r));
        return cell < 0 ? Number.NaN : totals[cell]! / counts[cell]!;
      });
    }),
  ];
}
