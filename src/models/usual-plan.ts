// The plan of the periods to come against what is usual: prices as of late, no promotion, no holiday. What a column does to a
// forecast is what the forecast would lose if the column were as usual.
import { type Column, lengthOf, type Panel } from '../core/panel.ts';
import { type ColumnKind, kindOf } from '../features/column-kind.ts';
import { fairShares } from '../math/fair-shares.ts';

/** Periods that tell what is usual of a number: so many horizons, and at least so many periods. */
const HORIZONS = 2;
const LEAST = 8;

/** What is most often seen; NaN where nothing is. */
function mostOften(values: Float64Array): number {
  const counts = new Map<number, number>();
  let [most, best] = [0, Number.NaN];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    const count = (counts.get(value) ?? 0) + 1;
    counts.set(value, count);
    if (count > most) [most, best] = [count, value];
  }
  return best;
}

/** A value in the middle that was seen; of two the greater, which of prices is the one without an offer. */
function middle(values: Float64Array): number {
  const seen = values.filter((value) => !Number.isNaN(value)).sort();
  return seen[Math.floor(seen.length / 2)] ?? Number.NaN;
}

/** The usual value of a column, one a series: of flags and categories the most frequent, of numbers the middle one of late. */
function usualValues(
  column: Column,
  kind: ColumnKind,
  { ids, offsets }: Panel,
  { h, reach }: { readonly h: number; readonly reach: number },
): Float64Array {
  const isNumber = kind === 'price' || kind === 'number';
  return Float64Array.from(ids, (_, i) => {
    const from = offsets[i]! + i * reach;
    const to = offsets[i + 1]! + i * reach;
    const late = isNumber ? Math.max(from, to - Math.max(LEAST, HORIZONS * h)) : from;
    const past = column.values.subarray(late, to);
    return isNumber ? middle(past) : mostOften(past);
  });
}

/** A plan that can be undone column by column. */
export interface Plan {
  /** Columns that are other than usual somewhere in the periods to come; only these can do anything. */
  readonly names: readonly string[];
  /** The panel with the columns of the plan that are not `acting` as usual in all series; known up to h periods ahead. */
  withUsual(acting: readonly boolean[]): Panel;
}

/** What each column holds. In a part of a panel a column may look like another kind than it is. */
export type Kinds = readonly ColumnKind[];
export const kindsOf = (columns: readonly Column[]): Kinds => columns.map(kindOf);

/** The plan between columns as they are and those of them that can be undone, as usual. */
function planBetween(
  columns: readonly Column[],
  usual: readonly Column[],
  panelOf: (columns: Column[]) => Panel,
): Plan {
  const names = usual.map(({ name }) => name);
  return {
    names,
    withUsual: (acting) =>
      panelOf(
        columns.map((column) => {
          const k = names.indexOf(column.name);
          return k < 0 || acting[k] ? column : usual[k]!;
        }),
      ),
  };
}

/** The plan of the h periods after the end of each series, for the given series. */
export function planOf(
  panel: Panel,
  h: number,
  series: ArrayLike<number>,
  kinds: Kinds = kindsOf(panel.knownFuture),
): Plan {
  const { offsets, reach, knownFuture } = panel;
  const ahead = Math.min(h, reach);
  const moving = knownFuture.flatMap((column, c) => {
    const usual = usualValues(column, kinds[c]!, panel, { h, reach });
    const isOther = Array.from(series).some((i) => {
      const from = offsets[i]! + i * reach + lengthOf(panel, i);
      return column.values
        .subarray(from, from + ahead)
        .some((value) => value !== usual[i]! && !Number.isNaN(value));
    });
    if (!isOther) return [];
    const values = column.values.slice();
    for (const [i, value] of usual.entries()) {
      const from = offsets[i]! + i * reach + lengthOf(panel, i);
      // A series that has never known a value of the column keeps its plan.
      if (!Number.isNaN(value)) values.fill(value, from, from + ahead);
    }
    return [{ ...column, values }];
  });
  return planBetween(knownFuture, moving, (columns) => ({ ...panel, knownFuture: columns }));
}

/**
 * What columns that are known of the past alone were, as a plan that can be undone: where they are not acting, they were as usual of
 * late in all of the past.
 */
export function pastOf(panel: Panel, h: number, kinds: Kinds): Plan {
  const { offsets, pastOnly } = panel;
  const moving = pastOnly.flatMap((column, c) => {
    const usual = usualValues(column, kinds[c]!, panel, { h, reach: 0 });
    const values = column.values.slice();
    for (const [i, value] of usual.entries()) {
      for (let cell = offsets[i]!; cell < offsets[i + 1]!; cell++)
        if (!Number.isNaN(values[cell]!)) values[cell] = value;
    }
    const isOther = values.some((value, cell) => value !== column.values[cell] && !Number.isNaN(value));
    return isOther ? [{ ...column, values }] : [];
  });
  return planBetween(pastOnly, moving, (columns) => ({ ...panel, pastOnly: columns }));
}

/** What each column of a plan does to a forecast, in the order of its names. `forecast` is that of a panel. */
export const planEffects = (
  { names, withUsual }: Plan,
  forecast: (panel: Panel) => Float64Array,
): Float64Array[] => fairShares(names.length, (acting) => forecast(withUsual(acting)));
