// Backtest forecasts as Parquet: one row a series, window, model and step that was forecast or scored.
import { DataError } from '../core/errors.ts';
import { timestamp } from '../core/frequency.ts';
import { endOf, type Panel } from '../core/panel.ts';
import { eachRow, readParquet, writeParquet } from './parquet.ts';

/**
 * What was forecast on past windows, laid out as in a `Backtest`: with W windows, M models and horizon h, `mean`
 * and `sd` hold step s of model j on window w of series i at ((i·W + w)·M + j)·h + s. NaN where there is none.
 */
export interface SavedBacktest {
  /** The names of the models; ["auto"] where only the chosen blend is kept. */
  readonly models: readonly string[];
  readonly windows: number;
  readonly h: number;
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  /** Bounds of the 80 % interval, where they are kept. */
  readonly lo80?: Float64Array;
  readonly hi80?: Float64Array;
  /** What happened, at (i·W + w)·h + s. */
  readonly actual: Float64Array;
  /** Cells hidden by window w of series i, at i·W + w; 0 where the series has no such window. */
  readonly hidden: Int32Array;
}

const BOUNDS = [
  ['lo80', 'lo-80'],
  ['hi80', 'hi-80'],
] as const;

/** Writes the rows in which something was forecast or observed, and returns how many. */
export async function writeBacktest(path: string, panel: Panel, backtest: SavedBacktest): Promise<number> {
  const { models, windows: W, h, mean, sd, actual, hidden } = backtest;
  const M = models.length;
  // Position in `actual` of a position in `mean`.
  const truth = (at: number): number => Math.floor(at / (M * h)) * h + (at % h);
  let rows = 0;
  const places = new Float64Array(mean.length);
  for (let at = 0; at < mean.length; at++) {
    // The first step of each window stays even where it says nothing, so that no window is lost.
    const first = at % (M * h) === 0 && hidden[at / (M * h)]! > 0;
    if (first || !Number.isNaN(mean[at]!) || !Number.isNaN(actual[truth(at)]!)) places[rows++] = at;
  }
  const windowAt = (row: number): number => Math.floor(places[row]! / (M * h));
  const seriesAt = (row: number): number => Math.floor(windowAt(row) / W);
  const firstHidden = (row: number): number => endOf(panel, seriesAt(row)) - hidden[windowAt(row)]!;
  const time = panel.freq.unit === 'step' ? 'whole' : 'time';
  await writeParquet(path, rows, [
    { name: 'unique_id', kind: 'category', levels: panel.ids, fill: eachRow(seriesAt) },
    { name: 'cutoff', kind: time, fill: eachRow((row) => timestamp(panel.freq, firstHidden(row) - 1)) },
    {
      name: 'ds',
      kind: time,
      fill: eachRow((row) => timestamp(panel.freq, firstHidden(row) + (places[row]! % h))),
    },
    {
      name: 'model',
      kind: 'category',
      levels: models,
      fill: eachRow((row) => Math.floor(places[row]! / h) % M),
    },
    { name: 'y', kind: 'number', fill: eachRow((row) => actual[truth(places[row]!)]!) },
    { name: 'mean', kind: 'number', fill: eachRow((row) => mean[places[row]!]!) },
    { name: 'sd', kind: 'number', fill: eachRow((row) => sd[places[row]!]!) },
    ...BOUNDS.flatMap(([key, name]) => {
      const values = backtest[key];
      return values ? [{ name, kind: 'number' as const, fill: eachRow((row) => values[places[row]!]!) }] : [];
    }),
    { name: 'series', kind: 'whole', fill: eachRow(seriesAt) },
    { name: 'window', kind: 'whole', fill: eachRow((row) => windowAt(row) % W) },
    { name: 'step', kind: 'whole', fill: eachRow((row) => (places[row]! % h) + 1) },
    { name: 'hidden', kind: 'whole', fill: eachRow((row) => hidden[windowAt(row)]!) },
  ]);
  return rows;
}

/** Reads what `writeBacktest` wrote, for a panel of `series` series. */
export async function readBacktest(
  path: string,
  about: Pick<SavedBacktest, 'models' | 'windows' | 'h'> & {
    readonly series: number;
    readonly rows: number;
    readonly intervals: boolean;
  },
): Promise<SavedBacktest> {
  const { models, windows: W, h, series } = about;
  const M = models.length;
  const empty = (length: number): Float64Array => new Float64Array(length).fill(Number.NaN);
  const mean = empty(series * W * M * h);
  const sd = empty(mean.length);
  const actual = empty(series * W * h);
  const hidden = new Int32Array(series * W);
  const bounds = about.intervals ? { lo80: empty(mean.length), hi80: empty(mean.length) } : undefined;
  // The columns of one chunk arrive in turn: first those that say where its rows belong.
  const window = new Float64Array(2048);
  const model = new Float64Array(2048);
  const step = new Float64Array(2048);
  const hold = (target: Float64Array) => (values: Float64Array) => target.set(values);
  const place = (r: number): number => (window[r]! * M + model[r]!) * h + step[r]! - 1;
  const scatter = (target: Float64Array, at: (r: number) => number) => (values: Float64Array) => {
    for (let r = 0; r < values.length; r++) target[at(r)] = values[r]!;
  };
  const rows = await readParquet(path, [
    {
      name: 'series',
      kind: 'whole',
      take: (values) =>
        values.forEach((i, r) => {
          window[r] = i * W;
        }),
    },
    {
      name: 'window',
      kind: 'whole',
      take: (values) =>
        values.forEach((w, r) => {
          window[r] = window[r]! + w;
        }),
    },
    { name: 'model', kind: 'category', levels: models, take: hold(model) },
    { name: 'step', kind: 'whole', take: hold(step) },
    {
      name: 'hidden',
      kind: 'whole',
      take: (values) =>
        values.forEach((n, r) => {
          hidden[window[r]!] = n;
        }),
    },
    { name: 'y', kind: 'number', take: scatter(actual, (r) => window[r]! * h + step[r]! - 1) },
    { name: 'mean', kind: 'number', take: scatter(mean, place) },
    { name: 'sd', kind: 'number', take: scatter(sd, place) },
    ...BOUNDS.flatMap(([key, name]) =>
      bounds ? [{ name, kind: 'number' as const, take: scatter(bounds[key], place) }] : [],
    ),
  ]);
  if (rows !== about.rows) {
    throw new DataError(
      `${path} has ${rows} rows where ${about.rows} belong; restore it from a copy or backtest anew.`,
    );
  }
  return { models, windows: W, h, mean, sd, actual, hidden, ...bounds };
}
