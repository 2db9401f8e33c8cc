// A promotion, an opening or another flag of 0 and 1: how long it runs, what came before, what is announced.
import type { Feature } from '../learn/trees/bins.ts';
import { type ColumnReader, columnMean, perCutoff } from './column-reader.ts';
import { type FeatureRows, feature, rowCount, type Setting } from './feature-rows.ts';

/** Periods that a flag is looked for in either direction. */
const LOOK = 28;

/** Place of the target in a run, distances to runs before and after it, and how common the flag was of late. */
export function promotionFeatures(
  name: string,
  read: ColumnReader,
  rows: FeatureRows,
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
  ];
}
