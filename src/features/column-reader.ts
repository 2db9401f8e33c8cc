// Reads columns cell by cell, past the end of a series as far as they are known.
import type { Column, Panel } from '../core/panel.ts';
import type { FeatureRows } from './feature-rows.ts';

/** Reads a known-future column: the value of cell t of series i, NaN beyond what is known. */
export type ColumnReader = (i: number, t: number) => number;

export function knownReader({ offsets, reach }: Panel, { values }: Column): ColumnReader {
  return (i, t) => {
    const at = offsets[i]! + i * reach + t;
    return t >= 0 && at < offsets[i + 1]! + (i + 1) * reach ? values[at]! : Number.NaN;
  };
}

/** Mean of the known values of a column in [from, to). */
export function columnMean(read: ColumnReader, i: number, from: number, to: number): number {
  let total = 0;
  let count = 0;
  for (let t = Math.max(0, from); t < to; t++) {
    const value = read(i, t);
    if (Number.isNaN(value)) continue;
    total += value;
    count++;
  }
  return total / count;
}

/** Keeps what is computed for one series and cutoff, since the steps of a cutoff follow one another. */
export function perCutoff(
  { series, known }: FeatureRows,
  of: (i: number, n: number) => number,
): (r: number) => number {
  let [i, n, value] = [-1, -1, Number.NaN];
  return (r) => {
    if (series[r] !== i || known[r] !== n) {
      i = series[r]!;
      n = known[r]!;
      value = of(i, n);
    }
    return value;
  };
}
