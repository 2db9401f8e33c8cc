// Parquet: columns with types of their own.
import { DataError } from '../core/errors.ts';
import { literal } from './database.ts';
import { refuseRepeatedNames } from './sniff.ts';
import { countRows, type ReadSource } from './source.ts';

export const readParquet: ReadSource = async (db, { label, path, gzip }, table) => {
  if (gzip)
    throw new DataError(`${label} is a gzipped Parquet file; unpack it (Parquet packs its columns itself).`);
  let described: unknown[][];
  try {
    described = await db.rows(`DESCRIBE SELECT * FROM read_parquet(${literal(path)})`);
    const columns = described.map((row) => ({ name: String(row[0]), type: String(row[1]) }));
    const flat = columns.filter(({ type }) => !/^(STRUCT|MAP|BLOB)|\[\d*\]$/.test(type));
    const names = flat.map(({ name }) => name);
    refuseRepeatedNames(names, label);
    const select = flat.map(({ name }, i) => `"${name.replaceAll('"', '""')}" AS c${i}`).join(', ');
    await db.run(`CREATE OR REPLACE TABLE ${table} AS SELECT ${select} FROM read_parquet(${literal(path)})`);
    const rows = await countRows(db, table);
    if (rows === 0) throw new DataError(`${label} has columns and no rows; write the sales into it.`);
    const left = columns.filter((column) => !flat.includes(column)).map(({ name }) => `"${name}"`);
    return {
      label,
      table,
      names,
      types: flat.map(({ type }) => type),
      rows,
      where: (row) => `${label}, record ${row + 1}`,
      notes: left.length === 0 ? [] : [`Nested columns of ${label} are not used: ${left.join(', ')}.`],
    };
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(
      `${label} is a damaged Parquet file (${(error as Error).message.split('\n')[0]!.replace(/^[\w ]*Error: | ?'[^']*'/g, '')}); copy or write it again.`,
    );
  }
};
