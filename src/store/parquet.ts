// Columns to Parquet and back, in chunks of 2,048 rows, so that memory stays flat however long the file is.
import { resolve } from 'node:path';
import { DataError } from '../core/errors.ts';
import { type RowSource, withDuckDB, withSources } from './duckdb.ts';

/**
 * What a column holds in the file: `number` DOUBLE, `whole` BIGINT, `time` TIMESTAMP (epoch ms in memory),
 * `category` VARCHAR (codes into `levels` in memory). NaN is NULL in the file. −0 is stored as 0, because a
 * Parquet dictionary holds only one of the two.
 */
type Kind =
  | { readonly kind: 'number' | 'whole' | 'time' }
  | { readonly kind: 'category'; readonly levels: readonly string[] };

/** A column to write: `fill` sets out[0], out[1], … to the values of rows from, from + 1, … */
export type WriteColumn =
  | (Kind & { readonly name: string; readonly fill: (out: Float64Array, from: number) => void })
  | { readonly name: string; readonly kind: 'text'; readonly text: (row: number) => string | undefined };

/** A column to read: `take` is given the values of rows from, from + 1, …, and must not keep the array. */
export type ReadColumn =
  | (Kind & { readonly name: string; readonly take: (values: Float64Array, from: number) => void })
  | {
      readonly name: string;
      readonly kind: 'text';
      readonly take: (values: (string | undefined)[], from: number) => void;
    };

/** SQL text ends at a NUL; its picture ␀ stands for it. */
const printable = (text: string): string => text.replaceAll('\0', '\u2400');
const identifier = (name: string): string => `"${printable(name).replaceAll('"', '""')}"`;
const literal = (text: string): string => `'${printable(text).replaceAll("'", "''")}'`;
/** Absolute, because DuckDB has its own idea of `~`. */
const file = (path: string): string => literal(resolve(path));

/** A fill that hands out a typed array as it is. */
export const valuesOf =
  (values: Float64Array) =>
  (out: Float64Array, from: number): void =>
    out.set(values.subarray(from, from + out.length));

/** A fill for one small value a row. */
export const eachRow =
  (value: (row: number) => number) =>
  (out: Float64Array, from: number): void => {
    for (let r = 0; r < out.length; r++) out[r] = value(from + r);
  };

/** A take that puts numbers where they belong in an array of all rows. */
export const into =
  (target: Float64Array | Int32Array | Uint8Array) =>
  (values: Float64Array, from: number): void =>
    target.set(values, from);

/** A take that appends texts to a list; an empty cell becomes `absent`. */
export const onto =
  <Absent>(target: (string | Absent)[], absent: Absent) =>
  (texts: (string | undefined)[]): void => {
    for (const text of texts) target.push(text ?? absent);
  };

/** Writes a Parquet file with zstd compression. The path's folder must exist. */
export async function writeParquet(
  path: string,
  rows: number,
  columns: readonly WriteColumn[],
): Promise<void> {
  const sources: RowSource[] = [{ rows, columns }];
  const levelsAt = columns.map((column) => {
    if (column.kind !== 'category') return 0;
    sources.push({
      rows: column.levels.length,
      columns: [{ fill: eachRow((row) => row) }, { text: (row) => printable(column.levels[row]!) }],
    });
    return sources.length - 1;
  });
  await withSources(sources, async (connection, ids) => {
    const expressions = columns.map(({ name, kind }, k) => {
      const cell = `c${k}`;
      const sql = {
        text: cell,
        number: `CASE WHEN isnan(${cell}) THEN NULL WHEN ${cell} = 0 THEN 0::DOUBLE ELSE ${cell} END`,
        whole: `TRY_CAST(${cell} AS BIGINT)`,
        time: `make_timestamp_ms(TRY_CAST(${cell} AS BIGINT))`,
        category: `list_extract(
          (SELECT list(c1 ORDER BY c0) FROM bellwether_rows(${ids[levelsAt[k]!]})), TRY_CAST(${cell} AS INTEGER) + 1)`,
      }[kind];
      return `${sql} AS ${identifier(name)}`;
    });
    await connection.run(
      `COPY (SELECT ${expressions.join(', ')} FROM bellwether_rows(${ids[0]}))
       TO ${file(path)} (FORMAT parquet, COMPRESSION zstd)`,
    );
  });
}

const asDouble = (sql: string): string => `coalesce(CAST(${sql} AS DOUBLE), 'NaN'::DOUBLE)`;

function readExpression(column: ReadColumn): string {
  const cell = identifier(column.name);
  switch (column.kind) {
    case 'text':
      return `CAST(${cell} AS VARCHAR)`;
    case 'time':
      return asDouble(`epoch_ms(${cell})`);
    case 'category':
      if (column.levels.length === 0) return asDouble('NULL');
      return asDouble(`enum_code(CAST(${cell} AS ENUM(${column.levels.map(literal).join(', ')})))`);
    default:
      return asDouble(cell);
  }
}

/**
 * Reads columns of a Parquet file in the order of its rows and returns how many rows were read;
 * `every` = k reads only rows 0, k, 2k, … Throws a DataError that names the file where it is damaged.
 */
export async function readParquet(
  path: string,
  columns: readonly ReadColumn[],
  { every = 1 }: { every?: number } = {},
): Promise<number> {
  const source =
    every === 1
      ? `read_parquet(${file(path)})`
      : `read_parquet(${file(path)}, file_row_number = true) WHERE file_row_number % ${every} = 0`;
  try {
    return await withDuckDB(async (connection) => {
      const result = await connection.stream(
        `SELECT ${columns.map(readExpression).join(', ')} FROM ${source}`,
      );
      let from = 0;
      for (;;) {
        const chunk = await result.fetchChunk();
        if (!chunk || chunk.rowCount === 0) return from;
        for (const [k, column] of columns.entries()) {
          const vector = chunk.getColumnVector(k);
          if (column.kind === 'text') {
            const texts = Array.from(
              { length: chunk.rowCount },
              (_, r) => vector.getItem(r) as string | null,
            );
            column.take(
              texts.map((text) => text ?? undefined),
              from,
            );
          } else column.take((vector as unknown as { items: Float64Array }).items, from);
        }
        from += chunk.rowCount;
      }
    });
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0]!;
    throw new DataError(`${path} cannot be read (${reason}); restore it from a copy or remove its run.`, {
      cause: error,
    });
  }
}
