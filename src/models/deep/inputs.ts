// What a network is told of each period and each series, as numbers of one size: calendar, columns, attributes.
import { civilFromDays, daysFromCivil, MS_PER_DAY, weekday } from '../../core/calendar.ts';
import { timestamp } from '../../core/frequency.ts';
import { endOf, type Panel } from '../../core/panel.ts';
import { kindOf } from '../../features/column-kind.ts';

/** One input: how a number is read for cell t of series i. */
type Reader = (i: number, t: number) => number;

/** How a column becomes numbers; plain data, so that a saved network reads new data as it did the old. */
export type Reading =
  | { readonly kind: 'number'; readonly name: string; readonly mean: number; readonly deviation: number }
  | { readonly kind: 'flag'; readonly name: string }
  /** Logarithms, in deviations. */
  | { readonly kind: 'price'; readonly name: string; readonly mean: number; readonly deviation: number }
  | { readonly kind: 'category'; readonly name: string; readonly levels: readonly string[] };

export interface Readings {
  /** Seasons that the calendar is told in; ascending. */
  readonly seasons: readonly number[];
  readonly known: readonly Reading[];
  readonly past: readonly Reading[];
  readonly statics: readonly Reading[];
}

/** Categories beyond so many are told together. */
const MOST_LEVELS = 30;
/** Waves a season. */
const WAVES = 3;
/** Seasons from here on are those of the year, and follow its days. */
const YEAR = 50;

function spread(values: Iterable<number>): { mean: number; deviation: number } {
  let [count, sum, squares] = [0, 0, 0];
  for (const v of values) {
    if (!Number.isFinite(v)) continue;
    count++;
    sum += v;
    squares += v * v;
  }
  const mean = count > 0 ? sum / count : 0;
  const variance = count > 0 ? Math.max(0, squares / count - mean * mean) : 0;
  return { mean, deviation: Math.sqrt(variance) || 1 };
}

function readingOf(column: Panel['knownFuture'][number]): Reading {
  const { name, levels, values } = column;
  const kind = kindOf(column);
  if (kind === 'category') return { kind, name, levels: levels!.slice(0, MOST_LEVELS) };
  if (kind === 'flag') return { kind, name };
  return { kind, name, ...spread(kind === 'price' ? values.map(Math.log) : values) };
}

/** How a panel is read. */
export const readingsOf = (panel: Panel, seasons: readonly number[]): Readings => ({
  seasons,
  known: panel.knownFuture.map(readingOf),
  past: panel.pastOnly.map(readingOf),
  statics: panel.statics.map((column) =>
    column.levels
      ? { kind: 'category', name: column.name, levels: column.levels }
      : { kind: 'number', name: column.name, ...spread(column.values) },
  ),
});

/** Readers of a column: what is unknown is 0, the mean, and said by a reader of its own. */
function readersOf(reading: Reading, at: Reader, levels: readonly string[] | undefined): Reader[] {
  const known: Reader = (i, t) => (Number.isNaN(at(i, t)) ? 0 : 1);
  const or0 = (value: number): number => (Number.isFinite(value) ? value : 0);
  switch (reading.kind) {
    case 'flag':
      return [(i, t) => or0(at(i, t))];
    case 'number':
      return [(i, t) => or0((at(i, t) - reading.mean) / reading.deviation), known];
    case 'price':
      return [(i, t) => or0((Math.log(at(i, t)) - reading.mean) / reading.deviation), known];
    case 'category':
      return reading.levels.map((level) => {
        const code = levels?.indexOf(level) ?? -1;
        return (i, t) => (code >= 0 && at(i, t) === code ? 1 : 0);
      });
  }
}

/** Waves in which a season is told. */
const wavesOf = (m: number): number => Math.min(WAVES, Math.floor(m / 2));

/** The waves of the seasons at a period: of the week by its days, of the year by its days, others by count. */
function calendarAt({ freq }: Panel, seasons: readonly number[], period: number): number[] {
  const dated = freq.unit !== 'step';
  const day = dated ? Math.floor(timestamp(freq, period) / MS_PER_DAY) : 0;
  const phaseOf = (m: number): number => {
    if (!dated) return period / m;
    if (m >= YEAR || freq.unit === 'month' || freq.unit === 'quarter') {
      const { year } = civilFromDays(day);
      const first = daysFromCivil(year, 1, 1);
      return (day - first) / (daysFromCivil(year + 1, 1, 1) - first);
    }
    return freq.unit === 'day' && m === 7 ? weekday(day) / 7 : period / m;
  };
  return seasons.flatMap((m) =>
    Array.from({ length: wavesOf(m) }, (_, k) => {
      const angle = 2 * Math.PI * (k + 1) * phaseOf(m);
      return [Math.sin(angle), Math.cos(angle)];
    }).flat(),
  );
}

