// What every file format gives: a raw table in the database, its column names, and where its rows stand.
import type { Database } from './database.ts';
import type { Sniffed } from './sniff.ts';

/** A file on its way into the database. */
export interface SourceFile {
  /** What messages call it. */
  readonly label: string;
  readonly path: string;
  readonly gzip: boolean;
  readonly sniffed: Sniffed;
  /** A path in a folder of our own, for a copy in another encoding. */
  readonly spare: string;
  /** Whether the file goes when reading ends, so that lines cannot be looked up later. */
  readonly fleeting: boolean;
}

/** A file in the database: a table with columns c0, c1, … in the order of `names`. */
export interface RawTable {
  readonly label: string;
  readonly table: string;
  readonly names: readonly string[];
  /** The SQL type of each column. */
  readonly types: readonly string[];
  readonly rows: number;
  /** `sales.csv, row 17` of a row, 0 the first. */
  readonly where: (row: number) => string;
  readonly notes: readonly string[];
}

/** Creates `table` from a file. */
export type ReadSource = (
  db: Database,
  file: SourceFile,
  table: string,
  options: { readonly delimiter?: string | undefined },
) => Promise<RawTable>;

export async function countRows(db: Database, table: string): Promise<number> {
  return Number((await db.rows(`SELECT count(*) FROM ${table}`))[0]![0]);
}
