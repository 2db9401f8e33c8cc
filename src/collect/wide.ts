// Wide tables: one column a period (as the M competitions ship), or one column a series (time runs down).
import { DataError, UsageError } from '../core/errors.ts';
import { guessFormat, readTimes, type TimeOptions } from './dates.ts';
import { type Facts, isNumber, type TableFacts } from './facts.ts';
import type { RowOptions } from './options.ts';
import { guessTime, namedTargets } from './roles.ts';
import { counted, listed, numberColumn, type Table } from './table.ts';
import { LIKELY_KNOWN, plainName, rankOf } from './vocabulary.ts';

/** One column a period: rows are series. */
interface PeriodsLayout {
  readonly kind: 'periods';
  /** The period columns in the order of the file, with their times. */
  readonly columns: readonly string[];
  readonly times: Float64Array;
  readonly stepped: boolean;
  readonly format: string;
  readonly notes: readonly string[];
}

/** One column a series: rows are periods. */
interface SeriesLayout {
  readonly kind: 'series';
  readonly time: string;
  readonly columns: readonly string[];
  /** Other numeric columns that are left out. */
  readonly others: readonly string[];
}

export type WideLayout = PeriodsLayout | SeriesLayout;

/** Fewer period columns than this are taken for covariates. */
const FEWEST = 4;

/** A name's common start and the number it ends with: `d_17` is `d_` and 17, `MOVE3` is `MOVE` and 3. */
function numbered(name: string): { stem: string; number: number } | undefined {
  const match = /^(.*?)(\d+)$/.exec(name.trim());
  return match === null ? undefined : { stem: match[1]!, number: Number(match[2]) };
}

/** Finds a wide layout, or undefined for a long table. */
export function findWide(table: TableFacts, options: RowOptions): WideLayout | undefined {
  const { wide } = options;
  if (wide === false) return undefined;
  const time = options.time ?? guessTime(table, new Set());
  const dated = time !== undefined && (options.time !== undefined || table.byName.get(time)!.numbers < 0.5);
  const { exact, held } = namedTargets(table, new Set(time === undefined ? [] : [time]));
  if (wide === undefined) {
    if (options.time !== undefined && options.target !== undefined) {
      return table.byName.has(options.target) ? undefined : findSeries(table, options, options.time);
    }
    // A column called "sales" beside a date is a long table, however many numbers stand beside it.
    if (time !== undefined && (exact.length > 0 || held.length === 1)) return undefined;
  }
  // Rows that each have their own time are periods, so the columns are series.
  const series = time === undefined ? undefined : findSeries(table, options, time);
  if (series !== undefined) return series;
  const periods = dated && wide !== true ? undefined : findPeriods(table, options);
  if (periods !== undefined) return periods;
  if (wide === true) {
    throw new UsageError(
      `${table.label} does not look wide: it has neither one column a period nor a time column with one column a series; leave wide out.`,
    );
  }
  return undefined;
}

/** The largest set of number columns whose names count on (V2, V3, …) or are dates. */
function findPeriods(table: TableFacts, options: TimeOptions): PeriodsLayout | undefined {
  // A column that is empty in the sample may be the last periods of series that have ended.
  const numeric = table.columns.filter((facts) => facts.filled === 0 || facts.numbers >= 0.95);
  const dates = numeric.filter(
    (facts) => !numbered(facts.name) || /[-/. ]/.test(facts.name) || /^\d{4,8}$/.test(facts.name),
  );
  const named = datedPeriods(dates, options);
  if (named !== undefined && named.columns.length >= FEWEST) return named;
  const families = new Map<string, Facts[]>();
  for (const facts of numeric) {
    const stem = numbered(facts.name)?.stem;
    if (stem !== undefined) families.set(stem, [...(families.get(stem) ?? []), facts]);
  }
  const largest = [...families.entries()].sort((a, b) => b[1].length - a[1].length)[0];
  if (largest === undefined || largest[1].length < FEWEST || LIKELY_KNOWN.test(plainName(largest[0])))
    return undefined;
  const numbers = largest[1].map((facts) => numbered(facts.name)!.number);
  if (numbers.some((number, i) => i > 0 && number <= numbers[i - 1]!)) return undefined;
  return {
    kind: 'periods',
    columns: largest[1].map((facts) => facts.name),
    times: Float64Array.from(numbers),
    stepped: true,
    format: 'step',
    notes: [],
  };
}

