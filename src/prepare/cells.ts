// Rows to cells: puts the rows of one series in one period together. Only periods that have rows get a cell here.
import { DataError } from '../core/errors.ts';
import { type Frequency, label, ordinal, periodName } from '../core/frequency.ts';
import type { Observations } from '../core/observations.ts';
import { counted, type Ledger } from './ledger.ts';

/** How several values of one series in one period become one. */
export type DuplicateRule = 'refuse' | 'sum' | 'mean' | 'first' | 'last' | 'min' | 'max';
export const DUPLICATE_RULES: readonly DuplicateRule[] = [
  'refuse',
  'sum',
  'mean',
  'first',
  'last',
  'min',
  'max',
];

/** The periods that have rows, sorted by series, then period. */
export interface Cells {
  readonly count: number;
  /** Index into observations.ids, one a cell. */
  readonly series: Uint32Array;
  /** Period ordinal, one a cell. */
  readonly period: Int32Array;
  /** Cell c holds the rows firstRow[c] … firstRow[c + 1] − 1. */
  readonly firstRow: Uint32Array;
  /** The target put together; NaN where no row of the cell has one. */
  readonly y: Float64Array;
}

/** Finds the rows of each cell, and refuses rows out of order and values that are not finite. */
function group({ series, time, y, names, where }: Observations, freq: Frequency): Omit<Cells, 'y'> {
  const rows = time.length;
  const cellSeries = new Uint32Array(rows);
  const period = new Int32Array(rows);
  const firstRow = new Uint32Array(rows + 1);
  let count = 0;
  let before = Number.NaN;
  let at = 0;
  for (let r = 0; r < rows; r++) {
    const now = time[r]!;
    const sameSeries = r > 0 && series[r] === series[r - 1];
    if (!Number.isFinite(now)) {
      throw new DataError(`${where(r)}: column "${names.time}" has no date; correct or remove the row.`);
    }
    if (y[r] === Number.POSITIVE_INFINITY || y[r] === Number.NEGATIVE_INFINITY) {
      throw new DataError(
        `${where(r)}: column "${names.target}" is ${y[r]}; write a finite number, or leave it empty where the value is missing.`,
      );
    }
    if (r > 0 && (sameSeries ? now < before : series[r]! < series[r - 1]!)) {
      throw new RangeError('observations must be sorted by series, then time');
    }
    if (now !== before || r === 0) at = ordinal(freq, now);
    before = now;
    if (sameSeries && at === period[count - 1]) continue;
    cellSeries[count] = series[r]!;
    period[count] = at;
    firstRow[count] = r;
    count++;
  }
  firstRow[count] = rows;
  return {
    count,
    series: cellSeries.subarray(0, count),
    period: period.subarray(0, count),
    firstRow: firstRow.subarray(0, count + 1),
  };
}

/** Puts the observed values of rows from … to − 1 together; NaN where there are none. */
function combine(y: Float64Array, from: number, to: number, rule: DuplicateRule): number {
  let total = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let first = Number.NaN;
  let last = Number.NaN;
  let count = 0;
  for (let r = from; r < to; r++) {
    const value = y[r]!;
    if (Number.isNaN(value)) continue;
    if (count === 0) first = value;
    last = value;
    total += value;
    if (value < least) least = value;
    if (value > most) most = value;
    count++;
  }
  if (count === 0) return Number.NaN;
  if (rule === 'mean') return total / count;
  if (rule === 'first') return first;
  if (rule === 'last') return last;
  if (rule === 'min') return least;
  if (rule === 'max') return most;
  return total;
}

/** `sales.csv, rows 17 and 92` from `sales.csv, row 17` and `sales.csv, row 92`. */
function bothRows(a: string, b: string): string {
  const [, file, row] = /^(.*\b)row (\S+)$/.exec(a) ?? [];
  const [, otherFile, otherRow] = /^(.*\b)row (\S+)$/.exec(b) ?? [];
  return file !== undefined && file === otherFile ? `${file}rows ${row} and ${otherRow}` : `${a} and ${b}`;
}

interface Doubles {
  /** Rows of one series with the very same time as another, beyond the first of each time. */
  same: number;
  /** Rows of a cell beyond its first, at other times of the period. */
  within: number;
  /** Cells with more than one value. */
  cells: number;
  series: number;
  /** The first two rows with the same time; −1 where there are none. */
  first: number;
  second: number;
}

function countDoubles({ time, y, series }: Observations, cells: Omit<Cells, 'y'>): Doubles {
  const doubles: Doubles = { same: 0, within: 0, cells: 0, series: 0, first: -1, second: -1 };
  let lastSeries = -1;
  for (let c = 0; c < cells.count; c++) {
    const to = cells.firstRow[c + 1]!;
    let before = -1;
    let values = 0;
    for (let r = cells.firstRow[c]!; r < to; r++) {
      if (Number.isNaN(y[r]!)) continue;
      if (before >= 0 && time[r] === time[before]) {
        if (doubles.same === 0) [doubles.first, doubles.second] = [before, r];
        doubles.same++;
      } else if (before >= 0) doubles.within++;
      before = r;
      values++;
    }
    if (values < 2) continue;
    doubles.cells++;
    const owner = series[cells.firstRow[c]!]!;
    if (owner !== lastSeries) doubles.series++;
    lastSeries = owner;
  }
  return doubles;
}

/**
 * Puts rows into cells. Without a rule, order lines are summed, and so are rows at different times of one period
 * (days into weeks); two rows with the very same time are then refused with a DataError that names both.
 */
export function cellsOf(
  observations: Observations,
  freq: Frequency,
  rule: DuplicateRule | undefined,
  ledger: Ledger,
): Cells {
  const grouped = group(observations, freq);
  const { y, ids, series, time, transactions, where } = observations;
  const doubles = countDoubles(observations, grouped);
  const refused = rule === 'refuse' || (rule === undefined && !transactions && doubles.same > 0);
  if (refused && doubles.cells > 0) {
    let { first, second } = doubles;
    if (first < 0) {
      const cell = grouped.firstRow.findIndex(
        (row, c) => c < grouped.count && grouped.firstRow[c + 1]! - row > 1,
      );
      first = grouped.firstRow[cell]!;
      second = first + 1;
    }
    const more = doubles.same + doubles.within - 1;
    throw new DataError(
      `${bothRows(where(first), where(second))}: series "${ids[series[first]!]}" has two values for ` +
        `${label(freq, ordinal(freq, time[first]!))}${more > 0 ? ` (and ${counted(more, 'more such row')})` : ''}; ` +
        'pass --duplicates sum (or mean, last).',
    );
  }
  const applied = rule === undefined || rule === 'refuse' ? 'sum' : rule;
  const values = new Float64Array(grouped.count);
  for (let c = 0; c < grouped.count; c++) {
    values[c] = combine(y, grouped.firstRow[c]!, grouped.firstRow[c + 1]!, applied);
  }
  const verb: Record<Exclude<DuplicateRule, 'refuse'>, string> = {
    sum: 'summed',
    mean: 'averaged',
    first: 'reduced to their first',
    last: 'reduced to their last',
    min: 'reduced to their smallest',
    max: 'reduced to their largest',
  };
  const what = transactions ? 'order lines' : 'rows';
  ledger.enter(`several ${what} in one ${periodName(freq)} ${verb[applied]}`, doubles.cells, doubles.series);
  return { ...grouped, y: values };
}
