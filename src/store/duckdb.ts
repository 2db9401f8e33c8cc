// The one in-memory DuckDB of this process, and a table function through which it reads our columns.
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** Rows that DuckDB reads from JavaScript, at most 2,048 at a time. */
export interface RowSource {
  readonly rows: number;
  readonly columns: readonly SourceColumn[];
}

/** Numbers are written into `out` for rows from, from + 1, …; texts are asked for one by one. */
export type SourceColumn =
  | { readonly fill: (out: Float64Array, from: number) => void }
  | { readonly text: (row: number) => string | undefined };

const CHUNK = 2048;
const SOURCES = new Map<number, RowSource & { failure?: unknown }>();
let sourceCount = 0;
let database: Promise<DuckDBInstance> | undefined;

async function open(): Promise<DuckDBInstance> {
  const { DuckDBInstance, DuckDBTableFunction, DOUBLE, INTEGER, VARCHAR } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // Nothing may appear in the user's folder.
    temp_directory: '',
  });
  const connection = await instance.connect();
  connection.registerTableFunction(
    DuckDBTableFunction.create({
      name: 'bellwether_rows',
      parameterTypes: [INTEGER],
      bindFunction: (info) => {
        const id = Number(info.getParameter(0));
        const columns = SOURCES.get(id)?.columns ?? [];
        for (const [k, column] of columns.entries()) {
          info.addResultColumn(`c${k}`, 'fill' in column ? DOUBLE : VARCHAR);
        }
        info.setBindData({ id });
      },
      initFunction: (info) => {
        // One reader, so that rows keep their order.
        info.setMaxThreads(1);
        info.setInitData({ from: 0 });
      },
      mainFunction: (info, output) => {
        const source = SOURCES.get((info.bindData as { id: number }).id)!;
        const scan = info.initData as { from: number };
        const { from } = scan;
        const count = Math.min(CHUNK, source.rows - from);
        scan.from += count;
        output.rowCount = count;
        if (count === 0) return;
        try {
          for (const [k, column] of source.columns.entries()) {
            const vector = output.getColumnVector(k);
            if ('fill' in column) column.fill((vector as unknown as { items: Float64Array }).items, from);
            else for (let r = 0; r < count; r++) vector.setItem(r, column.text(from + r) ?? null);
            (vector as unknown as { flush(): void }).flush();
          }
        } catch (error) {
          // DuckDB would keep only the message.
          source.failure = error;
          throw error;
        }
      },
    }),
  );
  connection.closeSync();
  return instance;
}

/** Runs work on a connection of its own. DuckDB is loaded at the first call, which takes about 50 ms. */
export async function withDuckDB<Result>(
  work: (connection: DuckDBConnection) => Promise<Result>,
): Promise<Result> {
  database ??= open();
  const connection = await (await database).connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
  }
}

/** Runs work while DuckDB can read the sources as `bellwether_rows(id)` with columns c0, c1, … */
export async function withSources<Result>(
  sources: readonly RowSource[],
  work: (connection: DuckDBConnection, ids: readonly number[]) => Promise<Result>,
): Promise<Result> {
  const ids = sources.map((source) => {
    SOURCES.set(++sourceCount, { ...source });
    return sourceCount;
  });
  try {
    return await withDuckDB((connection) => work(connection, ids));
  } catch (error) {
    throw ids.map((id) => SOURCES.get(id)?.failure).find((failure) => failure !== undefined) ?? error;
  } finally {
    for (const id of ids) SOURCES.delete(id);
  }
}
