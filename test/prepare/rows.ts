// Builds observations by hand: `rows([['A', '2024-01-01', 3], …])`, sorted as a source would sort them.
import { parseIso } from '../../src/core/calendar.ts';
import type { Observations, RowColumn } from '../../src/core/observations.ts';

/** Series, date (or step number), target, and covariates by name. */
export type Row = readonly [
  id: string,
  ds: string | number,
  y: number | null,
  columns?: Readonly<Record<string, number | string | null>>,
];

export interface RowsOptions {
  readonly known?: readonly string[];
  readonly past?: readonly string[];
  readonly transactions?: boolean;
}

/** A column of what the rows hold under a name; text becomes categories. */
function columnOf(name: string, rows: readonly Row[]): RowColumn {
  const cells = rows.map((row) => row[3]?.[name] ?? null);
  if (!cells.some((cell) => typeof cell === 'string')) {
    return { name, values: Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : Number(cell))) };
  }
  const levels = [...new Set(cells.filter((cell) => cell !== null).map(String))];
  return {
    name,
    levels,
    values: Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : levels.indexOf(String(cell)))),
  };
}

export function rows(
  list: readonly Row[],
  { known = [], past = [], transactions = false }: RowsOptions = {},
): Observations {
  const stepped = typeof list[0]?.[1] === 'number';
  const at = (ds: string | number): number => (typeof ds === 'number' ? ds : parseIso(ds));
  const order = list
    .map((row, k) => ({ row, k, time: at(row[1]) }))
    .sort((a, b) => (a.row[0] < b.row[0] ? -1 : a.row[0] > b.row[0] ? 1 : a.time - b.time || a.k - b.k));
  const sorted = order.map(({ row }) => row);
  const ids = [...new Set(sorted.map((row) => row[0]))];
  const index = new Map(ids.map((id, i) => [id, i]));
  return {
    ids,
    series: Uint32Array.from(sorted, (row) => index.get(row[0])!),
    time: Float64Array.from(order, ({ time }) => time),
    y: Float64Array.from(sorted, (row) => row[2] ?? Number.NaN),
    stepped,
    knownFuture: known.map((name) => columnOf(name, sorted)),
    pastOnly: past.map((name) => columnOf(name, sorted)),
    statics: [{ name: 'rank', values: Float64Array.from(ids, (_, i) => i) }],
    names: { id: 'sku', time: 'date', target: 'units' },
    transactions,
    notes: [],
    // Row 1 is the header, as in a file.
    where: (r) => `sales.csv, row ${order[r]!.k + 2}`,
  };
}

/** `count` dates from a first one, `days` apart. */
export function dates(first: string, count: number, days = 1): string[] {
  const start = parseIso(first);
  return Array.from({ length: count }, (_, k) =>
    new Date(start + k * days * 86_400_000).toISOString().slice(0, 10),
  );
}

/** One series at the given dates, values from a function of the row's number. */
export const series = (
  id: string,
  at: readonly (string | number)[],
  value: (k: number) => number | null,
): Row[] => at.map((ds, k) => [id, ds, value(k)] as const);

/** The target of series i, as plain numbers; null where it is not observed. */
export const valuesOf = (panel: { y: Float64Array; offsets: Uint32Array }, i = 0): (number | null)[] =>
  Array.from(panel.y.subarray(panel.offsets[i]!, panel.offsets[i + 1]!), (v) => (Number.isNaN(v) ? null : v));
