// Which line of a text file a record stands in, as an editor counts; worked out only when a message needs it.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 34;

export interface Records {
  readonly path: string;
  readonly gzip: boolean;
  /** Records before the first row: the header, and `sep=;` before it. */
  readonly lead: number;
  /** The delimiter after which a quote opens a field; none where quotes mean nothing (JSON lines). */
  readonly delimiter: string | undefined;
}

/**
 * A function from a row (0 for the first) to its line, counted from 1. Blank lines and line breaks inside
 * quotes are counted; where the file cannot be read any more, every row counts as one line.
 */
export function lineFinder(records: Records): (row: number) => number {
  let lines: Uint32Array | undefined;
  return (row) => {
    if (lines === undefined) {
      try {
        const bytes = readFileSync(records.path);
        lines = recordLines(records.gzip ? gunzipSync(bytes) : bytes, records.delimiter);
      } catch {
        lines = new Uint32Array(0);
      }
    }
    return lines[row + records.lead] ?? row + records.lead + 1;
  };
}

/** The line in which each record starts; blank lines are no records. */
export function recordLines(bytes: Uint8Array, delimiter: string | undefined): Uint32Array {
  const sign = delimiter?.charCodeAt(0) ?? -1;
  let lines = new Uint32Array(1024);
  let count = 0;
  let line = 1;
  let quoting = false;
  let started = false;
  let before = NEWLINE;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (!started && byte !== NEWLINE && byte !== RETURN) {
      started = true;
      if (count === lines.length) {
        const more = new Uint32Array(count * 2);
        more.set(lines);
        lines = more;
      }
      lines[count++] = line;
    }
    if (byte === QUOTE && sign >= 0) {
      if (quoting) quoting = false;
      // A doubled quote closes the field and opens it again at once.
      else if (before === sign || before === NEWLINE || before === RETURN || before === QUOTE) quoting = true;
    } else if (byte === NEWLINE) {
      line++;
      if (!quoting) started = false;
    }
    before = byte;
  }
  return lines.subarray(0, count);
}
