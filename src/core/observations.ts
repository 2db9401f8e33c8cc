// Observations: what a source read, in long form, before it is put on a regular time axis.
import type { StaticColumn } from './panel.ts';

/** How a column may be used: known for the future too, known only for the past, or fixed for a series. */
export type Role = 'known-future' | 'past-only' | 'static';

/** A covariate with one value a row; categories are codes into `levels`, NaN is empty. */
export interface RowColumn {
  readonly name: string;
  readonly values: Float64Array;
  readonly levels?: readonly string[];
}

/**
 * Rows of many series, sorted by series, then time, then their order in the file.
 * A row whose y is NaN carries only covariates (a future price, say) or a missing value.
 */
export interface Observations {
  /** Distinct series names, sorted. */
  readonly ids: readonly string[];
  /** Index into ids, one a row. */
  readonly series: Uint32Array;
  /** Epoch milliseconds, one a row; plain step numbers where `stepped`. */
  readonly time: Float64Array;
  /** The target, one a row. */
  readonly y: Float64Array;
  readonly stepped: boolean;
  readonly knownFuture: readonly RowColumn[];
  readonly pastOnly: readonly RowColumn[];
  readonly statics: readonly StaticColumn[];
  /** The names the file uses, for messages and reports. */
  readonly names: { readonly id: string; readonly time: string; readonly target: string };
  /** Whether a row is one sale (an order line) rather than one period: rows of a period are then summed. */
  readonly transactions: boolean;
  /** What the source did and assumed, one sentence each, for the user to read. */
  readonly notes: readonly string[];
  /** Where a row came from: `sales.csv, row 17`. */
  readonly where: (row: number) => string;
}
