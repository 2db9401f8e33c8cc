// What a file is, from its first bytes: its format, packing, encoding and, for CSV, its delimiter and header.
import { DataError } from '../core/errors.ts';
import { guessFormat } from './dates.ts';
import type { Format } from './options.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export interface Sniffed {
  readonly format: Format;
  readonly encoding: Encoding;
  /** Whether a UTF-8 byte-order mark stands before the text. */
  readonly mark: boolean;
  /** The first part of the file as text; empty for Parquet. */
  readonly text: string;
}

const starts = (head: Uint8Array, ...bytes: number[]): boolean => bytes.every((byte, i) => head[i] === byte);
const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));

export const isGzip = (head: Uint8Array): boolean => starts(head, 0x1f, 0x8b);

/** Files that people take for tables, and what to do with each. */
const STRANGERS: readonly [magic: number[], what: string][] = [
  [
    [0xd0, 0xcf, 0x11, 0xe0],
    'is an Excel workbook (xls), not a text table; save the sheet as CSV UTF-8 and read that',
  ],
  [ascii('%PDF'), 'is a PDF, not a table; export the table as CSV'],
  [ascii('SQLite format 3'), 'is an SQLite database; export the table as CSV'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'is packed with zstd; unpack it, or pack it with gzip'],
  [ascii('BZh'), 'is packed with bzip2; unpack it, or pack it with gzip'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'is packed with xz; unpack it, or pack it with gzip'],
  [ascii('ARROW1'), 'is an Arrow file; save it as Parquet or CSV'],
];

/** Judges an unpacked beginning of a file; `path` gives the ending of its name. */
export function sniff(head: Uint8Array, label: string, path: string, wanted?: Format): Sniffed {
  if (head.length === 0) throw new DataError(`${label} is empty; a table needs a header line and rows.`);
  if (starts(head, ...ascii('PAR1'))) return { format: 'parquet', encoding: 'utf-8', mark: false, text: '' };
  if (starts(head, ...ascii('PK'), 3, 4)) {
    const excel = /\.(xlsx|xlsm|ods|numbers)$/i.test(path) || includes(head, '[Content_Types].xml');
    throw new DataError(
      `${label} is ${excel ? 'a spreadsheet workbook, not a text table; save the sheet as CSV UTF-8 and read that' : 'a zip archive; unpack it and read the files in it'}.`,
    );
  }
  const stranger = STRANGERS.find(([magic]) => starts(head, ...magic));
  if (stranger !== undefined) throw new DataError(`${label} ${stranger[1]}.`);
  const encoding = encodingOf(head);
  const text = new TextDecoder(encoding).decode(head);
  if (text.includes('\0'))
    throw new DataError(`${label} is binary data, not a table; save it as CSV, JSON or Parquet.`);
  if (/^\s*$/.test(text)) throw new DataError(`${label} is empty; a table needs a header line and rows.`);
  const ending = formatOfName(path);
  if (wanted === 'parquet' || (wanted === undefined && ending === 'parquet')) {
    throw new DataError(
      `${label} is not a Parquet file; check that it was copied whole, or name its format.`,
    );
  }
  if (/^\s*<(!doctype|html|\?xml)/i.test(text)) {
    throw new DataError(`${label} is a web page or XML, not a table; export the table as CSV.`);
  }
  return {
    format: wanted ?? ending ?? formatOfText(text),
    encoding,
    mark: starts(head, 0xef, 0xbb, 0xbf),
    text,
  };
}

function includes(head: Uint8Array, text: string): boolean {
  return new TextDecoder('windows-1252').decode(head.subarray(0, 4000)).includes(text);
}