function datedPeriods(columns: readonly Facts[], options: TimeOptions): PeriodsLayout | undefined {
  const names = columns.map((facts) => facts.name);
  if (names.length < FEWEST) return undefined;
  const choice = options.timeFormat === undefined ? guessFormat(names, 'date')?.format : undefined;
  if (options.timeFormat === undefined && (choice === undefined || choice.stepped === true)) return undefined;
  const zone = { minutes: Number.NaN };
  const fitting =
    choice === undefined ? names : names.filter((name) => choice.parse(name.trim(), zone) !== undefined);
  if (fitting.length < FEWEST) return undefined;
  const times = readTimes(fitting, 'header', options);
  if (times.fault !== undefined) return undefined;
  const { values, stepped, format, notes } = times;
  return { kind: 'periods', columns: fitting, times: values, stepped, format, notes };
}

function findSeries(table: TableFacts, options: RowOptions, time: string): SeriesLayout | undefined {
  const rest = table.columns.filter((facts) => facts.name !== time);
  const numeric = rest.filter((facts) => facts.filled === 0 || isNumber(facts));
  if (numeric.length < 2 || numeric.length < rest.length) return undefined;
  if (table.byName.get(time)!.distinct < table.looked) return undefined;
  const families = new Map<string, string[]>();
  for (const facts of numeric) {
    const stem = (numbered(facts.name)?.stem ?? facts.name).replace(/[\s_.-]+$/, '');
    families.set(stem, [...(families.get(stem) ?? []), facts.name]);
  }
  const { target } = options;
  const stems = [...families.keys()];
  const isTarget = (stem: string): boolean => rankOf(plainName(stem), 'target') !== undefined;
  const chosen = target ?? stems.find((stem) => families.get(stem)!.length > 1 && isTarget(stem));
  if (target !== undefined && !families.has(target)) {
    throw new UsageError(
      `${table.label} has no columns that start with "${target}"; choose from: ${listed(stems, 'or')}.`,
    );
  }
  const columns = chosen === undefined ? numeric.map((facts) => facts.name) : families.get(chosen)!;
  const others = rest.map((facts) => facts.name).filter((name) => !columns.includes(name));
  return { kind: 'series', time, columns, others };
}

/** Cells of a wide table in long form, before they are sorted. */
export interface Melted {
  /** Index into the names, one a cell. */
  readonly series: Uint32Array;
  readonly time: Float64Array;
  readonly y: Float64Array;
  /** The row of the table that each cell stands in. */
  readonly row: Uint32Array;
}

/**
 * Turns columns into rows. Cells before a series' first value and after its last are left out: they are not
 * missing, the series was not there yet or is told no further. `series` and `time` say what a cell belongs to.
 */
export function melt(table: Table, layout: WideLayout, rowTimes: Float64Array | undefined): Melted {
  const { columns } = layout;
  const values = columns.map((name) => numberColumn(table, name).values);
  const byRow = layout.kind === 'periods';
  const count = byRow ? table.rows : columns.length;
  const length = byRow ? columns.length : table.rows;
  const cell = (i: number, j: number): number => (byRow ? values[j]![i]! : values[i]![j]!);
  const first = new Uint32Array(count);
  const end = new Uint32Array(count);
  let total = 0;
  for (let i = 0; i < count; i++) {
    let from = 0;
    while (from < length && Number.isNaN(cell(i, from))) from++;
    let to = length;
    while (to > from && Number.isNaN(cell(i, to - 1))) to--;
    first[i] = from;
    end[i] = to;
    total += to - from;
  }
  if (total === 0)
    throw new DataError(`${table.label} has no number in any of its ${counted(columns.length, 'column')}.`);
  const melted = {
    series: new Uint32Array(total),
    time: new Float64Array(total),
    y: new Float64Array(total),
    row: new Uint32Array(total),
  };
  const times = byRow ? layout.times : rowTimes!;
  let k = 0;
  for (let i = 0; i < count; i++) {
    for (let j = first[i]!; j < end[i]!; j++, k++) {
      melted.series[k] = i;
      melted.time[k] = times[j]!;
      melted.y[k] = cell(i, j);
      melted.row[k] = byRow ? i : j;
    }
  }
  return melted;
}
