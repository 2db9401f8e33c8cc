// Greedy ensemble selection with replacement (Caruana, Niculescu-Mizil, Crew and Ksikes 2004).

/** The errors to choose by: absolute for regular demand, squared where the median demand is zero. */
export type Loss = 'absolute' | 'squared';

/** Forecasts of every candidate at the same cells, in units of the series' scale. */
export interface Cells {
  readonly actual: Float64Array;
  /** One array a candidate; undefined where the candidate was not tried. */
  readonly forecasts: readonly (Float64Array | undefined)[];
}

/** Mean loss of a blend on the cells; NaN where there are none. */
export function blendLoss(cells: Cells, weights: ArrayLike<number>, loss: Loss): number {
  const { actual, forecasts } = cells;
  let total = 0;
  for (let c = 0; c < actual.length; c++) {
    let blended = 0;
    for (let j = 0; j < forecasts.length; j++)
      if (weights[j]! > 0) blended += weights[j]! * forecasts[j]![c]!;
    const error = Math.abs(actual[c]! - blended);
    total += loss === 'absolute' ? error : error * error;
  }
  return total / actual.length;
}

/**
 * Adds the candidate that lowers the loss of the running average most, `rounds` times; a candidate may be added
 * again, which gives it weight. Stops early when nothing helps. Returns weights that sum to 1, or all zeros
 * where there are no cells.
 */
export function greedyWeights(cells: Cells, loss: Loss, rounds = 12): Float64Array {
  const { actual, forecasts } = cells;
  const counts = new Float64Array(forecasts.length);
  const n = actual.length;
  if (n === 0) return counts;
  const sum = new Float64Array(n);
  let current = Infinity;
  for (let round = 1; round <= rounds; round++) {
    let best = -1;
    let bestLoss = current;
    for (const [j, forecast] of forecasts.entries()) {
      if (!forecast) continue;
      let total = 0;
      for (let c = 0; c < n; c++) {
        const error = Math.abs(actual[c]! - (sum[c]! + forecast[c]!) / round);
        total += loss === 'absolute' ? error : error * error;
      }
      // A candidate must help by more than rounding, so that ties fall to the earlier, simpler model.
      if (total / n < bestLoss * (1 - 1e-9)) {
        best = j;
        bestLoss = total / n;
      }
    }
    if (best < 0) break;
    counts[best] = counts[best]! + 1;
    for (let c = 0; c < n; c++) sum[c] = sum[c]! + forecasts[best]![c]!;
    current = bestLoss;
  }
  const total = counts.reduce((a, b) => a + b, 0);
  return total > 0 ? counts.map((count) => count / total) : counts;
}
