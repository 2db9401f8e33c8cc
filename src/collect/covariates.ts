// Covariates: columns of the sales table or of joined tables, as numbers or category codes, for every row.
import { MS_PER_DAY } from '../core/calendar.ts';
import { DataError, UsageError } from '../core/errors.ts';
import type { RowColumn } from '../core/observations.ts';
import type { StaticColumn } from '../core/panel.ts';
import { EMPTY, type NumberColumn, quoted, type Table, type TextColumn, textColumn } from './table.ts';
import { plainName } from './vocabulary.ts';

/** Rows of all series, not yet sorted: those of the sales table first, then rows that only carry the future. */
export interface LooseRows {
  readonly names: readonly string[];
  readonly series: Uint32Array;
  readonly time: Float64Array;
}

/** A further table matched on the id and time columns it shares with the sales. */
export interface Joined {
  readonly table: Table;
  /** The table's row for a series and a time; −1 where it has none. */
  readonly rowOf: (series: number, time: number) => number;
  /** Times at which the table knows something of a series; none where it is matched without time. */
  readonly timesOf: (series: number) => readonly number[];
}

/** Which columns of a further table are its keys, under the names the sales table uses. */
export interface JoinKeys {
  readonly id: readonly { readonly main: string; readonly own: string }[];
  readonly time: string | undefined;
}

/** Finds the id and time columns that two tables share; names match whatever their case and separators. */
export function findKeys(
  label: string,
  names: readonly string[],
  id: readonly string[],
  time: string,
): JoinKeys {
  const find = (main: string): string | undefined =>
    names.find((name) => name === main) ?? names.find((name) => plainName(name) === plainName(main));
  const keys: JoinKeys = {
    id: id.flatMap((main) => {
      const own = find(main);
      return own === undefined ? [] : [{ main, own }];
    }),
    time: find(time),
  };
  if (keys.id.length === 0 && keys.time === undefined) {
    throw new UsageError(
      `${label} shares no id or time column with the sales; it needs ${[...id, time].map(quoted).join(' or ')} to be joined.`,
    );
  }
  return keys;
}

/**
 * Indexes a further table by series and time. `idColumns` are the sales table's id columns, `firstRow` a row of
 * each series there; `times` are the further table's own, one a row.
 */
export function indexJoin(
  table: Table,
  keys: JoinKeys,
  main: { idOf: (column: string) => TextColumn; firstRow: Uint32Array; clock: boolean },
  times: Float64Array | undefined,
): Joined {
  const count = main.firstRow.length;
  // Rows of this table by its id key; the key is text, as the two tables number their values differently.
  const own = keys.id.map((key) => textColumn(table, key.own));
  const groups = new Map<string, Map<number, number>>();
  // A day's row serves all moments of the day.
  const wholeDays = main.clock && times?.every((ms) => Number.isNaN(ms) || ms % MS_PER_DAY === 0) === true;
  for (let row = 0; row < table.rows; row++) {
    const key = own
      .map((column) => (column.codes[row] === EMPTY ? '' : column.levels[column.codes[row]!]!.trim()))
      .join('\0');
    const time = times === undefined ? 0 : times[row]!;
    if (Number.isNaN(time))
      throw new DataError(`${table.where(row)} has no date in "${keys.time}"; fill it in.`);
    let group = groups.get(key);
    if (group === undefined) {
      group = new Map();
      groups.set(key, group);
    }
    const before = group.get(time);
    if (before !== undefined) {
      const named = [...keys.id.map((one) => one.own), ...(keys.time === undefined ? [] : [keys.time])];
      throw new DataError(
        `${table.where(row)} repeats the ${named.map(quoted).join(' and ')} of row ${/(\d+)$/.exec(table.where(before))?.[1]}; keep one row of the two.`,
      );
    }
    group.set(time, row);
  }
  const groupOf = Array.from({ length: count }, (_, series) => {
    const row = main.firstRow[series]!;
    const parts = keys.id.map((key) => {
      const column = main.idOf(key.main);
      const code = column.codes[row]!;
      return code === EMPTY ? '' : column.levels[code]!.trim();
    });
    return groups.get(parts.join('\0'));
  });
  return {
    table,
    rowOf(series, time) {
      const key = times === undefined ? 0 : wholeDays ? Math.floor(time / MS_PER_DAY) * MS_PER_DAY : time;
      return groupOf[series]?.get(key) ?? -1;
    },
    timesOf: (series) => (times === undefined ? [] : [...(groupOf[series]?.keys() ?? [])]),
  };
}

