// Covariates onto the grid: several rows of a period become one value, and periods without a row are filled by rule.
import type { Observations, RowColumn } from '../core/observations.ts';
import type { Cells } from './cells.ts';
import { counted, type Ledger } from './ledger.ts';
import type { Lives } from './lives.ts';

/** What kind of values a column holds, which decides how it is put together and filled. */
export type ColumnKind = 'flag' | 'category' | 'number';

export function kindOf(column: RowColumn): ColumnKind {
  if (column.levels) return 'category';
  for (let r = 0; r < column.values.length; r++) {
    const value = column.values[r]!;
    if (value !== 0 && value !== 1 && !Number.isNaN(value)) return 'number';
  }
  return 'flag';
}

/** The value of one cell: a flag is up if any row has it up, a category is the last, a number the mean. */
function combine(values: Float64Array, from: number, to: number, kind: ColumnKind): number {
  if (to - from === 1) return values[from]!;
  let total = 0;
  let most = Number.NEGATIVE_INFINITY;
  let last = Number.NaN;
  let count = 0;
  for (let r = from; r < to; r++) {
    const value = values[r]!;
    if (Number.isNaN(value)) continue;
    total += value;
    last = value;
    most = Math.max(most, value);
    count++;
  }
  if (count === 0) return Number.NaN;
  if (kind === 'category') return last;
  return kind === 'flag' ? most : total / count;
}

/** A column put together, one value a cell of `cells`. */
export function cellColumn(column: RowColumn, cells: Cells): Float64Array {
  const kind = kindOf(column);
  const out = new Float64Array(cells.count);
  for (let c = 0; c < cells.count; c++) {
    out[c] = combine(column.values, cells.firstRow[c]!, cells.firstRow[c + 1]!, kind);
  }
  return out;
}

/** Values that hold for all series alike, by period: value of period p at p − first. */
export interface SharedValues {
  readonly first: number;
  readonly values: Float64Array;
  /** The last period with a value. */
  readonly last: number;
}

/**
 * The values of a column that belongs to the calendar and not to the product (a holiday, the weather of the one shop):
 * in every period all series that have a value have the same one. Undefined where the series differ.
 */
export function sharedValues(
  values: Float64Array,
  { count, series, period }: Cells,
): SharedValues | undefined {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < count; c++) {
    if (Number.isNaN(values[c]!)) continue;
    if (period[c]! < first) first = period[c]!;
    if (period[c]! > last) last = period[c]!;
  }
  // A range far wider than the data comes from a stray date; such a column is not worth sharing.
  if (!(last - first < 20 * count + 10_000) || series[0] === series[count - 1]) return undefined;
  const shared = new Float64Array(last - first + 1).fill(Number.NaN);
  let agreed = 0;
  for (let c = 0; c < count; c++) {
    const value = values[c]!;
    if (Number.isNaN(value)) continue;
    const known = shared[period[c]! - first]!;
    if (Number.isNaN(known)) shared[period[c]! - first] = value;
    else if (known === value) agreed++;
    else return undefined;
  }
  return agreed > 0 ? { first, values: shared, last } : undefined;
}

/** How periods without a row are filled. 'rule': flags 0, numbers carried forward, categories unknown. */
export type Filling = 'rule' | 'carry' | 'none';

/**
 * Writes one column onto the grid: series i at out[base(i)] … for its length plus `reach` periods.
 * A row that is there is believed as it is, an empty cell included. Shared values fill any hole, the future's too;
 * otherwise only periods of the past without a row are filled.
 */
export function layColumn(
  values: Float64Array,
  { cells, lives, reach, out }: { cells: Cells; lives: Lives; reach: number; out: Float64Array },
  kind: ColumnKind,
  filling: Filling,
  shared: SharedValues | undefined,
): { filled: number } {
  let filled = 0;
  let base = 0;
  for (let i = 0; i < lives.count; i++) {
    const start = lives.start[i]!;
    const length = lives.length[i]!;
    const carries = filling === 'carry' || (filling === 'rule' && kind === 'number');
    const standing = filling === 'rule' && kind === 'flag' ? 0 : Number.NaN;
    let c = lives.firstCell[i]!;
    let carried = Number.NaN;
    for (; c < lives.lastCell[i]! && cells.period[c]! < start; c++) {
      if (!Number.isNaN(values[c]!)) carried = values[c]!;
    }
    for (let t = 0; t < length + reach; t++) {
      const period = start + t;
      const present = c < lives.lastCell[i]! && cells.period[c] === period;
      let value = present ? values[c]! : Number.NaN;
      if (present) c++;
      if (!Number.isNaN(value)) carried = value;
      else {
        if (shared) value = shared.values[period - shared.first] ?? Number.NaN;
        if (Number.isNaN(value) && !present && t < length) value = carries ? carried : standing;
        if (!Number.isNaN(value) && t < length) filled++;
      }
      out[base + t] = value;
    }
    base += length + reach;
  }
  return { filled };
}

/** How far known-future columns go beyond the ends of the series, in periods. */
export function reachOf(
  lives: Lives,
  cells: Cells,
  columns: readonly Float64Array[],
  shared: readonly (SharedValues | undefined)[],
): number {
  if (columns.length === 0) return 0;
  const calendarEnd = Math.max(...shared.map((s) => s?.last ?? Number.NEGATIVE_INFINITY));
  let own = 0;
  let common = 0;
  for (let i = 0; i < lives.count; i++) {
    const end = lives.start[i]! + lives.length[i]! - 1;
    let last = end;
    // From the last row back to the first that has a value in any of the columns.
    for (let c = lives.lastCell[i]! - 1; c >= lives.firstCell[i]! && cells.period[c]! > end; c--) {
      if (columns.every((values) => Number.isNaN(values[c]!))) continue;
      last = cells.period[c]!;
      break;
    }
    own = Math.max(own, last - end);
    common = Math.max(common, calendarEnd - end);
  }
  // Shared columns serve series that ended early too, unless that would cost more memory than the panel itself.
  const room = 10 * lives.length.reduce((sum, n) => sum + n, 0) + 1e6;
  return common * lives.count * columns.length <= room ? Math.max(own, common) : own;
}

/** Says what was filled and what stays unknown in the past of a known-future column. */
export function reportColumn(
  { column, kind, filled, shared }: { column: RowColumn; kind: ColumnKind; filled: number; shared: boolean },
  unknown: number,
  ledger: Ledger,
): void {
  const how = shared
    ? 'taken from the other series of the same period'
    : kind === 'flag'
      ? 'set to 0'
      : 'carried forward';
  if (filled > 0) ledger.note(`"${column.name}": ${counted(filled, 'period')} without a value ${how}.`);
  if (unknown > 0) ledger.note(`"${column.name}" is unknown in ${counted(unknown, 'period')} of the past.`);
}

/** The row column of this name, whichever role it has. */
export const findColumn = (observations: Observations, name: string): RowColumn | undefined =>
  [...observations.pastOnly, ...observations.knownFuture].find((column) => column.name === name);
