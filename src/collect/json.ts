// JSON: an array of objects, or one object a line (NDJSON).
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { DataError } from '../core/errors.ts';
import { literal } from './database.ts';
import { lineFinder } from './lines.ts';
import { countRows, type ReadSource, type SourceFile } from './source.ts';
import { transcode } from './spool.ts';

export const readJson: ReadSource = async (db, file, table) => {
  const { label, sniffed } = file;
  const first = sniffed.text.trimStart()[0];
  if (first !== '[' && first !== '{') {
    throw new DataError(`${label} is not JSON; it should start with [ or {, so check its format.`);
  }
  let { path, gzip } = file;
  // DuckDB refuses a byte-order mark before JSON.
  if (sniffed.encoding !== 'utf-8' || sniffed.mark) {
    await transcode(path, gzip, sniffed.encoding, file.spare);
    path = file.spare;
    gzip = false;
  }
  const array = first === '[';
  const source = `${literal(path)}, format = '${array ? 'array' : 'auto'}', compression = '${gzip ? 'gzip' : 'uncompressed'}'`;
  const described = await attempt(file, () =>
    db.rows(`DESCRIBE SELECT * FROM read_json(${source}, sample_size = -1)`),
  );
  const found = described.map((row) => ({ name: String(row[0]), type: String(row[1]) }));
  const nested = found.filter(({ type }) => /^(STRUCT|MAP)|\[\]$/.test(type));
  const flat = found.filter((column) => !nested.includes(column));
  if (flat.length === 0 || (flat.length === 1 && flat[0]!.name === 'json')) {
    const list = nested.find(({ type }) => /\)\[\]$/.test(type));
    throw new DataError(
      `${label} is not a list of objects${list === undefined ? '' : ` (its rows are inside "${list.name}")`}; write [{"date": …, "sales": …}, …] or one object a line.`,
    );
  }
  const columns = flat.map(({ name }) => `${literal(name)}: 'VARCHAR'`).join(', ');
  const select = flat.map(({ name }, i) => `"${name.replaceAll('"', '""')}" AS c${i}`).join(', ');
  await attempt(file, () =>
    db.run(
      `CREATE OR REPLACE TABLE ${table} AS SELECT ${select} FROM read_json(${source}, columns = {${columns}})`,
    ),
  );
  const rows = await countRows(db, table);
  if (rows === 0) throw new DataError(`${label} is an empty list; add one object a row.`);
  const lineOf = lineFinder({ path: file.path, gzip: file.gzip, lead: 0, delimiter: undefined });
  const byLine = !array && sniffed.format === 'ndjson';
  if (file.fleeting) lineOf(0);
  const notes =
    nested.length === 0
      ? []
      : [`Nested columns of ${label} are not used: ${nested.map(({ name }) => `"${name}"`).join(', ')}.`];
  return {
    label,
    table,
    names: flat.map(({ name }) => name),
    types: flat.map(() => 'VARCHAR'),
    rows,
    where: (row) => (byLine ? `${label}, row ${lineOf(row)}` : `${label}, record ${row + 1}`),
    notes,
  };
};

async function attempt<T>(file: SourceFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw jsonError(file, (error as Error).message);
  }
}

/** Finds the line that is no JSON; DuckDB names the one after it. */
function jsonError({ path, gzip, label, sniffed }: SourceFile, message: string): DataError {
  let fault = `: ${message.split('\n')[0]!.replace(/^[\w ]*Error: /, '')}`;
  try {
    const bytes = readFileSync(path);
    const text = new TextDecoder(sniffed.encoding).decode(gzip ? gunzipSync(bytes) : bytes);
    if (text.trimStart().startsWith('{')) {
      const lines = text.split('\n');
      const bad = lines.findIndex((line) => line.trim() !== '' && !isJson(line));
      if (bad >= 0) {
        return new DataError(
          `${label}, row ${bad + 1} is not a JSON object; correct it, or take the line out.`,
        );
      }
    } else if (!isJson(text)) {
      fault = '; check that the list ends with ] and its objects are separated by commas';
    }
  } catch {
    // The file is gone or too long for one string: DuckDB's own words must do.
  }
  return new DataError(`${label} is not valid JSON${fault}.`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
