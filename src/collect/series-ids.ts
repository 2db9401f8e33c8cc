// Series from id columns: several columns become one id, and rows of a series are put in order of time.
import { EMPTY, type TextColumn } from './table.ts';

/** A number a row for each distinct combination of some columns' values. */
export interface Combined {
  /** Dense: 0 … count − 1. */
  readonly codes: Uint32Array;
  readonly count: number;
}

/** Numbers the distinct combinations in the order they first appear; an empty cell is a value of its own. */
export function combine(columns: readonly TextColumn[], rows: number): Combined {
  let codes = new Uint32Array(rows);
  let count = rows > 0 ? 1 : 0;
  for (const column of columns) {
    const width = column.levels.length + 1;
    const next = new Uint32Array(rows);
    const seen = new Map<number, number>();
    for (let row = 0; row < rows; row++) {
      const code = column.codes[row]!;
      const key = codes[row]! * width + (code === EMPTY ? width - 1 : code);
      let index = seen.get(key);
      if (index === undefined) {
        index = seen.size;
        seen.set(key, index);
      }
      next[row] = index;
    }
    codes = next;
    count = seen.size;
  }
  return { codes, count };
}

/** Counts rows that repeat an earlier pair of a and b, stopping as soon as there are more than `limit`. */
export function countRepeats(a: Combined, b: Uint32Array, bCount: number, limit: number): number {
  const rows = a.codes.length;
  let repeats = 0;
  const cells = a.count * bCount;
  // A bit a pair, unless that takes more memory than a table of the rows.
  if (cells <= rows * 128 + 2 ** 23) {
    const seen = new Uint32Array(Math.ceil(cells / 32));
    for (let row = 0; row < rows && repeats <= limit; row++) {
      const key = a.codes[row]! * bCount + b[row]!;
      const word = Math.floor(key / 32);
      const bit = 1 << (key % 32);
      if ((seen[word]! & bit) !== 0) repeats++;
      else seen[word]! |= bit;
    }
    return repeats;
  }
  // An open-addressing table with at most half its places taken.
  const size = 2 ** Math.ceil(Math.log2(rows * 2));
  const table = new Float64Array(size).fill(-1);
  for (let row = 0; row < rows && repeats <= limit; row++) {
    const key = a.codes[row]! * bCount + b[row]!;
    let at = (Math.imul(a.codes[row]!, 0x9e3779b1) ^ Math.imul(b[row]!, 0x85ebca6b)) >>> 0;
    for (at %= size; table[at] !== -1 && table[at] !== key; at = (at + 1) % size);
    if (table[at] === key) repeats++;
    else table[at] = key;
  }
  return repeats;
}

/**
 * The name of each combination, its parts joined by `/`, or by the first of `|` and ` · ` that no part holds
 * where a part holds a slash already.
 */
export function seriesNames(columns: readonly TextColumn[], combined: Combined): string[] {
  const holds = (sign: string): boolean =>
    columns.some((column) => column.levels.some((level) => level.includes(sign)));
  const sign = columns.length < 2 ? '' : (['/', '|', ' · '].find((one) => !holds(one)) ?? ' / ');
  const names = new Array<string>(combined.count);
  for (let row = 0; row < combined.codes.length; row++) {
    const series = combined.codes[row]!;
    if (names[series] !== undefined) continue;
    names[series] = columns
      .map((column) => (column.codes[row] === EMPTY ? '' : column.levels[column.codes[row]!]!.trim()))
      .join(sign);
  }
  return names;
}

/**
 * Row numbers sorted by series, then time, then their order in the file. Rows whose series is `count` or more
 * are left out.
 */
export function sortRows(series: Uint32Array, count: number, time: Float64Array): Uint32Array {
  const next = new Uint32Array(count + 1);
  for (let row = 0; row < series.length; row++) if (series[row]! < count) next[series[row]! + 1]!++;
  for (let i = 0; i < count; i++) next[i + 1]! += next[i]!;
  const starts = next.slice();
  const order = new Uint32Array(next[count]!);
  for (let row = 0; row < series.length; row++) {
    const i = series[row]!;
    if (i < count) order[next[i]!++] = row;
  }
  for (let i = 0; i < count; i++) {
    const rows = order.subarray(starts[i]!, starts[i + 1]!);
    let sorted = true;
    for (let k = 1; k < rows.length && sorted; k++) sorted = time[rows[k - 1]!]! <= time[rows[k]!]!;
    if (!sorted) rows.sort((a, b) => time[a]! - time[b]! || a - b);
  }
  return order;
}
