// DuckDB in memory, without extensions from the network: the reader of files and keeper of raw tables.
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

export interface Database {
  run(sql: string): Promise<void>;
  /** All rows of a small result. */
  rows(sql: string): Promise<unknown[][]>;
  /** All columns of a result, each as an array. */
  columns(sql: string): Promise<unknown[][]>;
  /**
   * Streams numeric columns in the order of the rows: `take` gets each chunk's typed arrays, which are only
   * good until it returns.
   */
  stream(sql: string, take: (columns: readonly ArrayLike<number>[], rows: number) => void): Promise<void>;
  close(): void;
}

/** Opens an empty database; `folder` is where it may put aside what memory does not hold. */
export async function openDatabase(folder: string): Promise<Database> {
  // Imported here, so that programs that read no files never load the 60 MB of DuckDB.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance: DuckDBInstance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: '1GB',
    temp_directory: folder,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection: DuckDBConnection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  return {
    async run(sql) {
      await connection.run(sql);
    },
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRowsJS() as unknown[][],
    columns: async (sql) => (await connection.runAndReadAll(sql)).getColumnsJS() as unknown[][],
    async stream(sql, take) {
      const result = await connection.stream(sql);
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk === undefined || chunk.rowCount === 0) return;
        const columns: ArrayLike<number>[] = [];
        for (let i = 0; i < chunk.columnCount; i++) {
          columns.push((chunk.getColumnVector(i) as unknown as { items: ArrayLike<number> }).items);
        }
        take(columns, chunk.rowCount);
      }
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Text as an SQL literal. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
