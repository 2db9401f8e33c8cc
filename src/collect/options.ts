// What a caller may say about a sales table; whatever is left unsaid is guessed and told in the notes.
import { refuseUnknownOptions, UsageError } from '../core/errors.ts';

/** Options that any table takes, whether it comes from a file or from an array of objects. */
export interface RowOptions {
  /** The column (or columns, joined as `store/item`) that names the series. */
  readonly id?: string | readonly string[] | undefined;
  /** The column that holds the date or the step number. */
  readonly time?: string | undefined;
  /** The column to forecast; in a table with one column a series, the common start of their names. */
  readonly target?: string | undefined;
  /** Columns whose future is known: prices, promotions, holidays. */
  readonly knownFuture?: readonly string[] | undefined;
  /** Columns known only afterwards: visitors, stock. */
  readonly pastOnly?: readonly string[] | undefined;
  /** Columns with one value a series: brand, category. */
  readonly statics?: readonly string[] | undefined;
  /** How dates are written: `DD.MM.YYYY`, `%d.%m.%Y`, `epoch`, `epoch-ms`, `excel`, `year`, `step`. */
  readonly timeFormat?: string | undefined;
  /** An IANA zone (`Europe/Berlin`): instants are moved to its wall clock before they become dates. */
  readonly timeZone?: string | undefined;
  /** The decimal sign of numbers written as text; guessed from the file when absent. */
  readonly decimal?: '.' | ',' | undefined;
  /** True where the table has one column a period or one column a series; detected when absent. */
  readonly wide?: boolean | undefined;
  /** True where a row is one order line rather than one period; detected when absent. */
  readonly transactions?: boolean | undefined;
  /** What happens to returns and cancellations in a transaction log; defaults to `net`. */
  readonly returns?: ReturnsRule | undefined;
}

/**
 * `net` takes a returned quantity off the sale it belongs to, and drops a return without one;
 * `keep` leaves negative quantities on the day of the return; `drop` leaves them out and keeps the sale.
 */
export type ReturnsRule = 'net' | 'keep' | 'drop';

export type Format = 'csv' | 'tsv' | 'json' | 'ndjson' | 'parquet';

/** Options of {@link readFiles}: those of a table, and how its files are written. */
export interface ReadOptions extends RowOptions {
  /** Defaults to what the name's ending says, then to what the first bytes show. */
  readonly format?: Format | undefined;
  /** The sign between fields of a CSV file; sniffed among `,` `;` tab and `|` when absent. */
  readonly delimiter?: string | undefined;
  /** A second file with future values of the known-future columns. */
  readonly future?: string | undefined;
  /** Files that bring further columns, matched on the id and time columns they share with the sales. */
  readonly join?: string | readonly string[] | undefined;
}

const ROW_OPTIONS = [
  'id',
  'time',
  'target',
  'knownFuture',
  'pastOnly',
  'statics',
  'timeFormat',
  'timeZone',
  'decimal',
  'wide',
  'transactions',
  'returns',
] as const satisfies readonly (keyof RowOptions)[];
const FILE_OPTIONS = [
  'format',
  'delimiter',
  'future',
  'join',
] as const satisfies readonly (keyof ReadOptions)[];

const FORMATS: readonly string[] = ['csv', 'tsv', 'json', 'ndjson', 'parquet'] satisfies Format[];
const RETURNS: readonly string[] = ['net', 'keep', 'drop'] satisfies ReturnsRule[];

function refuseOther(name: string, value: string | undefined, choices: readonly string[]): void {
  if (value !== undefined && !choices.includes(value)) {
    throw new UsageError(`${name} "${value}" is not known; choose from: ${choices.join(', ')}.`);
  }
}

/** Throws a UsageError where an option is unknown or contradicts another. */
export function checkOptions(what: string, options: ReadOptions, files: boolean): void {
  refuseUnknownOptions(what, options, files ? [...ROW_OPTIONS, ...FILE_OPTIONS] : ROW_OPTIONS);
  refuseOther('format', options.format, FORMATS);
  refuseOther('returns', options.returns, RETURNS);
  refuseOther('decimal', options.decimal, ['.', ',']);
  const { delimiter, timeZone } = options;
  if (delimiter !== undefined && (delimiter.length !== 1 || delimiter === '"')) {
    throw new UsageError(`delimiter "${delimiter}" is not one character; give , or ; or | or a tab.`);
  }
  if (timeZone !== undefined) {
    try {
      new Intl.DateTimeFormat('en', { timeZone });
    } catch {
      throw new UsageError(`timeZone "${timeZone}" is not known; use an IANA name such as "Europe/Berlin".`);
    }
  }
  const seen = new Map<string, string>();
  for (const [role, columns] of declaredRoles(options)) {
    for (const column of columns) {
      const before = seen.get(column);
      if (before !== undefined) {
        throw new UsageError(`column "${column}" is declared as ${before} and as ${role}; keep one.`);
      }
      seen.set(column, role);
    }
  }
}

/** The roles a caller declared, with their columns. */
export function declaredRoles(options: RowOptions): [role: string, columns: readonly string[]][] {
  const one = (column: string | undefined): string[] => (column === undefined ? [] : [column]);
  return [
    ['id', idColumns(options) ?? []],
    ['time', one(options.time)],
    ['target', one(options.target)],
    ['known-future', options.knownFuture ?? []],
    ['past-only', options.pastOnly ?? []],
    ['static', options.statics ?? []],
  ];
}

/** The id columns as a list; undefined where none was given. */
export function idColumns(options: RowOptions): readonly string[] | undefined {
  const { id } = options;
  if (id === undefined) return undefined;
  return typeof id === 'string' ? [id] : id;
}
