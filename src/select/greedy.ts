// Greedy ensemble selection with replacement (Caruana, Niculescu-Mizil, Crew and Ksikes 2004).

/** The errors to choose by: absolute for regular demand, squared where the median demand is zero. */
export type Loss = 'absolute' | 'squared';

/** Forecasts of every candidate at the same cells, in units of the series' scale. */
export interface Cells {
  readonly actual: Float64Array;
  /** Candidate-major: that of candidate j at cell c is at j · actual.length + c. */
  readonly forecasts: Float64Array;
  /** 1 for each candidate that may be used: one that has a forecast at every cell. */
  readonly usable: Uint8Array;
}

/** Mean loss of a blend on the cells; NaN where there are none. */
export function blendLoss(cells: Cells, weights: ArrayLike<number>, loss: Loss): number {
  const { actual, forecasts } = cells;
  const n = actual.length;
  let total = 0;
  for (let c = 0; c < n; c++) {
    let blended = 0;
    for (let j = 0; j < weights.length; j++) {
      if (weights[j]! > 0) blended += weights[j]! * forecasts[j * n + c]!;
    }
    const error = Math.abs(actual[c]! - blended);
    total += loss === 'absolute' ? error : error * error;
  }
  return total / n;
}

/** Mean loss of (sum + candidate) / round. */
function lossWith(
  { actual, forecasts }: Cells,
  sum: Float64Array,
  candidate: number,
  round: number,
  loss: Loss,
): number {
  const n = actual.length;
  const base = candidate * n;
  let total = 0;
  for (let c = 0; c < n; c++) {
    const error = Math.abs(actual[c]! - (sum[c]! + forecasts[base + c]!) / round);
    total += loss === 'absolute' ? error : error * error;
  }
  return total / n;
}

/**
 * Adds the candidate that lowers the loss of the running average most, `rounds` times; a candidate may be added
 * again, which gives it weight. Stops early when nothing helps. Returns weights that sum to 1, or all zeros
 * where there are no cells.
 */
export function greedyWeights(cells: Cells, loss: Loss, rounds = 12): Float64Array {
  const { actual, forecasts, usable } = cells;
  const n = actual.length;
  const weights = new Float64Array(usable.length);
  if (n === 0) return weights;
  const sum = new Float64Array(n);
  let current = Infinity;
  let added = 0;
  for (; added < rounds; added++) {
    let best = -1;
    let bestLoss = current;
    for (let j = 0; j < usable.length; j++) {
      if (usable[j] === 0) continue;
      const candidate = lossWith(cells, sum, j, added + 1, loss);
      // A candidate must help by more than rounding, so that ties fall to the earlier, simpler model.
      if (candidate < bestLoss * (1 - 1e-9)) {
        best = j;
        bestLoss = candidate;
      }
    }
    if (best < 0) break;
    weights[best] = weights[best]! + 1;
    for (let c = 0; c < n; c++) sum[c] = sum[c]! + forecasts[best * n + c]!;
    current = bestLoss;
  }
  for (let j = 0; j < weights.length && added > 0; j++) weights[j] = weights[j]! / added;
  return weights;
}
