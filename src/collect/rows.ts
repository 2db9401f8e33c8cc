// Observations from an array of objects, for programs that hold their sales already; runs in a browser too.
import { DataError } from '../core/errors.ts';
import type { Observations } from '../core/observations.ts';
import { assembleWide } from './assemble.ts';
import { assembleLong } from './assemble-long.ts';
import { parseNumber } from './numbers.ts';
import { checkOptions, type RowOptions } from './options.ts';
import { cancelMark } from './order-log.ts';
import { type ColumnRequest, numberNotes, planTable } from './plan.ts';
import { encodeText, quoted, type Sample, sampleSize, type Table } from './table.ts';

/**
 * Reads sales from an array of objects. Times may be a Date (its UTC clock counts, unless `timeZone` is given), a
 * number or text; values a number, a bigint, a boolean or text; `null`, `undefined` and NaN are missing.
 * Columns not named in the options are guessed, and the guesses told in `notes`. Rows are counted from 1 in messages.
 * Throws a UsageError for unknown options or columns, a DataError for rows that cannot be read.
 */
export function readRows(
  rows: readonly Readonly<Record<string, unknown>>[],
  options: RowOptions = {},
): Observations {
  checkOptions('readRows', options, false);
  if (!Array.isArray(rows))
    throw new DataError('readRows takes an array of objects, such as [{ date, sku, sales }].');
  if (rows.length === 0) throw new DataError('rows is an empty array; pass one object a row.');
  const names = columnNames(rows);
  const where = (row: number): string => `row ${row + 1}`;
  const step = Math.max(1, Math.floor(rows.length / sampleSize(names.length)));
  const looked = rows.filter((_, i) => i % step === 0);
  const sample: Sample = {
    label: 'rows',
    names,
    rows: rows.length,
    cells: names.map((name) => looked.map((row) => textOf(row[name], name))),
  };
  const plan = planTable(sample, options);
  const columns = new Map(plan.requests.map((request) => [request.name, readColumn(rows, request, where)]));
  const table: Table = { label: 'rows', rows: rows.length, columns, where };
  const observations =
    plan.kind === 'long' ? assembleLong(table, plan, options) : assembleWide(table, plan, options);
  return { ...observations, notes: [...numberNotes(plan), ...observations.notes] };
}

/** The keys of all objects, in the order they first appear. */
function columnNames(rows: readonly Readonly<Record<string, unknown>>[]): string[] {
  const names = new Set<string>();
  for (const [i, row] of rows.entries()) {
    if (row === null || typeof row !== 'object' || Array.isArray(row)) {
      throw new DataError(`row ${i + 1} is not an object; pass rows such as { date, sku, sales }.`);
    }
    for (const name in row) names.add(name);
  }
  return [...names];
}

function textOf(value: unknown, name: string): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'number') return Number.isNaN(value) ? null : String(value);
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime()))
      throw new DataError(`"${name}" holds an invalid Date; correct it or leave it out.`);
    return value.toISOString();
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function readColumn(
  rows: readonly Readonly<Record<string, unknown>>[],
  { name, as, style }: ColumnRequest,
  where: (row: number) => string,
): ReturnType<typeof encodeText> | { kind: 'number'; values: Float64Array } {
  const text = (row: number): string | null => textOf(rows[row]![name], name);
  if (as === 'text' || as === 'code' || as === 'time') return encodeText(rows.length, text);
  if (as === 'cancelled')
    return { kind: 'number', values: Float64Array.from(rows, (_, row) => cancelMark(text(row))) };
  const values = new Float64Array(rows.length).fill(Number.NaN);
  for (let row = 0; row < rows.length; row++) {
    const value = rows[row]![name];
    if (value === null || value === undefined) continue;
    if (typeof value === 'number') values[row] = value;
    else if (typeof value === 'bigint' || typeof value === 'boolean') values[row] = Number(value);
    else values[row] = parseNumber(textOf(value, name) ?? '', style) ?? Number.POSITIVE_INFINITY;
    const read = values[row]!;
    if (!Number.isFinite(read) && !Number.isNaN(read)) throw notANumber(where(row), String(value), name);
  }
  return { kind: 'number', values };
}

/** The error for a cell that should hold a number. */
export function notANumber(where: string, text: string, name: string): DataError {
  if (/^\s*[+-]?inf(inity)?\s*$/i.test(text)) {
    return new DataError(
      `${where}: ${quoted(text)} in "${name}" is not a finite number; correct it or leave the cell empty.`,
    );
  }
  if (/[$€£¥₹₽₺]/.test(text)) {
    return new DataError(
      `${where}: ${quoted(text)} in "${name}" carries a currency sign that other rows do not; write plain numbers in one currency.`,
    );
  }
  return new DataError(
    `${where}: ${quoted(text)} in "${name}" is not a number; correct it or leave the cell empty.`,
  );
}
