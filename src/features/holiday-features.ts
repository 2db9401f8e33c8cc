// How far the target's period is from holidays, and which of them fall into it.
import type { Panel } from '../core/panel.ts';
import type { Feature } from '../learn/trees/bins.ts';
import { type FeatureRows, feature, rowCount, type Setting, targetsOf } from './feature-rows.ts';
import { type HolidayOptions, holidayColumns } from './holidays/holiday-columns.ts';
import { isLong } from './long-season.ts';

/** Holidays told apart by name at most; the others count together. */
const NAMED = 24;

/**
 * Named holidays at the target, all of them around it, and the distance to the next and the last; nothing where periods
 * have no dates.
 */
export function holidayFeatures(
  rows: FeatureRows,
  panel: Panel,
  { freq, seasons }: Setting,
  options: HolidayOptions,
): Feature[] {
  const count = rowCount(rows);
  if (freq.unit === 'step' || count === 0) return [];
  const longest = seasons.at(-1) ?? 0;
  const { target, first, last } = targetsOf(rows, panel, Math.max(longest, 8), 8);
  const { names, columns } = holidayColumns(freq, first, last - first + 1, options);
  const all = new Float64Array(last - first + 1);
  for (const column of columns) for (let t = 0; t < all.length; t++) all[t]! += column[t]!;
  const out = names
    .slice(0, NAMED)
    .map((name, k) => feature(`holiday ${name}`, count, (r) => columns[k]![target[r]! - first]!));
  const at = (r: number, off: number): number => all[target[r]! + off - first] ?? Number.NaN;
  const distance = (r: number, way: 1 | -1): number => {
    for (let d = 0; d < all.length; d++) {
      const value = all[target[r]! + way * d - first];
      if (value === undefined) return Number.NaN;
      if (value > 0) return d;
    }
    return Number.NaN;
  };
  for (const off of [-1, 0, 1]) {
    out.push(feature(`holidays at ${off}`, count, (r) => at(r, off)));
    if (isLong(longest, freq))
      out.push(feature(`holidays at ${off}, a season ago`, count, (r) => at(r, off - longest)));
  }
  out.push(
    feature('to the next holiday', count, (r) => distance(r, 1)),
    feature('since the last holiday', count, (r) => distance(r, -1)),
  );
  return out;
}
