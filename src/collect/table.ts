// A table in memory: the few columns that are needed, each as one typed array.

/** The code of an empty cell in a text column. */
export const EMPTY = 0xffffffff;

/** Text as codes into its distinct values. */
export interface TextColumn {
  readonly kind: 'text';
  /** One a row; EMPTY where the cell is empty. */
  readonly codes: Uint32Array;
  readonly levels: readonly string[];
}

/** Numbers; NaN where the cell is empty. */
export interface NumberColumn {
  readonly kind: 'number';
  readonly values: Float64Array;
}

export interface Table {
  /** What messages call it: the file's name. */
  readonly label: string;
  readonly rows: number;
  readonly columns: ReadonlyMap<string, TextColumn | NumberColumn>;
  /** Where a row came from: `sales.csv, row 17`. */
  readonly where: (row: number) => string;
}

/** A look at some rows of a table, from which columns are judged before any is read in full. */
export interface Sample {
  readonly label: string;
  readonly names: readonly string[];
  /** Rows of the whole table. */
  readonly rows: number;
  /** One array a column, each as long as the sample; null is an empty cell. */
  readonly cells: readonly (readonly (string | null)[])[];
}

/** Sampled rows at most; tables with very many columns are sampled more thinly. */
export function sampleSize(columns: number): number {
  return Math.max(200, Math.min(4000, Math.floor(600_000 / Math.max(columns, 1))));
}

export function textColumn(table: Table, name: string): TextColumn {
  const column = table.columns.get(name);
  if (column?.kind !== 'text') throw new Error(`column "${name}" was not read as text`);
  return column;
}

export function numberColumn(table: Table, name: string): NumberColumn {
  const column = table.columns.get(name);
  if (column?.kind !== 'number') throw new Error(`column "${name}" was not read as numbers`);
  return column;
}

/** Collects text cells into codes and distinct values. */
export function encodeText(rows: number, cell: (row: number) => string | null): TextColumn {
  const codes = new Uint32Array(rows);
  const index = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const value = cell(row);
    if (value === null) {
      codes[row] = EMPTY;
      continue;
    }
    let code = index.get(value);
    if (code === undefined) {
      code = index.size;
      index.set(value, code);
    }
    codes[row] = code;
  }
  return { kind: 'text', codes, levels: [...index.keys()] };
}

/** A value as messages quote it: in quotes, and cut where it is long. */
export function quoted(value: string): string {
  return `"${value.length > 40 ? `${value.slice(0, 37)}…` : value}"`;
}

/** Names as a sentence lists them: `"a"`, `"a" and "b"`, `"a", "b" and "c"`. */
export function listed(names: readonly string[], join = 'and'): string {
  const shown = names.length > 8 ? names.slice(0, 7) : names;
  const texts = shown.map((name) => `"${name}"`);
  if (shown.length < names.length) texts.push(`${names.length - shown.length} others`);
  if (texts.length < 2) return texts[0] ?? '';
  return `${texts.slice(0, -1).join(', ')} ${join} ${texts.at(-1)}`;
}

/** A count as sentences write it: `1,204 rows`, `1 row`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : plural}`;
}
