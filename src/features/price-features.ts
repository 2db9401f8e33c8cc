// A price says little by itself: what moves sales is a price against its own past and against what else is on the shelf.
import type { Panel } from '../core/panel.ts';
import type { Feature } from '../learn/trees/bins.ts';
import { type ColumnReader, columnMean, perCutoff } from './column-reader.ts';
import { type FeatureRows, feature, rowCount } from './feature-rows.ts';
import { groupingsOf } from './group-features.ts';

/** Mean log, lowest and second lowest of a price over the series of a group in one period. */
interface Shelf {
  total: number;
  count: number;
  low: number;
  second: number;
}

/** The lowest price among the others of the shelf, and their mean logarithm. */
function others(shelf: Shelf, own: number): [low: number, mean: number] {
  const low = own <= shelf.low ? shelf.second : shelf.low;
  return [low, (shelf.total - Math.log(own)) / (shelf.count - 1)];
}

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
  for (const { name: group, codes } of groupingsOf(panel.ids.length, panel.statics)) {
    const shelves = new Map<string, Shelf>();
    for (let i = 0; i < panel.ids.length; i++) {
      const cells = panel.offsets[i + 1]! - panel.offsets[i]! + panel.reach;
      for (let t = 0; t < cells; t++) {
        const price = read(i, t);
        if (Number.isNaN(price)) continue;
        const key = `${codes[i]} ${panel.start[i]! + t}`;
        const shelf = shelves.get(key) ?? { total: 0, count: 0, low: Infinity, second: Infinity };
        shelf.total += Math.log(price);
        shelf.count++;
        shelf.second = Math.min(shelf.second, Math.max(price, shelf.low));
        shelf.low = Math.min(shelf.low, price);
        shelves.set(key, shelf);
      }
    }
    const shelfAt = (r: number): Shelf | undefined => {
      const shelf = shelves.get(`${codes[series[r]!]} ${panel.start[series[r]!]! + target(r)}`);
      return shelf && shelf.count > 1 ? shelf : undefined;
    };
    const against = (r: number, which: 0 | 1): number => {
      const [shelf, own] = [shelfAt(r), at(r)];
      if (!shelf || Number.isNaN(own)) return Number.NaN;
      const [low, middle] = others(shelf, own);
      return Math.log(own) - (which === 0 ? Math.log(low) : middle);
    };
    out.push(
      feature(`${name} to the lowest other of ${group}`, count, (r) => against(r, 0)),
      feature(`${name} to the mean other of ${group}`, count, (r) => against(r, 1)),
    );
  }
  return out;
}
