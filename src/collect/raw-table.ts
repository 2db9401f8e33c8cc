// Raw tables of one or more files as one: a look at its rows, then the few columns a plan asks for.
import { type Database, literal } from './database.ts';
import { ISO_CLOCK } from './date-formats.ts';
import { numberSql } from './numbers.ts';
import type { ColumnRequest } from './plan.ts';
import { notANumber } from './rows.ts';
import type { RawTable } from './source.ts';
import {
  counted,
  EMPTY,
  listed,
  type NumberColumn,
  type Sample,
  sampleSize,
  type Table,
  type TextColumn,
} from './table.ts';

/** Several raw tables, one below the other, with the columns of all of them. */
export interface Stack {
  readonly label: string;
  readonly names: readonly string[];
  /** SQL type of each column. */
  readonly types: readonly string[];
  readonly rows: number;
  readonly where: (row: number) => string;
  readonly notes: readonly string[];
  readonly parts: readonly RawTable[];
  /** The table or view that holds all parts, with columns c0, c1, … in the order of `names`. */
  readonly view: string;
}

export async function stackTables(db: Database, parts: readonly RawTable[], view: string): Promise<Stack> {
  const names = [...new Set(parts.flatMap((part) => part.names))];
  const typeOf = (part: RawTable, name: string): string | undefined => part.types[part.names.indexOf(name)];
  const types = names.map((name) => {
    const found = new Set(parts.map((part) => typeOf(part, name)).filter((type) => type !== undefined));
    return found.size === 1 ? [...found][0]! : 'VARCHAR';
  });
  const single = parts.length === 1 ? parts[0]!.table : undefined;
  if (single === undefined) {
    const selects = parts.map((part) => {
      const columns = names.map((name, i) => {
        const at = part.names.indexOf(name);
        return `CAST(${at < 0 ? 'NULL' : `c${at}`} AS ${types[i]}) AS c${i}`;
      });
      return `SELECT ${columns.join(', ')} FROM ${part.table}`;
    });
    await db.run(`CREATE OR REPLACE VIEW ${view} AS ${selects.join(' UNION ALL ')}`);
  }
  const ends: number[] = [];
  let rows = 0;
  for (const part of parts) {
    rows += part.rows;
    ends.push(rows);
  }
  const notes = parts.flatMap((part) => part.notes);
  for (const part of parts) {
    const lacking = names.filter((name) => !part.names.includes(name));
    if (lacking.length > 0) notes.push(`${part.label} lacks ${listed(lacking)}; the cells are empty there.`);
  }
  return {
    label:
      parts.length === 1
        ? parts[0]!.label
        : `${parts[0]!.label} and ${counted(parts.length - 1, 'other file')}`,
    names,
    types,
    rows,
    where(row) {
      let at = 0;
      while (row >= ends[at]! && at < parts.length - 1) at++;
      return parts[at]!.where(row - (at === 0 ? 0 : ends[at - 1]!));
    },
    notes,
    parts,
    view: single ?? view,
  };
}

/** Some rows of each part, evenly spread, as text. */
export async function takeSample(db: Database, stack: Stack): Promise<Sample> {
  const cells: (string | null)[][] = stack.names.map(() => []);
  const wanted = sampleSize(stack.names.length);
  for (const part of stack.parts) {
    const share = Math.max(20, Math.floor((wanted * part.rows) / stack.rows));
    const step = Math.max(1, Math.floor(part.rows / share));
    const select = part.names.map((_, i) => `CAST(c${i} AS VARCHAR)`).join(', ');
    const columns = await db.columns(`SELECT ${select} FROM ${part.table} WHERE rowid % ${step} = 0`);
    const length = columns[0]?.length ?? 0;
    for (const [i, name] of stack.names.entries()) {
      const at = part.names.indexOf(name);
      for (let row = 0; row < length; row++)
        cells[i]!.push(at < 0 ? null : (columns[at]![row] as string | null));
    }
  }
  return { label: stack.label, names: stack.names, rows: stack.rows, cells };
}

const NUMERIC = /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|U[A-Z]+INT|UINTEGER|FLOAT|DOUBLE|DECIMAL)/;

