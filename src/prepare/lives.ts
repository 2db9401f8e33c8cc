// Lives of series: where each one begins and ends on the grid, and which are left out.
import { DataError } from '../core/errors.ts';
import { type Frequency, label, periodName } from '../core/frequency.ts';
import type { Observations } from '../core/observations.ts';
import type { Cells } from './cells.ts';
import { counted, type Ledger, named } from './ledger.ts';

export interface LifeOptions {
  /** 'trim' begins a series at its first value other than zero. */
  readonly leadingZeros: 'trim' | 'keep';
  /** 'panel' ends every series at the panel's last observed period, 'own' at its own. */
  readonly ends: 'panel' | 'own';
  /** Observed periods that a series must have to be kept. */
  readonly minimum: number;
}

/** The kept series in the order of observations.ids: one value a kept series in each array. */
export interface Lives {
  readonly count: number;
  /** Index into observations.ids. */
  readonly source: Uint32Array;
  /** The first period. */
  readonly start: Int32Array;
  /** Periods from the first to the last. */
  readonly length: Float64Array;
  /** The last period with rows of any kind, known-future rows included. */
  readonly lastRow: Int32Array;
  /** The cells of kept series i are firstCell[i] … lastCell[i] − 1. */
  readonly firstCell: Uint32Array;
  readonly lastCell: Uint32Array;
  /** The first and last observed period of all kept series. */
  readonly first: number;
  readonly last: number;
}

/** About 1.8 GB of y and states: beyond that a date or the frequency is wrong far more often than the shop is large. */
const MOST_CELLS = 2e8;

/** Refuses a grid too large for memory, naming the widest gap as the likely culprit. */
function refuseVast(observations: Observations, cells: Cells, freq: Frequency, total: number): never {
  let widest = 0;
  let at = 1;
  for (let c = 1; c < cells.count; c++) {
    const gap = cells.series[c] === cells.series[c - 1] ? cells.period[c]! - cells.period[c - 1]! : 0;
    if (gap > widest) [widest, at] = [gap, c];
  }
  throw new DataError(
    `the regular grid would have ${Math.round(total / 1e6).toLocaleString('en-US')} million cells of one ${periodName(freq)}; ` +
      `series "${observations.ids[cells.series[at]!]}" jumps from ${label(freq, cells.period[at - 1]!)} to ` +
      `${label(freq, cells.period[at]!)} at ${observations.where(cells.firstRow[at]!)}. ` +
      'Correct the date, or pass a coarser --freq.',
  );
}

/** Finds the life of every series, from its first to its last observed period, and leaves out those without one. */
export function livesOf(
  observations: Observations,
  cells: Cells,
  freq: Frequency,
  { leadingZeros, ends, minimum }: LifeOptions,
  ledger: Ledger,
): Lives {
  const size = observations.ids.length;
  const source = new Uint32Array(size);
  const start = new Int32Array(size);
  const length = new Float64Array(size);
  const lastRow = new Int32Array(size);
  const firstCell = new Uint32Array(size);
  const lastCell = new Uint32Array(size);
  let count = 0;
  let trimmed = 0;
  let trimmedSeries = 0;
  let panelFirst = Number.POSITIVE_INFINITY;
  let panelLast = Number.NEGATIVE_INFINITY;
  const empty: string[] = [];
  const short: string[] = [];
  for (let from = 0, to = 0; from < cells.count; from = to) {
    const owner = cells.series[from]!;
    let observed = 0;
    let first = -1;
    let firstSale = -1;
    let last = -1;
    for (to = from; to < cells.count && cells.series[to] === owner; to++) {
      const value = cells.y[to]!;
      if (Number.isNaN(value)) continue;
      observed++;
      last = to;
      if (first < 0) first = to;
      if (firstSale < 0 && value !== 0) firstSale = to;
    }
    if (observed < Math.max(1, minimum)) {
      (observed === 0 ? empty : short).push(observations.ids[owner]!);
      continue;
    }
    // A series of zeros alone keeps them: it did exist, and sold nothing.
    const begin = leadingZeros === 'trim' && firstSale >= 0 ? firstSale : first;
    if (begin > first) {
      trimmedSeries++;
      for (let c = first; c < begin; c++) if (!Number.isNaN(cells.y[c]!)) trimmed++;
    }
    source[count] = owner;
    start[count] = cells.period[begin]!;
    length[count] = cells.period[last]! - cells.period[begin]! + 1;
    lastRow[count] = cells.period[to - 1]!;
    firstCell[count] = from;
    lastCell[count] = to;
    panelFirst = Math.min(panelFirst, cells.period[begin]!);
    panelLast = Math.max(panelLast, cells.period[last]!);
    count++;
  }
  if (count === 0) {
    const cure =
      short.length > 0
        ? `no series has the ${counted(minimum, 'observed value')} asked for; lower the option minimum.`
        : `column "${observations.names.target}" has no value in any row; choose the column to forecast with --target.`;
    throw new DataError(cure);
  }
  let total = 0;
  for (let i = 0; i < count; i++) {
    if (ends === 'panel') length[i] = panelLast - start[i]! + 1;
    total += length[i]!;
  }
  if (total > MOST_CELLS) refuseVast(observations, cells, freq, total);
  ledger.enter(
    'leading zeros left out: before its first sale a product has no history',
    trimmed,
    trimmedSeries,
  );
  if (empty.length > 0) {
    ledger.note(`${counted(empty.length, 'series', 'series')} without any value left out: ${named(empty)}.`);
  }
  if (short.length > 0) {
    ledger.note(
      `${counted(short.length, 'series', 'series')} with fewer than ${counted(minimum, 'observed value')} left out: ${named(short)}.`,
    );
  }
  return {
    count,
    source: source.subarray(0, count),
    start: start.subarray(0, count),
    length: length.subarray(0, count),
    lastRow: lastRow.subarray(0, count),
    firstCell: firstCell.subarray(0, count),
    lastCell: lastCell.subarray(0, count),
    first: panelFirst,
    last: panelLast,
  };
}