type Column = TextColumn | NumberColumn;

/** Where a covariate's values come from: for row i of the loose rows, a row of one of the sources, or −1. */
export interface Supply {
  readonly column: Column;
  readonly rowOf: (i: number) => number;
}

/** What an empty cell of a category means. */
const NONE = '(none)';

/**
 * One value a loose row, from the first supply that has one. Categories of all supplies share one list of levels,
 * sorted by name. With `blanks` an empty cell of a category is the category NONE, the first, as in a column that
 * names the holiday on holidays only.
 */
export function gather(name: string, supplies: readonly Supply[], rows: number, blanks = false): RowColumn {
  const values = new Float64Array(rows).fill(Number.NaN);
  const text = supplies.some((supply) => supply.column.kind === 'text');
  const levels = new Set<string>();
  if (text) {
    for (const { column } of supplies) {
      if (column.kind === 'text') for (const level of column.levels) levels.add(level.trim());
    }
  }
  const sorted = [...levels].sort();
  const index = new Map(sorted.map((level, i) => [level, i]));
  for (const { column, rowOf } of supplies) {
    const codes = column.kind === 'text' ? column.levels.map((level) => index.get(level.trim())!) : undefined;
    for (let i = 0; i < rows; i++) {
      if (!Number.isNaN(values[i]!)) continue;
      const row = rowOf(i);
      if (row < 0) continue;
      if (column.kind === 'number') {
        const value = column.values[row]!;
        // A number beside categories (another file wrote the column otherwise) becomes a category by its text.
        values[i] = text && !Number.isNaN(value) ? (index.get(String(value)) ?? Number.NaN) : value;
      } else if (column.codes[row] !== EMPTY) values[i] = codes![column.codes[row]!]!;
    }
  }
  if (!text) return { name, values };
  const blank: number[] = [];
  for (let i = 0; blanks && i < rows; i++) {
    if (Number.isNaN(values[i]!) && supplies.some(({ rowOf }) => rowOf(i) >= 0)) blank.push(i);
  }
  if (blank.length === 0) return { name, values, levels: sorted };
  for (let i = 0; i < rows; i++) values[i]! += 1;
  for (const i of blank) values[i] = 0;
  return { name, values, levels: [NONE, ...sorted] };
}

/** One value a series, from its rows; two different values are refused. */
export function staticOf(column: RowColumn, rows: LooseRows, where: (row: number) => string): StaticColumn {
  const values = new Float64Array(rows.names.length).fill(Number.NaN);
  const from = new Uint32Array(rows.names.length);
  const shown = (value: number): string => quoted(column.levels?.[value] ?? String(value));
  for (let row = 0; row < rows.series.length; row++) {
    const series = rows.series[row]!;
    const value = column.values[row]!;
    if (series >= values.length || Number.isNaN(value)) continue;
    if (Number.isNaN(values[series]!)) {
      values[series] = value;
      from[series] = row;
    } else if (values[series] !== value) {
      throw new DataError(
        `${where(row)}: "${column.name}" of series ${quoted(rows.names[series]!)} is ${shown(value)} and was ${shown(values[series]!)} (${where(from[series]!)}); a static column has one value a series, so correct it or declare it as past-only.`,
      );
    }
  }
  return column.levels === undefined
    ? { name: column.name, values }
    : { name: column.name, values, levels: column.levels };
}
