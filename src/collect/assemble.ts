// From the columns of a table to observations: series, times and values in order, with what was assumed.
import { DataError } from '../core/errors.ts';
import type { Observations, RowColumn } from '../core/observations.ts';
import type { StaticColumn } from '../core/panel.ts';
import { gather, staticOf } from './covariates.ts';
import { readTimes, type Times } from './dates.ts';
import type { RowOptions } from './options.ts';
import type { WidePlan } from './plan.ts';
import { chooseId } from './roles.ts';
import { combine, countRepeats, seriesNames, sortRows } from './series-ids.ts';
import {
  counted,
  EMPTY,
  listed,
  numberColumn,
  quoted,
  type Table,
  type TextColumn,
  textColumn,
} from './table.ts';
import { melt } from './wide.ts';

/** Rows in any order, about to become observations; a series of `ids.length` or more marks a row as dropped. */
export interface Loose {
  readonly ids: readonly string[];
  readonly series: Uint32Array;
  readonly time: Float64Array;
  readonly y: Float64Array;
  readonly stepped: boolean;
  readonly knownFuture: readonly RowColumn[];
  readonly pastOnly: readonly RowColumn[];
  readonly statics: readonly StaticColumn[];
  readonly names: Observations['names'];
  readonly transactions: boolean;
  readonly notes: readonly string[];
  readonly where: (row: number) => string;
}

/** Sorts rows by series, time and order in the file, and leaves out dropped rows and series without any. */
export function finish(loose: Loose): Observations {
  const { ids, time, y, stepped, names, transactions, where } = loose;
  const order = sortRows(loose.series, ids.length, time);
  const notes = [...loose.notes];
  const filled = new Uint8Array(ids.length);
  const series = new Uint32Array(order.length);
  for (let k = 0; k < order.length; k++) {
    series[k] = loose.series[order[k]!]!;
    filled[series[k]!] = 1;
  }
  const take = (values: Float64Array): Float64Array => {
    const out = new Float64Array(order.length);
    for (let k = 0; k < order.length; k++) out[k] = values[order[k]!]!;
    return out;
  };
  const sorted = (column: RowColumn): RowColumn => ({ ...column, values: take(column.values) });
  const target = take(y);
  if (!target.some((value) => !Number.isNaN(value))) {
    throw new DataError(
      `${where(0)} and all rows after it have no number in "${names.target}"; check which column is the target.`,
    );
  }
  const kept: number[] = [];
  for (let i = 0; i < ids.length; i++) if (filled[i] === 1) kept.push(i);
  let statics = loose.statics;
  if (kept.length < ids.length) {
    const index = new Uint32Array(ids.length);
    for (const [at, i] of kept.entries()) index[i] = at;
    for (let k = 0; k < series.length; k++) series[k] = index[series[k]!]!;
    statics = statics.map((column) => ({
      ...column,
      values: Float64Array.from(kept, (i) => column.values[i]!),
    }));
    // Blank rows have a blank id, which is no series to tell of.
    const gone = ids.filter((id, i) => filled[i] === 0 && /[^\s/|·]/.test(id)).length;
    if (gone > 0)
      notes.push(
        `${counted(gone, 'series', 'series')} kept no row and ${gone === 1 ? 'is' : 'are'} left out.`,
      );
  }
  return {
    ids: kept.map((i) => ids[i]!),
    series,
    time: take(time),
    y: target,
    stepped,
    knownFuture: loose.knownFuture.map(sorted),
    pastOnly: loose.pastOnly.map(sorted),
    statics,
    names,
    transactions,
    notes,
    where: (row) => where(order[row]!),
  };
}

/** Reads a time column, refusing what is no time by its row. */
export function timesOf(table: Table, name: string, options: RowOptions): Times & { column: TextColumn } {
  const column = textColumn(table, name);
  const times = readTimes(column.levels, name, options);
  if (times.fault !== undefined) {
    const row = Math.max(0, column.codes.indexOf(times.fault.index));
    throw new DataError(`${table.where(row)}: ${times.fault.message}`);
  }
  return { ...times, column };
}

/** Distinct names in order, and each row's index into them; combinations that read the same are one series. */
export function nameSeries(
  columns: readonly TextColumn[],
  rows: number,
): { ids: string[]; series: Uint32Array; firstRow: Uint32Array } {
  const combined = combine(columns, rows);
  const names = seriesNames(columns, combined);
  const ids = [...new Set(names)].sort();
  const index = new Map(ids.map((name, i) => [name, i]));
  const rank = Uint32Array.from(names, (name) => index.get(name)!);
  const series = new Uint32Array(rows);
  const firstRow = new Uint32Array(ids.length).fill(EMPTY);
  for (let row = 0; row < rows; row++) {
    const i = rank[combined.codes[row]!]!;
    series[row] = i;
    if (firstRow[i] === EMPTY) firstRow[i] = row;
  }
  return { ids, series, firstRow };
}

