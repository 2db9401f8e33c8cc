// The options that say what a file means and how it is prepared, shared by all commands that read one.
import type { Command } from 'commander';
import type { ReadOptions } from '../collect/options.ts';
import { UsageError } from '../core/errors.ts';
import type { PrepareOptions } from '../prepare/prepare.ts';

export interface DataFlags {
  id?: string;
  time?: string;
  target?: string;
  freq?: string;
  known?: string;
  past?: string;
  static?: string;
  future?: string;
  join?: string[];
  inputFormat?: string;
  delimiter?: string;
  decimal?: string;
  timeFormat?: string;
  timeZone?: string;
  wide?: boolean;
  transactions?: boolean;
  returns?: string;
  duplicates?: string;
  gaps?: string;
  outliers?: string;
  closed?: string;
  stock?: string;
  leadingZeros?: string;
  ends?: string;
  partial?: string;
  minimum?: number;
}

const gather = (value: string, previous: string[] = []): string[] => [...previous, value];

export function addDataOptions(command: Command): Command {
  return command
    .optionsGroup('What the file means (guessed and said aloud where absent):')
    .option('--id <columns>', 'columns that name a series, separated by commas')
    .option('--time <column>', 'column with the date')
    .option('--target <column>', 'column to forecast')
    .option('--freq <alias>', 'h, D, B, W, W-FRI, MS, QS, YS, 15min, 1 (plain steps)')
    .option('--known <columns>', 'columns known for the future: price, promotion, holiday')
    .option('--past <columns>', 'columns known only afterwards: visitors')
    .option('--static <columns>', 'columns fixed for a series: brand, category')
    .option('--future <file>', 'file with future values of the known columns')
    .option('--join <file>', 'file with further columns, matched on shared ones; repeatable', gather)
    .option('--input-format <name>', 'csv, tsv, json, ndjson, parquet')
    .option('--delimiter <sign>', 'sign between the fields of a CSV file')
    .option('--decimal <sign>', 'decimal sign of numbers: . or ,')
    .option('--time-format <format>', 'how dates are written: DD.MM.YYYY')
    .option('--time-zone <zone>', 'zone whose days count, for times with an offset: Europe/Berlin')
    .option('--wide', 'one column a period, or one column a series')
    .option('--transactions', 'one row is one order line, not one period')
    .option('--returns <rule>', 'returns in an order log: net, keep, drop')
    .optionsGroup('How it is prepared:')
    .option('--duplicates <rule>', 'two rows for one period: refuse, sum, mean, first, last')
    .option('--gaps <policy>', 'zero, missing, mean, median, forward, linear, seasonal, model')
    .option('--outliers <rule>', 'none, clip, missing')
    .option('--closed <rule>', 'auto, none, or a column that says when the shop is open')
    .option('--stock <column>', 'stock on hand, or availability 0/1: without stock, sales are no demand')
    .option('--leading-zeros <rule>', 'zeros before the first sale: trim, keep')
    .option('--ends <rule>', "where series end: panel (all at the file's last period), own")
    .option('--partial <rule>', 'first and last period where only partly covered: drop, keep')
    .option('--minimum <count>', 'observed values a series needs to be kept', wholeNumber('--minimum'));
}

const list = (text: string | undefined): string[] | undefined =>
  text
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Leaves out what was not given, so that defaults and guesses apply. */
function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

export function readOptionsOf(flags: DataFlags): ReadOptions {
  // A closed or stock column is read as a past-only column, which prepare then turns into cell states.
  const states = [flags.stock, isRule(flags.closed) ? undefined : flags.closed];
  const past = [...(list(flags.past) ?? []), ...states.filter((name) => name !== undefined)];
  return given({
    id: list(flags.id),
    time: flags.time,
    target: flags.target,
    knownFuture: list(flags.known),
    pastOnly: past.length > 0 ? [...new Set(past)] : undefined,
    statics: list(flags.static),
    future: flags.future,
    join: flags.join,
    format: flags.inputFormat as ReadOptions['format'],
    delimiter: flags.delimiter,
    decimal: flags.decimal as ReadOptions['decimal'],
    timeFormat: flags.timeFormat,
    timeZone: flags.timeZone,
    wide: flags.wide,
    transactions: flags.transactions,
    returns: flags.returns as ReadOptions['returns'],
  });
}

const isRule = (closed: string | undefined): boolean =>
  closed === undefined || closed === 'auto' || closed === 'none';

export function prepareOptionsOf(flags: DataFlags): PrepareOptions {
  return given({
    freq: flags.freq,
    duplicates: flags.duplicates,
    gaps: flags.gaps,
    outliers: flags.outliers,
    closed: flags.closed,
    stock: flags.stock,
    leadingZeros: flags.leadingZeros,
    ends: flags.ends,
    partial: flags.partial,
    minimum: flags.minimum,
  }) as PrepareOptions;
}

/** A whole number from a flag. */
export function wholeNumber(name: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 0)
      throw new UsageError(`${name} "${text}" is not a whole number.`);
    return value;
  };
}

/** A number from a flag. */
export function plainNumber(name: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value))
      throw new UsageError(`${name} "${text}" is not a number.`);
    return value;
  };
}
