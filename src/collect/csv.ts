// CSV and its relatives: any delimiter, any encoding Excel saves in, and errors that name the line.
import { DataError } from '../core/errors.ts';
import { type Database, literal } from './database.ts';
import { lineFinder } from './lines.ts';
import { type Dialect, type Encoding, sniffDialect } from './sniff.ts';
import { countRows, type RawTable, type ReadSource, type SourceFile } from './source.ts';
import { transcode } from './spool.ts';

/** Rows shorter than the header are filled up only in tables as wide as this: one column a period, ragged. */
const RAGGED_WIDTH = 30;

export const readCsv: ReadSource = async (db, file, table, { delimiter }) => {
  const { sniffed, label } = file;
  const dialect = sniffDialect(
    sniffed.text,
    label,
    delimiter ?? (sniffed.format === 'tsv' ? '\t' : undefined),
  );
  const notes: string[] = [];
  let { path, gzip } = file;
  let encoding: Encoding = sniffed.encoding;
  let copied = false;
  let padded = false;
  const recode = async (): Promise<void> => {
    await transcode(file.path, file.gzip, encoding, file.spare);
    path = file.spare;
    gzip = false;
    copied = true;
  };
  if (encoding !== 'utf-8') await recode();
  for (;;) {
    try {
      await create(db, table, path, gzip, dialect, padded);
      break;
    } catch (error) {
      const message = (error as Error).message;
      const foreign = /Invalid unicode/.test(message);
      if (!copied && (foreign || /invalid state/.test(message))) {
        // Bytes that are no UTF-8 are Windows-1252 in practice; mixed line ends need the copy alone.
        if (foreign) encoding = 'windows-1252';
        await recode();
      } else if (!padded && isShortRow(message) && dialect.names.length > RAGGED_WIDTH) {
        padded = true;
      } else throw csvError(message, file, dialect);
    }
  }
  if (encoding !== 'utf-8') notes.push(`${label} was read as ${encoding.toUpperCase()} text.`);
  if (padded) notes.push(`Rows of ${label} that are shorter than its header were filled with empty cells.`);
  const lineOf = lineFinder({
    path: file.path,
    gzip: file.gzip,
    lead: dialect.skip + 1,
    delimiter: dialect.delimiter,
  });
  const rows = await countRows(db, table);
  if (rows === 0) throw new DataError(`${label} has a header and no rows; add the sales below it.`);
  if (file.fleeting) lineOf(0);
  const raw: RawTable = {
    label,
    table,
    names: dialect.names,
    types: dialect.names.map(() => 'VARCHAR'),
    rows,
    where: (row) => `${label}, row ${lineOf(row)}`,
    notes,
  };
  return raw;
};

async function create(
  db: Database,
  table: string,
  path: string,
  gzip: boolean,
  { delimiter, skip, names }: Dialect,
  padded: boolean,
): Promise<void> {
  // Columns are numbered, as names may differ in nothing but case, which SQL takes for the same.
  const columns = names.map((_, i) => `c${i}: 'VARCHAR'`).join(', ');
  await db.run(`CREATE OR REPLACE TABLE ${table} AS SELECT * FROM read_csv(${literal(path)}, auto_detect = false,
    header = true, skip = ${skip}, delim = ${literal(delimiter)}, quote = '"', escape = '"',
    compression = '${gzip ? 'gzip' : 'none'}', null_padding = ${padded}, parallel = ${!padded},
    columns = {${columns}})`);
}

const isShortRow = (message: string): boolean => {
  const found = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
  return found !== null && Number(found[2]) < Number(found[1]);
};

/** DuckDB's complaint in one sentence with the cure. */
function csvError(message: string, { label }: SourceFile, { delimiter }: Dialect): DataError {
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
  const place = line === undefined ? label : `${label}, row ${line}`;
  const counts = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
  if (counts !== null) {
    const [, wanted, found] = counts;
    const many = Number(found) > Number(wanted);
    const sign = delimiter === '\t' ? 'tab' : `"${delimiter}"`;
    return new DataError(
      `${place} has ${found} fields and the header ${wanted}; ${many ? `put a field that holds a ${sign} in quotes, or take the extra ones out` : 'add the missing ones (they may be empty)'}.`,
    );
  }
  if (/unterminated quote/i.test(message)) {
    return new DataError(
      `${place} opens a quote (") that is not closed properly; close it, and double a quote inside a field ("").`,
    );
  }
  if (/Maximum line size/i.test(message)) {
    return new DataError(`${place} is longer than 2 MB; look for a quote (") that is not closed.`);
  }
  if (/gzip|GZIP|zlib|inflate|decompress/i.test(message)) {
    return new DataError(`${label} is a damaged gzip file; copy or pack it again.`);
  }
  return new DataError(
    `${place} cannot be read as CSV: ${message.split('\n')[0]!.replace(/^[\w ]*Error: /, '')}`,
  );
}
