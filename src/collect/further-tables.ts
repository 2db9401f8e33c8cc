// Tables beside the sales: a file of future values, and files joined on shared id and time columns.
import { MS_PER_DAY } from '../core/calendar.ts';
import { DataError, UsageError } from '../core/errors.ts';
import { nameSeries, timesOf } from './assemble.ts';
import { findKeys, indexJoin, type Joined } from './covariates.ts';
import type { RowOptions } from './options.ts';
import type { FurtherPlan, LongPlan } from './plan.ts';
import { counted, EMPTY, listed, quoted, type Table, textColumn } from './table.ts';

/** A further file, read. */
export interface Further {
  readonly table: Table;
  readonly plan: FurtherPlan;
}

export interface FurtherTables {
  readonly future?: Further | undefined;
  readonly joins: readonly Further[];
}

/** Rows to be added after those of the sales table. */
export interface Added {
  readonly series: number[];
  readonly time: number[];
  /** The future file's row; −1 for a row that only joins fill. */
  readonly row: number[];
  readonly notes: string[];
}

/**
 * Names the place of a loose row. A function of its own, so that what it returns keeps none of the columns alive
 * for as long as the observations live.
 */
export function placeOf(
  main: (row: number) => string,
  rows: number,
  { row: futureRow, series }: Added,
  ids: readonly string[],
  future: ((row: number) => string) | undefined,
  joins: readonly Joined[],
): (row: number) => string {
  const joinLabels = joins.map((join) => join.table.label).join(' and ');
  return (row) => {
    if (row < rows) return main(row);
    const at = futureRow[row - rows]!;
    return at < 0 || future === undefined
      ? `${joinLabels} for series ${quoted(ids[series[row - rows]!]!)}`
      : future(at);
  };
}

/** The last time of each series: of all its rows, and of those with a number in the target; −∞ where there is none. */
export interface Ends {
  readonly row: Float64Array;
  readonly sale: Float64Array;
}

export function endsOf(count: number, series: Uint32Array, time: Float64Array, y: Float64Array): Ends {
  const row = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  const sale = row.slice();
  for (let at = 0; at < series.length; at++) {
    const i = series[at]!;
    if (i >= count) continue;
    if (time[at]! > row[i]!) row[i] = time[at]!;
    if (!Number.isNaN(y[at]!) && time[at]! > sale[i]!) sale[i] = time[at]!;
  }
  return { row, sale };
}

/** A further table's times: written as in the sales where that fits, else as its own column shows. */
function furtherTimes(
  table: Table,
  name: string,
  main: { format: string; stepped: boolean },
  options: RowOptions,
): Float64Array {
  let times: ReturnType<typeof timesOf>;
  try {
    times = timesOf(table, name, { ...options, timeFormat: main.format });
  } catch {
    times = timesOf(table, name, { timeZone: options.timeZone });
  }
  if (times.stepped !== main.stepped) {
    throw new DataError(
      `${table.label}: "${name}" holds ${times.stepped ? 'step numbers' : 'dates'} and the sales ${main.stepped ? 'step numbers' : 'dates'}; write both alike.`,
    );
  }
  return Float64Array.from(times.column.codes, (code) => (code === EMPTY ? Number.NaN : times.values[code]!));
}

export function openJoin(
  { table, plan }: Further,
  { roles }: LongPlan,
  id: readonly string[],
  times: { format: string; stepped: boolean },
  main: Table,
  firstRow: Uint32Array,
  time: Float64Array,
  options: RowOptions,
): Joined & { readonly hasTime: boolean } {
  const keys = findKeys(
    table.label,
    plan.facts.columns.map((facts) => facts.name),
    id,
    roles.time,
  );
  const own = keys.time === undefined ? undefined : furtherTimes(table, keys.time, times, options);
  const joined = indexJoin(
    table,
    keys,
    { idOf: (name) => textColumn(main, name), firstRow, clock: time.some((ms) => ms % MS_PER_DAY !== 0) },
    own,
  );
  return { ...joined, hasTime: own !== undefined };
}

