// Bounds of bins from a sample of values, in plain TypeScript; the compiled kernels do the same to the bit.

/** Distinct values of an ascending array, and how often each occurs. */
function distinctOf(ascending: Float64Array): { values: Float64Array; counts: Uint32Array } {
  const values = new Float64Array(ascending.length);
  const counts = new Uint32Array(ascending.length);
  let found = 0;
  for (let k = 0; k < ascending.length; k++) {
    if (k === 0 || ascending[k] !== ascending[k - 1]) values[found++] = ascending[k]!;
    counts[found - 1]!++;
  }
  return { values: values.subarray(0, found), counts: counts.subarray(0, found) };
}

/**
 * Bounds of at most `most` bins with about as many values each, between neighbouring distinct values. A value that alone
 * has more than its share gets a bin of its own. After LightGBM's greedy search for bins (Ke et al. 2017).
 */
export function boundsOf(ascending: Float64Array, most: number): Float64Array {
  const { values, counts } = distinctOf(ascending);
  const middle = (k: number): number => {
    const [a, b] = [values[k]!, values[k + 1]!];
    const between = a + (b - a) / 2;
    // Of neighbours too close for a number between them the lower one is the bound.
    return between < b ? between : a;
  };
  const bounds: number[] = [];
  if (values.length <= most) {
    for (let k = 0; k + 1 < values.length; k++) bounds.push(middle(k));
    return Float64Array.from([...bounds, Infinity]);
  }
  const isLarge = (k: number): boolean => counts[k]! * most >= ascending.length;
  // Rows and bins that are left for values that share theirs.
  let [left, bins] = [ascending.length, most];
  for (let k = 0; k < values.length; k++) {
    if (!isLarge(k)) continue;
    left -= counts[k]!;
    bins--;
  }
  let share = bins > 0 ? left / bins : Infinity;
  let own = 0;
  for (let k = 0; k + 1 < values.length && bounds.length < most - 1; k++) {
    own += counts[k]!;
    if (!isLarge(k)) left -= counts[k]!;
    if (!(isLarge(k) || own >= share || (isLarge(k + 1) && own >= Math.max(1, share / 2)))) continue;
    bounds.push(middle(k));
    own = 0;
    if (isLarge(k)) continue;
    bins--;
    share = bins > 0 ? left / bins : Infinity;
  }
  return Float64Array.from([...bounds, Infinity]);
}
