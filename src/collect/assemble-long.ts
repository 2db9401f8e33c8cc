// Observations of a long table, one row a series and period or one row an order line, with its further tables.
import { DataError } from '../core/errors.ts';
import type { Observations, RowColumn } from '../core/observations.ts';
import { finish, nameSeries, negatives, timesOf } from './assemble.ts';
import { gather, type Supply, staticOf } from './covariates.ts';
import {
  addFromJoins,
  addFuture,
  endsOf,
  extend,
  type FurtherTables,
  openJoin,
  placeOf,
} from './further-tables.ts';
import type { RowOptions } from './options.ts';
import { hasClock, looksLikeLog, settleReturns } from './order-log.ts';
import type { LongPlan } from './plan.ts';
import { chooseId, suggestion, told } from './roles.ts';
import { type Combined, combine, countRepeats, sortRows } from './series-ids.ts';
import {
  counted,
  EMPTY,
  type NumberColumn,
  numberColumn,
  quoted,
  type Table,
  type TextColumn,
  textColumn,
} from './table.ts';

/** Observations of a long table; `future` and `joins` bring values its own columns lack. */
export function assembleLong(
  table: Table,
  plan: LongPlan,
  options: RowOptions,
  { future, joins }: FurtherTables = { joins: [] },
): Observations {
  const { roles, facts, covariates } = plan;
  const { rows } = table;
  const { time, ...times } = readTime(table, roles.time, options);
  const y = numberColumn(table, roles.target).values.slice();
  const column = (name: string): TextColumn => textColumn(table, name);
  const { id, transactions } = settleId(table, plan, options, times.codes, time);
  const named =
    id.length === 0
      ? { ids: [roles.target], series: new Uint32Array(rows), firstRow: new Uint32Array(1) }
      : nameSeries(id.map(column), rows);
  const { ids, series } = named;
  const notes: string[] = [];
  if (options.id === undefined || options.time === undefined || options.target === undefined) {
    notes.push(told(table.label, id, roles.time, roles.target, times.format));
  }
  notes.push(
    ...times.notes,
    ...dropIncomplete(table, id.map(column), time, y, series, ids.length, transactions, roles),
  );
  if (transactions) {
    notes.push(`Rows are order lines: those of a series and period are summed.`);
    notes.push(...settleLog(table, plan, options, ids.length, series, time, y));
  } else {
    const { count, first } = negatives(table, roles.target);
    if (count > 0) {
      notes.push(
        `${counted(count, 'row')} ${count === 1 ? 'has' : 'have'} a negative ${quoted(roles.target)} (first ${table.where(first)}) and ${count === 1 ? 'is' : 'are'} kept.`,
      );
    }
  }

  const joined = joins.map((join) => openJoin(join, plan, id, times, table, named.firstRow, time, options));
  const ends = endsOf(ids.length, series, time, y);
  const added =
    future === undefined
      ? addFromJoins(joined, plan, ends)
      : addFuture(future, plan, id, table, ids, ends, times, joined, options);
  notes.push(...added.notes);
  const extra = added.series.length;
  const all = {
    series: extend(series, added.series),
    time: extend(time, added.time),
    y: extend(y, new Array<number>(extra).fill(Number.NaN)),
  };
  const where = placeOf(table.where, rows, added, ids, future?.table.where, joined);
  const loose = { names: ids, series: all.series, time: all.time };
  const columns = covariates.map(({ name, role }) => {
    const supplies: Supply[] = [];
    const own = table.columns.get(name);
    if (own !== undefined) supplies.push({ column: own, rowOf: (i) => (i < rows ? i : -1) });
    const ahead = future?.table.columns.get(name);
    if (ahead !== undefined)
      supplies.push({ column: ahead, rowOf: (i) => (i < rows ? -1 : added.row[i - rows]!) });
    for (const join of joined) {
      const theirs = join.table.columns.get(name);
      if (theirs !== undefined)
        supplies.push({
          column: theirs,
          rowOf: (i) => (all.series[i]! < ids.length ? join.rowOf(all.series[i]!, all.time[i]!) : -1),
        });
    }
    return gather(name, supplies, rows + extra, role !== 'static');
  });
  const ofRole = (role: string): RowColumn[] => columns.filter((_, i) => covariates[i]!.role === role);
  const used = new Set([...id, roles.time, roles.target, ...covariates.map(({ name }) => name)]);
  if (!transactions) {
    const hint = suggestion(facts, used);
    if (hint !== undefined) notes.push(hint);
  }
  return finish({
    ids,
    ...all,
    stepped: times.stepped,
    knownFuture: ofRole('known-future'),
    pastOnly: ofRole('past-only'),
    statics: ofRole('static').map((one) => staticOf(one, loose, where)),
    names: { id: id.length === 0 ? 'all' : id.join('/'), time: roles.time, target: roles.target },
    transactions,
    notes,
    where,
  });
}

interface TimeColumn {
  readonly time: Float64Array;
  readonly format: string;
  readonly stepped: boolean;
  readonly notes: readonly string[];
  /** A number a row for each distinct time. */
  readonly codes: () => Combined;
}

