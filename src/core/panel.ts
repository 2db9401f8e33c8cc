// The panel: many series as columns, on shared memory. Dates are period ordinals; text lives at the edges.
import { sharedFloat64, sharedInt32, sharedUint8, sharedUint32 } from './buffer.ts';
import type { Frequency } from './frequency.ts';

/** What is known of one cell (a series in a period). In every state but `observed`, y is NaN. */
export const CellState = {
  observed: 0,
  /** Nobody knows: the row was not there, or was marked as an outlier. */
  missing: 1,
  /** Nothing on the shelf: sales say nothing of demand. */
  stockOut: 2,
  /** The shop was shut: nothing could be sold, and nothing is expected when it is shut again. */
  closed: 3,
} as const;
export type CellState = (typeof CellState)[keyof typeof CellState];

/** A covariate with one value a cell. Categories are codes into `levels`; NaN is unknown. */
export interface Column {
  readonly name: string;
  readonly values: Float64Array;
  /** The category names, where the column holds categories. */
  readonly levels?: readonly string[];
}

/** An attribute with one value a series. */
export interface StaticColumn {
  readonly name: string;
  /** One value a series; categories are codes into `levels`. */
  readonly values: Float64Array;
  readonly levels?: readonly string[];
}

/**
 * Many series on one regular time axis.
 *
 * Series i owns the cells offsets[i] … offsets[i + 1] − 1, and its first cell is period start[i].
 * Known-future columns go `reach` periods further than y: series i owns the values
 * offsets[i] + i·reach … offsets[i + 1] + (i + 1)·reach − 1 of each of them.
 */
export interface Panel {
  readonly freq: Frequency;
  readonly ids: readonly string[];
  readonly offsets: Uint32Array;
  readonly start: Int32Array;
  readonly y: Float64Array;
  readonly state: Uint8Array;
  readonly reach: number;
  readonly knownFuture: readonly Column[];
  readonly pastOnly: readonly Column[];
  readonly statics: readonly StaticColumn[];
  /** Weekdays (0 Monday … 6 Sunday) on which the shop is always shut; daily panels only. */
  readonly closedWeekdays: readonly number[];
  /** What the target is called in the user's file, for reports. */
  readonly target: string;
}

/** One series as a model sees it: nothing after the cutoff, no ids, no tables. */
export interface Series {
  /** Observed values up to the cutoff; NaN where not observed. */
  readonly y: Float64Array;
  /** A CellState a cell. */
  readonly state: Uint8Array;
  /** Ordinal of the first period. */
  readonly start: number;
  /** Known-future columns over the same cells, in the panel's order. */
  readonly known: readonly Float64Array[];
}

/** What is known of the periods to forecast. */
export interface Future {
  /** Ordinal of the first period to forecast. */
  readonly start: number;
  /** Known-future columns over the horizon, in the panel's order; each at least h long. */
  readonly known: readonly Float64Array[];
}

export const seriesCount = (panel: Panel): number => panel.ids.length;
export const lengthOf = (panel: Panel, i: number): number => panel.offsets[i + 1]! - panel.offsets[i]!;
/** Ordinal of the period after the last cell of series i. */
export const endOf = (panel: Panel, i: number): number => panel.start[i]! + lengthOf(panel, i);

/** Views of series i without its last `hidden` cells (0: all of it). Nothing is copied. */
export function seriesAt(panel: Panel, i: number, hidden = 0): Series {
  const from = panel.offsets[i]!;
  const to = Math.max(from, panel.offsets[i + 1]! - hidden);
  const shift = i * panel.reach;
  return {
    y: panel.y.subarray(from, to),
    state: panel.state.subarray(from, to),
    start: panel.start[i]!,
    known: panel.knownFuture.map((column) => column.values.subarray(from + shift, to + shift)),
  };
}

/**
 * What is known of the h periods after series i without its last `hidden` cells.
 * Where the panel does not reach so far the missing values are NaN.
 */
export function futureAt(panel: Panel, i: number, h: number, hidden = 0): Future {
  const from = panel.offsets[i + 1]! - hidden + i * panel.reach;
  const limit = panel.offsets[i + 1]! + (i + 1) * panel.reach;
  const known = panel.knownFuture.map((column) => {
    if (from + h <= limit) return column.values.subarray(from, from + h);
    const values = new Float64Array(h).fill(Number.NaN);
    values.set(column.values.subarray(Math.min(from, limit), limit));
    return values;
  });
  return { start: endOf(panel, i) - hidden, known };
}

/** An empty panel with room for series of the given lengths: y NaN, states missing, columns to be filled. */
export function allocatePanel(
  shape: Pick<Panel, 'freq' | 'ids' | 'target'> &
    Partial<Pick<Panel, 'reach' | 'closedWeekdays' | 'statics'>>,
  lengths: ArrayLike<number>,
  columns: {
    knownFuture?: readonly Omit<Column, 'values'>[];
    pastOnly?: readonly Omit<Column, 'values'>[];
  } = {},
): Panel {
  const count = shape.ids.length;
  const reach = shape.reach ?? 0;
  const offsets = sharedUint32(count + 1);
  for (let i = 0; i < count; i++) offsets[i + 1] = offsets[i]! + lengths[i]!;
  const cells = offsets[count]!;
  const column =
    (length: number) =>
    (about: Omit<Column, 'values'>): Column => ({
      ...about,
      values: sharedFloat64(length).fill(Number.NaN),
    });
  return {
    ...shape,
    offsets,
    start: sharedInt32(count),
    y: sharedFloat64(cells).fill(Number.NaN),
    state: sharedUint8(cells).fill(CellState.missing),
    reach,
    knownFuture: (columns.knownFuture ?? []).map(column(cells + count * reach)),
    pastOnly: (columns.pastOnly ?? []).map(column(cells)),
    statics: shape.statics ?? [],
    closedWeekdays: shape.closedWeekdays ?? [],
  };
}

/**
 * A panel of some of the series, in the order given, on memory of its own; the panel itself where all are wanted.
 * `series` holds ascending indices.
 */
export function selectSeries(panel: Panel, series: Int32Array): Panel {
  if (series.length === panel.ids.length) return panel;
  const { freq, target, reach, closedWeekdays } = panel;
  const named = ({ name, levels }: Pick<Column, 'name' | 'levels'>): Pick<Column, 'name' | 'levels'> =>
    levels ? { name, levels } : { name };
  const pick = <T>(values: ArrayLike<T>): T[] => Array.from(series, (i) => values[i]!);
  const chosen = allocatePanel(
    {
      freq,
      target,
      reach,
      closedWeekdays,
      ids: pick(panel.ids),
      statics: panel.statics.map((column) => ({ ...column, values: Float64Array.from(pick(column.values)) })),
    },
    Int32Array.from(series, (i) => lengthOf(panel, i)),
    { knownFuture: panel.knownFuture.map(named), pastOnly: panel.pastOnly.map(named) },
  );
  for (const [k, i] of series.entries()) {
    const from = panel.offsets[i]!;
    const to = panel.offsets[i + 1]!;
    const at = chosen.offsets[k]!;
    chosen.start[k] = panel.start[i]!;
    chosen.y.set(panel.y.subarray(from, to), at);
    chosen.state.set(panel.state.subarray(from, to), at);
    for (const [c, { values }] of panel.pastOnly.entries())
      chosen.pastOnly[c]!.values.set(values.subarray(from, to), at);
    for (const [c, { values }] of panel.knownFuture.entries())
      chosen.knownFuture[c]!.values.set(
        values.subarray(from + i * reach, to + (i + 1) * reach),
        at + k * reach,
      );
  }
  return chosen;
}