/** Rows after each series' last row at which a joined table knows a known-future column. */
export function addFromJoins(
  joins: readonly (Joined & { hasTime: boolean })[],
  plan: LongPlan,
  ends: Ends,
): Added {
  const added: Added = { series: [], time: [], row: [], notes: [] };
  const known = plan.covariates.filter(({ role }) => role === 'known-future').map(({ name }) => name);
  const ahead = joins.filter((join) => join.hasTime && known.some((name) => join.table.columns.has(name)));
  for (let i = 0; i < ends.sale.length; i++) {
    if (ends.sale[i] === Number.NEGATIVE_INFINITY) continue;
    const times = new Set(ahead.flatMap((join) => join.timesOf(i)));
    for (const ms of [...times].sort((a, b) => a - b)) {
      if (ms <= ends.row[i]!) continue;
      added.series.push(i);
      added.time.push(ms);
      added.row.push(-1);
    }
  }
  if (added.series.length > 0) {
    added.notes.push(
      `${ahead.map((join) => join.table.label).join(' and ')} ${ahead.length === 1 ? 'tells' : 'tell'} known-future columns for ${counted(added.series.length, 'row')} after the last row of their series.`,
    );
  }
  return added;
}

/** The rows of the future file that lie after the last row of a series. */
export function addFuture(
  { table, plan: own }: Further,
  plan: LongPlan,
  id: readonly string[],
  main: Table,
  ids: readonly string[],
  ends: Ends,
  times: { format: string; stepped: boolean },
  joins: readonly Joined[],
  options: RowOptions,
): Added {
  const names = own.facts.columns.map((facts) => facts.name);
  const known = plan.covariates.filter(({ role }) => role === 'known-future').map(({ name }) => name);
  const keys = findKeys(table.label, names, id, plan.roles.time);
  const lacking = [
    ...id.filter((name) => !keys.id.some((key) => key.main === name)),
    ...(keys.time === undefined ? [plan.roles.time] : []),
    ...known.filter((name) => !names.includes(name) && !joins.some((join) => join.table.columns.has(name))),
  ];
  if (lacking.length > 0) {
    throw new DataError(
      `${table.label} lacks ${counted(lacking.length, 'column')} that the future of ${main.label} needs: ${listed(lacking)}; add ${lacking.length === 1 ? 'it' : 'them'}.`,
    );
  }
  if (known.length === 0) {
    throw new UsageError(
      `${table.label} brings future values, but no column is declared as known-future; declare one, such as a price.`,
    );
  }
  const time = furtherTimes(table, keys.time!, times, options);
  const theirs =
    id.length === 0
      ? undefined
      : nameSeries(
          keys.id.map((key) => textColumn(table, key.own)),
          table.rows,
        );
  const index = new Map(ids.map((name, i) => [name, i]));
  const added: Added = { series: [], time: [], row: [], notes: [] };
  let strangers = 0;
  let past = 0;
  for (let row = 0; row < table.rows; row++) {
    const series = theirs === undefined ? 0 : index.get(theirs.ids[theirs.series[row]!]!);
    if (Number.isNaN(time[row]!))
      throw new DataError(`${table.where(row)} has no date in "${keys.time}"; fill it in or delete the row.`);
    if (series === undefined || ends.sale[series] === Number.NEGATIVE_INFINITY) strangers++;
    else if (time[row]! <= ends.row[series]!) past++;
    else {
      added.series.push(series);
      added.time.push(time[row]!);
      added.row.push(row);
    }
  }
  if (strangers > 0)
    added.notes.push(
      `${counted(strangers, 'row')} of ${table.label} ${strangers === 1 ? 'names a series' : 'name series'} without sales and ${strangers === 1 ? 'is' : 'are'} left out.`,
    );
  if (past > 0)
    added.notes.push(
      `${counted(past, 'row')} of ${table.label} ${past === 1 ? 'lies' : 'lie'} no later than the last row of ${past === 1 ? 'its' : 'their'} series and ${past === 1 ? 'is' : 'are'} left out.`,
    );
  return added;
}

export function extend<T extends Uint32Array | Float64Array>(values: T, more: readonly number[]): T {
  if (more.length === 0) return values;
  const out = new (values.constructor as new (length: number) => T)(values.length + more.length);
  out.set(values);
  out.set(more, values.length);
  return out;
}