function readTime(table: Table, name: string, options: RowOptions): TimeColumn {
  const column = table.columns.get(name);
  if (column?.kind === 'number') {
    const codes = (): Combined => {
      const seen = new Map<number, number>();
      const each = column.values.map((ms) => {
        const code = seen.get(ms) ?? seen.size;
        seen.set(ms, code);
        return code;
      });
      return { codes: Uint32Array.from(each), count: seen.size };
    };
    return { time: column.values, format: 'YYYY-MM-DD', stepped: false, notes: [], codes };
  }
  const { column: texts, values, ...times } = timesOf(table, name, options);
  const time = Float64Array.from(texts.codes, (code) => (code === EMPTY ? Number.NaN : values[code]!));
  // Empty times are refused later; here they only need a code of their own.
  const codes = (): Combined => ({
    codes: texts.codes.includes(EMPTY)
      ? texts.codes.map((code) => Math.min(code, values.length))
      : texts.codes,
    count: values.length + 1,
  });
  return { ...times, time, codes };
}

/** The id columns, and whether rows are order lines: each hangs on whether (id, time) repeats. */
function settleId(
  table: Table,
  { roles }: LongPlan,
  options: RowOptions,
  timeCodes: () => Combined,
  time: Float64Array,
): { id: readonly string[]; transactions: boolean } {
  let times: Combined | undefined;
  const repeats = (names: readonly string[], limit: number): number => {
    const combined = combine(
      names.map((name) => textColumn(table, name)),
      table.rows,
    );
    times ??= timeCodes();
    return countRepeats(combined, times.codes, times.count, limit);
  };
  const isLog = (id: readonly string[]): boolean =>
    options.transactions ??
    (looksLikeLog(roles.orders) ||
      ((roles.orders.order !== undefined || hasClock(time)) && repeats(id, 0) > 0));
  if (roles.id !== undefined) return { id: roles.id, transactions: isLog(roles.id) };
  const product = roles.candidates.slice(0, Math.min(1, roles.products));
  if (options.transactions ?? looksLikeLog(roles.orders)) return { id: product, transactions: true };
  const choose = (limit: number): readonly string[] | undefined =>
    chooseId(roles.candidates, roles.products, (names) => repeats(names, limit) <= limit);
  // A few repeated rows are a fault in the data to be told later, not a reason to take other columns for the id.
  const id = choose(0) ?? (isLog(product) ? product : (choose(Math.floor(table.rows / 50)) ?? product));
  return { id, transactions: isLog(id) };
}

/** Drops blank rows and order lines without id; refuses a row without time, and a row without id elsewhere. */
function dropIncomplete(
  table: Table,
  idColumns: readonly TextColumn[],
  time: Float64Array,
  y: Float64Array,
  series: Uint32Array,
  dropped: number,
  transactions: boolean,
  roles: { time: string; target: string },
): string[] {
  let blank = 0;
  let nameless = 0;
  for (let row = 0; row < time.length; row++) {
    const noTime = Number.isNaN(time[row]!);
    let empty = 0;
    for (const column of idColumns) if (column.codes[row] === EMPTY) empty++;
    if (!noTime && empty === 0) continue;
    if (noTime && empty === idColumns.length && Number.isNaN(y[row]!)) blank++;
    else if (noTime) {
      throw new DataError(
        `${table.where(row)} has no date in "${roles.time}"; fill it in or delete the row.`,
      );
    } else if (transactions) nameless++;
    else throw new DataError(`${table.where(row)} has an empty id; fill it in or delete the row.`);
    series[row] = dropped;
  }
  const notes: string[] = [];
  if (blank > 0) notes.push(`${counted(blank, 'blank row')} ${blank === 1 ? 'was' : 'were'} skipped.`);
  if (nameless > 0)
    notes.push(`${counted(nameless, 'line')} without id ${nameless === 1 ? 'was' : 'were'} dropped.`);
  return notes;
}

/** Applies the returns rule in place: `y` is netted, dropped rows get the series `dropped`. */
function settleLog(
  table: Table,
  plan: LongPlan,
  options: RowOptions,
  dropped: number,
  series: Uint32Array,
  time: Float64Array,
  y: Float64Array,
): string[] {
  const { order, customer, price } = plan.roles.orders;
  const notes: string[] = [];
  if (!plan.covariates.some(({ role }) => role === 'known-future')) {
    let empty = 0;
    for (let row = 0; row < y.length; row++) {
      if (!Number.isNaN(y[row]!) || series[row] === dropped) continue;
      series[row] = dropped;
      empty++;
    }
    if (empty > 0)
      notes.push(
        `${counted(empty, 'line')} without a number in ${quoted(plan.roles.target)} ${empty === 1 ? 'was' : 'were'} dropped.`,
      );
  }
  const row = sortRows(series, dropped, time);
  const lines = Float64Array.from(row, (at) => y[at]!);
  const column = (name: string | undefined): TextColumn | NumberColumn | undefined =>
    name === undefined ? undefined : table.columns.get(name);
  const numbers = (name: string | undefined): NumberColumn | undefined => {
    const found = column(name);
    return found?.kind === 'number' ? found : undefined;
  };
  const customers = column(customer);
  const settled = settleReturns(
    {
      series: Uint32Array.from(row, (at) => series[at]!),
      y: lines,
      row,
      order: numbers(order),
      customer: customers?.kind === 'text' ? customers : undefined,
      price: numbers(price),
    },
    options.returns ?? 'net',
  );
  for (let k = 0; k < row.length; k++) {
    y[row[k]!] = lines[k]!;
    if (settled.keep[k] === 0) series[row[k]!] = dropped;
  }
  return [...notes, ...settled.notes];
}
