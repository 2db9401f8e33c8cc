// A forecast as a file for people and programs: CSV, JSON, NDJSON or Parquet, with intervals as columns.
import { open } from 'node:fs/promises';
import { refuseUnknownOptions } from '../core/errors.ts';
import { label } from '../core/frequency.ts';
import { type ForecastTable, interval } from '../forecast/forecast-table.ts';
import { publishFile } from './durable-files.ts';
import { writeIntervals } from './forecasts.ts';

export interface ForecastFileOptions {
  /** Whether a `model` column says what forecast each series; defaults to false. */
  readonly model?: boolean;
}

export type ForecastFormat = 'csv' | 'json' | 'ndjson' | 'parquet';

/** Texts are handed out in pieces of about this many characters. */
const PIECE = 1 << 16;

/** Decimals of a series' numbers: six, or as many as its largest number needs for six digits. */
function decimalsOf(columns: readonly Float64Array[], from: number, to: number): number {
  let largest = 0;
  for (const column of columns) {
    for (let cell = from; cell < to; cell++) {
      const size = Math.abs(column[cell]!);
      if (size > largest) largest = size;
    }
  }
  // No more than a double has: 20 is the most that toFixed is sure to take in every engine.
  return largest > 0 ? Math.min(20, Math.max(6, 5 - Math.floor(Math.log10(largest)))) : 6;
}

/** A number with at most so many decimals, as short as it can be; −0 as 0, and NaN as an empty text. */
export function formatNumber(value: number, decimals = 6): string {
  if (Number.isNaN(value)) return '';
  const size = Math.abs(value);
  // From 2³³ on a double has no more than six decimals, and scaling it up would lose some.
  if (size >= 2 ** 33) return String(value);
  if (decimals > 6) return String(Number(value.toFixed(decimals)) + 0);
  return String(Math.round(value * 1e6) / 1e6 + 0);
}

/** Quotes a CSV field where RFC 4180 asks for it. */
const csvField = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

interface Layout {
  /** Names of the number columns: mean, lo-80, hi-80, … with levels ascending. */
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
  /** The label of a period; labels recur in every series, so they are made once. */
  readonly ds: (period: number) => string;
}

function layout(table: ForecastTable): Layout {
  const names = ['mean'];
  const columns = [table.mean];
  for (const level of [...table.level].sort((a, b) => a - b)) {
    const { lo, hi } = interval(table, level);
    names.push(`lo-${level}`, `hi-${level}`);
    columns.push(lo, hi);
  }
  const labels = new Map<number, string>();
  const ds = (period: number): string => {
    const known = labels.get(period);
    if (known !== undefined) return known;
    const made = label(table.freq, period);
    labels.set(period, made);
    return made;
  };
  return { names, columns, ds };
}

/** Joins the texts of all rows, made series by series, into pieces. */
function* pieces(
  table: ForecastTable,
  opening: string,
  { columns }: Layout,
  row: (series: number, step: number, cell: number, decimals: number) => string,
): Generator<string> {
  const { h } = table;
  let piece = opening;
  for (let i = 0; i < table.ids.length; i++) {
    const decimals = decimalsOf(columns, i * h, (i + 1) * h);
    for (let s = 0; s < h; s++) {
      piece += row(i, s, i * h + s, decimals);
      if (piece.length < PIECE) continue;
      yield piece;
      piece = '';
    }
  }
  if (piece !== '') yield piece;
}

/**
 * A forecast as CSV, `unique_id,ds,mean,lo-80,hi-80,…`, one row a series and period, in pieces of text.
 * Ids are quoted where RFC 4180 asks for it; numbers have at most six decimals, more where
 * a whole series lies far below 1.
 */
export function forecastCsv(table: ForecastTable, options: ForecastFileOptions = {}): Iterable<string> {
  refuseUnknownOptions('forecastCsv', options, ['model']);
  const { model = false } = options;
  const form = layout(table);
  const { names, columns, ds } = form;
  const heads = table.ids.map(csvField);
  const models = model ? table.model.map((name) => `,${csvField(name)}`) : undefined;
  const header = ['unique_id', 'ds', ...(model ? ['model'] : []), ...names].join(',');
  return pieces(table, `${header}\n`, form, (i, s, cell, decimals) => {
    let line = `${heads[i]!},${ds(table.start[i]! + s)}${models?.[i] ?? ''}`;
    for (const column of columns) line += `,${formatNumber(column[cell]!, decimals)}`;
    return `${line}\n`;
  });
}

/** One row as a JSON object, with the same names and digits as in CSV; numbers that are not finite are null. */
function jsonRows(
  table: ForecastTable,
  { names, columns, ds }: Layout,
  { model = false }: ForecastFileOptions,
) {
  const stepped = table.freq.unit === 'step';
  const keys = names.map((name) => `,${JSON.stringify(name)}:`);
  return (i: number, s: number, cell: number, decimals: number): string => {
    const time = ds(table.start[i]! + s);
    let row = `{"unique_id":${JSON.stringify(table.ids[i])},"ds":${stepped ? time : `"${time}"`}`;
    if (model) row += `,"model":${JSON.stringify(table.model[i])}`;
    for (const [k, column] of columns.entries()) {
      const value = column[cell]!;
      row += keys[k]! + (Number.isFinite(value) ? formatNumber(value, decimals) : 'null');
    }
    return `${row}}`;
  };
}

/** A forecast as one JSON array of objects, one a line, in pieces of text. */
export function* forecastJson(table: ForecastTable, options: ForecastFileOptions = {}): Iterable<string> {
  refuseUnknownOptions('forecastJson', options, ['model']);
  const form = layout(table);
  const row = jsonRows(table, form, options);
  yield* pieces(table, '[', form, (i, s, cell, decimals) => {
    return `${cell === 0 ? '\n' : ',\n'}${row(i, s, cell, decimals)}`;
  });
  yield '\n]\n';
}

/** A forecast as one JSON object a line, in pieces of text. */
export function forecastNdjson(table: ForecastTable, options: ForecastFileOptions = {}): Iterable<string> {
  refuseUnknownOptions('forecastNdjson', options, ['model']);
  const form = layout(table);
  const row = jsonRows(table, form, options);
  return pieces(table, '', form, (i, s, cell, decimals) => `${row(i, s, cell, decimals)}\n`);
}

/** A forecast as a Parquet file with the columns of the CSV; `ds` is a timestamp, numbers keep all digits. */
export async function forecastParquet(
  table: ForecastTable,
  path: string,
  options: ForecastFileOptions = {},
): Promise<void> {
  refuseUnknownOptions('forecastParquet', options, ['model']);
  await publishFile(path, (temporary) => writeIntervals(temporary, table, options.model ?? false));
}

/** Writes a forecast to a file, which is replaced whole or not at all. */
export async function writeForecastFile(
  table: ForecastTable,
  path: string,
  format: ForecastFormat,
  options: ForecastFileOptions = {},
): Promise<void> {
  if (format === 'parquet') return forecastParquet(table, path, options);
  const text = { csv: forecastCsv, json: forecastJson, ndjson: forecastNdjson }[format](table, options);
  await publishFile(path, async (temporary) => {
    const file = await open(temporary, 'w');
    try {
      for (const piece of text) await file.write(piece);
    } finally {
      await file.close();
    }
  });
}
