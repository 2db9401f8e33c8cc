// A series made ready for ARIMA: without its empty ends, scaled, gaps bridged, its regressors beside it.
import { difference } from './differencing.ts';
import { bridge } from './gaps.ts';
import type { Problem } from './likelihood.ts';
import type { Order } from './order.ts';

/** The cells from the first to the last observed one. */
export interface Sample {
  /** y / scale, NaN where missing. */
  readonly y: Float64Array;
  /** The same with gaps bridged. */
  readonly filled: Float64Array;
  /** Cells whose value is estimated with the model, ascending. */
  readonly missing: Int32Array;
  /** Regressors over the same cells. */
  readonly regressors: readonly Float64Array[];
  readonly scale: number;
  /** Cells before the first observed one. */
  readonly lead: number;
  /** Cells after the last observed one. */
  readonly trail: number;
  readonly observed: number;
}

/** Missing cells beyond these, the oldest first, keep the value that bridges them: each costs a pass of the filter. */
const MOST_MISSING = 300;

/** y must have an observed cell; cells in which `used` is 0 count as missing. */
export function sampleOf(
  values: Float64Array,
  used: Uint8Array,
  m: number,
  columns: readonly Float64Array[],
): Sample {
  const lead = used.indexOf(1);
  const end = used.lastIndexOf(1) + 1;
  let largest = 0;
  for (let t = lead; t < end; t++) if (used[t]) largest = Math.max(largest, Math.abs(values[t]!));
  // A power of two: dividing by it rounds nothing and keeps squares in range.
  const scale = largest > 0 ? 2 ** Math.floor(Math.log2(largest)) : 1;
  const y = new Float64Array(end - lead).fill(Number.NaN);
  const gaps: number[] = [];
  for (let t = lead; t < end; t++) {
    if (used[t]) y[t - lead] = values[t]! / scale;
    else gaps.push(t - lead);
  }
  return {
    y,
    filled: bridge(y, m),
    missing: Int32Array.from(gaps.slice(-MOST_MISSING)),
    regressors: columns.map((column) => column.slice(lead, end).map((v) => (Number.isNaN(v) ? 0 : v))),
    scale,
    lead,
    trail: values.length - end,
    observed: y.length - gaps.length,
  };
}

/** The constant's column in levels, over n cells from `from` periods after the last one (0: that itself). */
export function constantColumn(order: Pick<Order, 'd' | 'D'>, from: number, n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, t) => (order.d + order.D === 0 ? 1 : from + t));
}

/** All columns in levels: missing cells first, then regressors, then the constant. */
export function levelColumns({ filled, missing, regressors }: Sample, order: Order): Float64Array[] {
  const n = filled.length;
  const columns: Float64Array[] = Array.from(missing, (at) => {
    const column = new Float64Array(n);
    column[at] = 1;
    return column;
  });
  columns.push(...regressors);
  if (order.constant) columns.push(constantColumn(order, 1 - n, n));
  return columns;
}

/** The differenced problem of an order; with `bridged`, gaps count as observed at the values that bridge them. */
export function problemOf(sample: Sample, order: Order, bridged = false): Problem {
  const from = bridged ? { ...sample, missing: new Int32Array(0) } : sample;
  return {
    w: difference(sample.filled, order),
    columns: levelColumns(from, order).map((column) => difference(column, order)),
    missing: from.missing.length,
  };
}