/** The SQL expression of a column as a DOUBLE; NaN where the cell is empty, infinite where it does not fit. */
function doubleSql(c: string, type: string, { as, style }: ColumnRequest): string {
  const text = type === 'VARCHAR' ? c : `CAST(${c} AS VARCHAR)`;
  const orNaN = (sql: string): string => `coalesce(CAST(${sql} AS DOUBLE), 'nan'::DOUBLE)`;
  if (as === 'cancelled') {
    const full = (pattern: string): string => `regexp_full_match(${text}, '${pattern}')`;
    return orNaN(`CASE WHEN ${full('[Cc][0-9]+')} THEN 1 WHEN ${full('[0-9]+')} THEN 0 END`);
  }
  if (as === 'time') {
    if (/^TIMESTAMP(_|$)/.test(type)) return orNaN(`epoch_ms(CAST(${c} AS TIMESTAMP))`);
    const moment = `CASE WHEN regexp_full_match(${text}, ${literal(ISO_CLOCK.source)})
      THEN CAST(epoch_ms(TRY_CAST(${text} AS TIMESTAMP)) AS DOUBLE) END`;
    return `CASE WHEN ${c} IS NULL THEN 'nan'::DOUBLE ELSE coalesce(${moment}, 'inf'::DOUBLE) END`;
  }
  if (NUMERIC.test(type)) return orNaN(c);
  return type === 'BOOLEAN' ? orNaN(`CAST(${c} AS INTEGER)`) : numberSql(text, style);
}

/** Reads columns in full: numbers as numbers, text as codes. */
export async function loadColumns(
  db: Database,
  stack: Stack,
  requests: readonly ColumnRequest[],
): Promise<Table> {
  const { rows, view } = stack;
  const columns = new Map<string, TextColumn | NumberColumn>();
  const selects: string[] = [];
  const takers: ((items: ArrayLike<number>, at: number, count: number) => void)[] = [];
  for (const [k, request] of requests.entries()) {
    const { name, as } = request;
    const at = stack.names.indexOf(name);
    const type = stack.types[at]!;
    if (as !== 'text' && as !== 'code') {
      const values = new Float64Array(rows);
      columns.set(name, { kind: 'number', values });
      selects.push(doubleSql(`c${at}`, type, request));
      takers.push(copyTo(values));
      continue;
    }
    // An ENUM holds each distinct text once and a small code a row.
    const text = type === 'VARCHAR' ? `c${at}` : `CAST(c${at} AS VARCHAR)`;
    const distinct = `SELECT DISTINCT ${text} AS v FROM ${view} WHERE c${at} IS NOT NULL ORDER BY v`;
    const enumeration = `${view}_e${k}`;
    await db.run(`CREATE OR REPLACE TEMP TABLE ${enumeration}_levels AS ${distinct}`);
    const counts = await db.rows(`SELECT count(*) FROM ${enumeration}_levels`);
    const codes = new Uint32Array(rows).fill(EMPTY);
    let levels: string[] = [];
    if (as === 'text') {
      const [texts] = await db.columns(`SELECT v FROM ${enumeration}_levels ORDER BY rowid`);
      levels = (texts ?? []) as string[];
    }
    columns.set(name, { kind: 'text', codes, levels });
    if (Number(counts[0]![0]) > 0) {
      await db.run(`CREATE OR REPLACE TYPE ${enumeration} AS ENUM (SELECT v FROM ${enumeration}_levels)`);
      const code = `CAST(enum_code(CAST(${text} AS ${enumeration})) AS UINTEGER)`;
      selects.push(`coalesce(${code}, ${EMPTY}::UINTEGER)`);
      takers.push(copyTo(codes));
    }
    await db.run(`DROP TABLE ${enumeration}_levels`);
  }
  if (selects.length > 0) {
    let at = 0;
    await db.stream(`SELECT ${selects.join(', ')} FROM ${view}`, (chunk, count) => {
      for (const [i, take] of takers.entries()) take(chunk[i]!, at, count);
      at += count;
    });
  }
  for (const request of requests) {
    const column = columns.get(request.name)!;
    if (column.kind !== 'number') continue;
    const row = column.values.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
    if (row < 0) continue;
    if (request.as === 'time') {
      const again = await loadColumns(db, stack, [{ ...request, as: 'text' }]);
      columns.set(request.name, again.columns.get(request.name)!);
      continue;
    }
    const c = `c${stack.names.indexOf(request.name)}`;
    const text = await db.rows(`SELECT CAST(${c} AS VARCHAR) FROM ${view} LIMIT 1 OFFSET ${row}`);
    throw notANumber(stack.where(row), String(text[0]?.[0]), request.name);
  }
  return { label: stack.label, rows, columns, where: stack.where };
}

function copyTo(
  target: Float64Array | Uint32Array,
): (items: ArrayLike<number>, at: number, count: number) => void {
  return (items, at, count) => {
    const typed = items as Float64Array | Uint32Array;
    target.set(typed.length === count ? typed : typed.subarray(0, count), at);
  };
}
