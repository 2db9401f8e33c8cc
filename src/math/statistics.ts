// Statistics of plain arrays. NaN marks a value that was not observed and is passed over.

/** Sum of the observed values. */
export function sum(x: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) if (!Number.isNaN(x[i]!)) total += x[i]!;
  return total;
}

/** Mean of the observed values; NaN where there are none. */
export function mean(x: ArrayLike<number>): number {
  let total = 0;
  let count = 0;
  for (let i = 0; i < x.length; i++) {
    if (!Number.isNaN(x[i]!)) {
      total += x[i]!;
      count++;
    }
  }
  return total / count;
}

/** Unbiased variance of the observed values; NaN where there are fewer than two. */
export function variance(x: ArrayLike<number>): number {
  const centre = mean(x);
  let squares = 0;
  let count = 0;
  for (let i = 0; i < x.length; i++) {
    if (!Number.isNaN(x[i]!)) {
      squares += (x[i]! - centre) ** 2;
      count++;
    }
  }
  return count > 1 ? squares / (count - 1) : Number.NaN;
}

/** The observed values in ascending order. */
export function sorted(x: ArrayLike<number>): Float64Array {
  return Float64Array.from(x)
    .filter((v) => !Number.isNaN(v))
    .sort();
}

/** Quantile of sorted values by Hyndman and Fan's type 7 (linear between plotting positions). */
export function quantileSorted(ascending: ArrayLike<number>, p: number): number {
  const n = ascending.length;
  if (n === 0) return Number.NaN;
  const at = Math.min(Math.max(p, 0), 1) * (n - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, n - 1);
  return ascending[low]! + (at - low) * (ascending[high]! - ascending[low]!);
}

/** Median of the observed values; NaN where there are none. */
export const median = (x: ArrayLike<number>): number => quantileSorted(sorted(x), 0.5);

/** Autocorrelations at lags 1 … lags, as R's `acf` has them; pairs with a missing value are passed over. */
export function autocorrelations(x: ArrayLike<number>, lags: number): Float64Array {
  const n = x.length;
  const centre = mean(x);
  let total = 0;
  for (let i = 0; i < n; i++) if (!Number.isNaN(x[i]!)) total += (x[i]! - centre) ** 2;
  const out = new Float64Array(lags);
  for (let lag = 1; lag <= lags; lag++) {
    let products = 0;
    for (let i = lag; i < n; i++) {
      const product = (x[i]! - centre) * (x[i - lag]! - centre);
      if (!Number.isNaN(product)) products += product;
    }
    out[lag - 1] = total > 0 ? products / total : 0;
  }
  return out;
}