/** Observations of a table with one column a period or one column a series. */
export function assembleWide(table: Table, plan: WidePlan, options: RowOptions): Observations {
  const { layout, facts } = plan;
  const notes: string[] = [];
  const count = layout.columns.length;
  if (layout.kind === 'series') {
    const times = timesOf(table, layout.time, options);
    const rowTimes = Float64Array.from(times.column.codes, (code, row) => {
      const ms = code === EMPTY ? Number.NaN : times.values[code]!;
      if (Number.isNaN(ms))
        throw new DataError(
          `${table.where(row)} has no date in "${layout.time}"; fill it in or delete the row.`,
        );
      return ms;
    });
    notes.push(
      `${table.label}: took each of ${counted(count, 'column')} as a series and ${quoted(layout.time)} (${times.format}) as the time.`,
    );
    if (layout.others.length > 0)
      notes.push(`${listed(layout.others)} ${layout.others.length === 1 ? 'is' : 'are'} not used.`);
    const { series, row, ...cells } = melt(table, layout, rowTimes);
    const ids = [...layout.columns].sort();
    const index = new Map(ids.map((name, i) => [name, i]));
    const rank = Uint32Array.from(layout.columns, (name) => index.get(name)!);
    return finish({
      ids,
      series: series.map((i) => rank[i]!),
      ...cells,
      stepped: times.stepped,
      ...NO_COVARIATES,
      names: { id: 'column', time: layout.time, target: options.target ?? 'value' },
      notes: [...notes, ...times.notes],
      where: (k) => table.where(row[k]!),
    });
  }
  const column = (name: string): TextColumn => textColumn(table, name);
  const noTime = new Uint32Array(table.rows);
  const id =
    plan.id ??
    chooseId(plan.candidates, plan.products, (names) => {
      const combined = combine(names.map(column), table.rows);
      return countRepeats(combined, noTime, 1, 0) === 0;
    });
  if (id === undefined) {
    throw new DataError(
      `${table.label} has one column a period, and no column names its rows; name the id columns with id.`,
    );
  }
  const named =
    id.length === 0
      ? { ids: ['all'], series: new Uint32Array(table.rows) }
      : nameSeries(id.map(column), table.rows);
  refuseRepeatedSeries(table, named.ids, named.series, id);
  const { series: rowOfCell, row, ...cells } = melt(table, layout, undefined);
  const loose = { names: named.ids, series: named.series, time: new Float64Array(table.rows) };
  const statics = plan.statics.map((name) => {
    const values = table.columns.get(name)!;
    return staticOf(gather(name, [{ column: values, rowOf: (i) => i }], table.rows), loose, table.where);
  });
  const span =
    count > 1
      ? `${quoted(layout.columns[0]!)} … ${quoted(layout.columns.at(-1)!)}`
      : quoted(layout.columns[0]!);
  notes.push(
    `${table.label}: took ${listed(id)} as the series id and ${counted(count, 'column')} (${span}) as periods (${layout.format}).`,
  );
  const used = new Set([...id, ...layout.columns, ...plan.statics]);
  const others = facts.columns.filter((one) => !used.has(one.name)).map((one) => one.name);
  if (others.length > 0) notes.push(`${listed(others)} ${others.length === 1 ? 'is' : 'are'} not used.`);
  return finish({
    ids: named.ids,
    series: rowOfCell.map((i) => named.series[i]!),
    ...cells,
    stepped: layout.stepped,
    ...NO_COVARIATES,
    statics,
    names: { id: id.join('/') || 'all', time: 'period', target: options.target ?? 'value' },
    notes: [...notes, ...layout.notes],
    where: (k) => table.where(row[k]!),
  });
}

const NO_COVARIATES = { knownFuture: [], pastOnly: [], statics: [], transactions: false } as const;

function refuseRepeatedSeries(
  table: Table,
  ids: readonly string[],
  series: Uint32Array,
  id: readonly string[],
): void {
  const seen = new Uint8Array(ids.length);
  for (let row = 0; row < series.length; row++) {
    if (seen[series[row]!] === 1) {
      throw new DataError(
        `${table.where(row)} repeats the series ${quoted(ids[series[row]!]!)} of an earlier row; with one column a period each row is a series, so add a column to id (${listed(id)}).`,
      );
    }
    seen[series[row]!] = 1;
  }
}

/** The first row of a table with a negative target, and how many there are. */
export function negatives(table: Table, target: string): { count: number; first: number } {
  const { values } = numberColumn(table, target);
  let count = 0;
  let first = -1;
  for (let row = 0; row < values.length; row++) {
    if (values[row]! < 0) {
      count++;
      if (first < 0) first = row;
    }
  }
  return { count, first };
}
