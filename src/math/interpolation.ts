// Straight lines between points.

/** The value at `x` on straight lines through (xs, ys), xs ascending; the outer lines are carried on. */
export function alongLines(xs: Float64Array, ys: Float64Array, x: number): number {
  const last = xs.length - 1;
  let k = 1;
  while (k < last && x > xs[k]!) k++;
  const slope = (ys[k]! - ys[k - 1]!) / (xs[k]! - xs[k - 1]!);
  return ys[k]! + slope * (x - xs[k]!);
}