function encodingOf(head: Uint8Array): Encoding {
  if (starts(head, 0xff, 0xfe)) return 'utf-16le';
  if (starts(head, 0xfe, 0xff)) return 'utf-16be';
  // Without a byte-order mark UTF-16 shows as a zero in every second byte of Latin text.
  const look = Math.min(head.length, 1000);
  let odd = 0;
  let even = 0;
  for (let i = 0; i < look; i++) if (head[i] === 0) i % 2 === 0 ? even++ : odd++;
  if (odd > look * 0.3 && even === 0) return 'utf-16le';
  if (even > look * 0.3 && odd === 0) return 'utf-16be';
  try {
    // A character may be cut at the end of the head; `stream` allows that.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

function formatOfName(path: string): Format | undefined {
  const ending = /\.([a-z]+)(?:\.gz|\.gzip)?$/i.exec(path)?.[1]?.toLowerCase();
  const formats: Record<string, Format> = {
    csv: 'csv',
    tsv: 'tsv',
    tab: 'tsv',
    json: 'json',
    ndjson: 'ndjson',
    jsonl: 'ndjson',
    parquet: 'parquet',
    pq: 'parquet',
  };
  return ending === undefined ? undefined : formats[ending];
}

function formatOfText(text: string): Format {
  const first = text.trimStart();
  if (first.startsWith('[')) return 'json';
  return first.startsWith('{') ? 'ndjson' : 'csv';
}

/** How a delimited file is written. */
export interface Dialect {
  readonly delimiter: string;
  /** Lines before the header: Excel's `sep=;`, or blank ones. */
  readonly skip: number;
  readonly names: readonly string[];
}

/** Splits the first records of a delimited text, minding quotes; the last one may be cut. */
export function splitRecords(text: string, delimiter: string, limit: number): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let quoting = false;
  for (let i = 0; i <= text.length && records.length < limit; i++) {
    const letter = text[i];
    if (quoting) {
      if (letter === undefined) quoting = false;
      else if (letter !== '"') field += letter;
      else if (text[i + 1] === '"') {
        field += '"';
        i++;
      } else quoting = false;
      continue;
    }
    if (letter === '"' && field === '') quoting = true;
    else if (letter === delimiter) {
      record.push(field);
      field = '';
    } else if (letter === '\n' || letter === '\r' || letter === undefined) {
      if (record.length > 0 || field !== '') records.push([...record, field]);
      record = [];
      field = '';
    } else field += letter;
  }
  return records;
}

/** Finds the delimiter and the header of a delimited text. */
export function sniffDialect(text: string, label: string, delimiter: string | undefined): Dialect {
  let skip = 0;
  let rest = text;
  let given = delimiter;
  for (;;) {
    const line = /^[^\n\r]*(\r\n|\n|\r)?/.exec(rest)![0];
    const separator = skip === 0 ? /^sep=(.)\s*$/i.exec(line)?.[1] : undefined;
    if (separator !== undefined) given ??= separator;
    else if (line.trim() !== '' || line === '') break;
    rest = rest.slice(line.length);
    skip++;
  }
  const sign = given ?? guessDelimiter(rest);
  const header = splitRecords(rest, sign, 1)[0] ?? [];
  if (header.length < 2) {
    throw new DataError(
      `${label} has one column, "${shorten(header[0] ?? '')}"${given === undefined ? '' : `, when split at "${sign}"`}; name the sign between its fields with delimiter.`,
    );
  }
  const names = header.map((name, i) => name.trim() || `column ${i + 1}`);
  refuseRepeatedNames(names, label);
  refuseMissingHeader(names, label);
  return { delimiter: sign, skip, names };
}

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 37)}…` : text);

/** The sign that splits most records into as many fields as the header has. */
function guessDelimiter(text: string): string {
  let best = ',';
  let bestScore = 0;
  for (const sign of [',', ';', '\t', '|']) {
    const records = splitRecords(text, sign, 60);
    const width = records[0]?.length ?? 0;
    if (width < 2) continue;
    // The last record may be cut off with the head of the file.
    const whole = records.length > 2 ? records.slice(0, -1) : records;
    const same = whole.filter((record) => record.length === width).length / whole.length;
    const score = same + Math.min(width, 100) / 1000;
    if (score > bestScore) {
      best = sign;
      bestScore = score;
    }
  }
  return best;
}

export function refuseRepeatedNames(names: readonly string[], label: string): void {
  const seen = new Map<string, number>();
  for (const [i, name] of names.entries()) {
    const before = seen.get(name);
    if (before !== undefined) {
      throw new DataError(
        `${label} has two columns called "${name}" (columns ${before + 1} and ${i + 1}); rename one of them.`,
      );
    }
    seen.set(name, i);
  }
}

/** A first line of data instead of names: every cell a number or a date, or a full date beside other cells. */
function refuseMissingHeader(names: readonly string[], label: string): void {
  const dates = names.filter((name) => /^\d{4}[-/.]\d{1,2}[-/.]\d|^\d{1,2}[-/.]\d{1,2}[-/.]\d{2}/.test(name));
  const isDate = (name: string): boolean => guessFormat([name], 'date') !== undefined;
  const allData = names.every((name) => /^[+-]?[\d.,]+$/.test(name) || isDate(name));
  if (allData || (dates.length > 0 && dates.length < 4)) {
    throw new DataError(
      `${label} starts with data ("${shorten(names.join(', '))}") instead of column names; add a first line with names such as date, sku, sales.`,
    );
  }
}
