// Known-future, past-only and static columns as features: at the target, around it, and against their own past.
import type { Column, Panel } from '../core/panel.ts';
import { lengthOf } from '../core/panel.ts';
import type { Feature } from '../learn/trees/bins.ts';
import { kindOf } from './column-kind.ts';
import { type ColumnReader, columnMean, knownReader, perCutoff } from './column-reader.ts';
import { type FeatureRows, feature, rowCount, type Setting } from './feature-rows.ts';
import { seasonalCell } from './lag-features.ts';
import { isLong } from './long-season.ts';
import { priceFeatures } from './price-features.ts';
import { promotionFeatures } from './promotion-features.ts';

/** Features of one known-future column. */
function knownFeatures(column: Column, rows: FeatureRows, panel: Panel, setting: Setting): Feature[] {
  const count = rowCount(rows);
  const { series, known, step } = rows;
  const { name, levels } = column;
  const read = knownReader(panel, column);
  const at = (r: number, off = 0): number => read(series[r]!, known[r]! + step[r]! - 1 + off);
  const kind = kindOf(column);
  const out = [feature(name, count, (r) => at(r), levels?.length)];
  const longest = setting.seasons.findLast((m) => isLong(m, setting.freq));
  if (kind === 'category') {
    if (longest) {
      out.push(
        feature(
          `${name} a season ago`,
          count,
          (r) => read(series[r]!, seasonalCell(known[r]!, step[r]!, longest, 1)),
          levels!.length,
        ),
      );
    }
    return out;
  }
  const past = perCutoff(rows, (i, n) => columnMean(read, i, n - setting.window, n));
  out.push(
    feature(`${name} before`, count, (r) => at(r, -1)),
    feature(`${name} after`, count, (r) => at(r, 1)),
    feature(`${name} against its past`, count, (r) => at(r) - past(r)),
  );
  if (longest) {
    out.push(
      feature(
        `${name} against a season ago`,
        count,
        (r) => at(r) - read(series[r]!, seasonalCell(known[r]!, step[r]!, longest, 1)),
      ),
    );
  }
  if (kind === 'price') out.push(...priceFeatures(name, read, rows, panel));
  if (kind === 'flag') out.push(...promotionFeatures(name, read, rows, panel, setting));
  return out;
}

/** Features of a column that is known up to the cutoff only: its last value, and its last values against its mean. */
function pastFeatures(
  { name, values, levels }: Column,
  rows: FeatureRows,
  panel: Panel,
  { window }: Setting,
): Feature[] {
  const count = rowCount(rows);
  const { series, known } = rows;
  const read: ColumnReader = (i, t) =>
    t >= 0 && t < lengthOf(panel, i) ? values[panel.offsets[i]! + t]! : Number.NaN;
  const last = feature(`last ${name}`, count, (r) => read(series[r]!, known[r]! - 1), levels?.length);
  if (levels) return [last];
  const mean = (cells: number): ((r: number) => number) =>
    perCutoff(rows, (i, n) => columnMean(read, i, n - cells, n));
  const [short, long] = [mean(Math.max(2, Math.round(window / 8))), mean(window)];
  return [
    last,
    feature(`last ${name} against its past`, count, (r) => read(series[r]!, known[r]! - 1) / long(r)),
    feature(`recent ${name} against its past`, count, (r) => short(r) / long(r)),
  ];
}

/** What one column of the panel gives. */
export interface ColumnFeatures {
  readonly name: string;
  /** Whether the column says one thing of each series for all time. */
  readonly isStatic: boolean;
  readonly features: readonly Feature[];
}

/** Features of all columns of the panel, column by column. */
export function columnFeatures(rows: FeatureRows, panel: Panel, setting: Setting): ColumnFeatures[] {
  const count = rowCount(rows);
  const moving = (name: string, features: Feature[]): ColumnFeatures => ({ name, isStatic: false, features });
  return [
    ...panel.knownFuture.map((column) => moving(column.name, knownFeatures(column, rows, panel, setting))),
    ...panel.pastOnly.map((column) => moving(column.name, pastFeatures(column, rows, panel, setting))),
    ...panel.statics.map(({ name, values, levels }) => ({
      name,
      isStatic: true,
      features: [feature(name, count, (r) => values[rows.series[r]!]!, levels?.length)],
    })),
  ];
}