/** How many numbers each variable of a kind consists of, in the order in which they are told. */
export interface Variables {
  /** The calendar of each season, and each known-future column. */
  readonly period: readonly number[];
  readonly known: readonly number[];
  readonly past: readonly number[];
  readonly statics: readonly number[];
}

export interface Inputs {
  readonly variables: Variables;
  /** Numbers that are told of a period, past or to come. */
  readonly periodWidth: number;
  /** Those of them that come from known-future columns. */
  readonly knownWidth: number;
  /** Further numbers that are told of past periods alone. */
  readonly pastWidth: number;
  readonly staticWidth: number;
  /** Values of each attribute that is a category, one more than there were for those that are new. */
  readonly categories: readonly number[];
  /** Writes what is told of cell t of series i at `at`. */
  period(i: number, t: number, out: Float32Array, at: number): void;
  /** Writes known-future columns alone; unknown ones where t is below 0. */
  known(i: number, t: number, out: Float32Array, at: number): void;
  past(i: number, t: number, out: Float32Array, at: number): void;
  statics(i: number, out: Float32Array, at: number): void;
  code(i: number, category: number): number;
}

/** Reads a panel as its readings say; columns that it lacks are unknown. */
export function inputsOf(panel: Panel, { seasons, known, past, statics }: Readings, h: number): Inputs {
  const { offsets, reach } = panel;
  const NOTHING: Reader = () => Number.NaN;
  const byColumn = known.map((reading) => {
    const column = panel.knownFuture.find(({ name }) => name === reading.name);
    const at: Reader = column
      ? (i, t) => {
          const cell = offsets[i]! + i * reach + t;
          return cell < offsets[i + 1]! + (i + 1) * reach ? column.values[cell]! : Number.NaN;
        }
      : NOTHING;
    return readersOf(reading, at, column?.levels);
  });
  const periodReaders = byColumn.flat();
  const pastByColumn = past.map((reading) => {
    const column = panel.pastOnly.find(({ name }) => name === reading.name);
    return readersOf(reading, column ? (i, t) => column.values[offsets[i]! + t]! : NOTHING, column?.levels);
  });
  const pastReaders = pastByColumn.flat();
  const attributes = statics.map((reading) => ({
    reading,
    column: panel.statics.find(({ name }) => name === reading.name),
  }));
  const byAttribute = attributes.map(({ reading, column }) =>
    reading.kind === 'category'
      ? []
      : readersOf(reading, column ? (i) => column.values[i]! : NOTHING, undefined),
  );
  const numbers = byAttribute.flat();
  const codes = attributes.flatMap(({ reading, column }) => {
    if (reading.kind !== 'category') return [];
    const places = new Map(reading.levels.map((level, k) => [level, k + 1]));
    const codeOf = (i: number): number => places.get(column?.levels?.[column.values[i]!] ?? '') ?? 0;
    return [{ count: reading.levels.length + 1, codeOf }];
  });

  // The calendar of all periods that any window touches, once.
  let [first, last] = [Infinity, -Infinity];
  for (let i = 0; i < panel.ids.length; i++) {
    first = Math.min(first, panel.start[i]!);
    last = Math.max(last, endOf(panel, i) + h);
  }
  const waves = panel.ids.length === 0 ? 0 : calendarAt(panel, seasons, first).length;
  const calendar = new Float32Array(Math.max(0, last - first) * waves);
  for (let p = first; p < last; p++) calendar.set(calendarAt(panel, seasons, p), (p - first) * waves);

  // A column of which nothing is told is no variable.
  const sizes = (readers: readonly (readonly Reader[])[]): number[] =>
    readers.flatMap(({ length }) => (length > 0 ? [length] : []));
  return {
    variables: {
      period: [...seasons.map((m) => 2 * wavesOf(m)).filter((size) => size > 0), ...sizes(byColumn)],
      known: sizes(byColumn),
      past: sizes(pastByColumn),
      statics: sizes(byAttribute),
    },
    periodWidth: waves + periodReaders.length,
    knownWidth: periodReaders.length,
    pastWidth: pastReaders.length,
    staticWidth: numbers.length,
    categories: codes.map(({ count }) => count),
    period(i, t, out, at) {
      const from = (panel.start[i]! + t - first) * waves;
      for (let k = 0; k < waves; k++) out[at + k] = calendar[from + k]!;
      for (let k = 0; k < periodReaders.length; k++) out[at + waves + k] = periodReaders[k]!(i, t);
    },
    known(i, t, out, at) {
      for (let k = 0; k < periodReaders.length; k++) out[at + k] = t < 0 ? 0 : periodReaders[k]!(i, t);
    },
    past(i, t, out, at) {
      for (let k = 0; k < pastReaders.length; k++) out[at + k] = pastReaders[k]!(i, t);
    },
    statics(i, out, at) {
      for (let k = 0; k < numbers.length; k++) out[at + k] = numbers[k]!(i, 0);
    },
    code: (i, category) => codes[category]!.codeOf(i),
  };
}
