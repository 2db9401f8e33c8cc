// Differences of a series and of its regressors, and the way back to levels.
import { lostCount, type Order } from './order.ts';

/** The differencing filter (1 − B)ᵈ (1 − Bᵐ)ᴰ as the weights of y(t − 1), y(t − 2), …: y(t) = Σ wᵢ y(t − i) + its difference. */
export function differenceWeights(order: Pick<Order, 'd' | 'D' | 'm'>): Float64Array {
  const { d, D, m } = order;
  let poly = Float64Array.of(1);
  const times = (lag: number): void => {
    const next = new Float64Array(poly.length + lag);
    for (let i = 0; i < poly.length; i++) {
      next[i]! += poly[i]!;
      next[i + lag]! -= poly[i]!;
    }
    poly = next;
  };
  for (let k = 0; k < d; k++) times(1);
  for (let k = 0; k < D; k++) times(m);
  return poly.subarray(1).map((v) => -v);
}

/** (1 − B)ᵈ (1 − Bᵐ)ᴰ y, shorter by d + D m; NaN where any of its values is. */
export function difference(y: Float64Array, order: Pick<Order, 'd' | 'D' | 'm'>): Float64Array {
  const { d, D, m } = order;
  let w = y;
  const step = (lag: number): void => {
    w = Float64Array.from({ length: Math.max(0, w.length - lag) }, (_, t) => w[t + lag]! - w[t]!);
  };
  for (let k = 0; k < D; k++) step(m);
  for (let k = 0; k < d; k++) step(1);
  return w;
}

/** The last d + D m values of a column, newest last: what its future levels are built on. */
export const tailOf = (column: Float64Array, order: Order): Float64Array =>
  column.slice(column.length - lostCount(order));
