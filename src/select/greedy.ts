// Greedy ensemble selection with replacement (Caruana, Niculescu-Mizil, Crew and Ksikes 2004), from a given start.

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

/** Total loss of (sum + step · candidate) / count. */
function lossWith(
  { actual, forecasts }: Cells,
  sum: Float64Array,
  candidate: number,
  step: number,
  count: number,
  loss: Loss,
): number {
  const n = actual.length;
  const base = candidate * n;
  let total = 0;
  for (let c = 0; c < n; c++) {
    const error = Math.abs(actual[c]! - (sum[c]! + step * forecasts[base + c]!) / count);
    total += loss === 'absolute' ? error : error * error;
  }
  return total;
}

export interface GreedyOptions {
  /** Members at the start, by count; defaults to none. Candidates that are not usable are left out. */
  readonly start?: ArrayLike<number>;
  /** Share of the loss that a step must save to be taken; defaults to 1e-9, so that ties fall to the simpler model. */
  readonly tolerance?: number;
  /** Steps at most; defaults to 12. */
  readonly rounds?: number;
}

/**
 * Steps from the start towards the average of members that has the least loss: each step adds a candidate once more,
 * which gives it weight, or takes a member away, whichever saves most; it ends when no step saves enough.
 * Returns weights that sum to 1, or all zeros where there are no cells to learn from.
 */
export function greedyWeights(
  cells: Cells,
  loss: Loss,
  { start = [], tolerance = 1e-9, rounds = 12 }: GreedyOptions = {},
): Float64Array {
  const { actual, forecasts, usable } = cells;
  const n = actual.length;
  const weights = Float64Array.from(usable, (yes, j) => (yes === 1 ? (start[j] ?? 0) : 0));
  if (n === 0) return weights.fill(0);
  const sum = new Float64Array(n);
  let count = 0;
  const move = (j: number, step: number): void => {
    for (let c = 0; c < n; c++) sum[c] = sum[c]! + step * forecasts[j * n + c]!;
    count += step;
  };
  for (let j = 0; j < weights.length; j++) if (weights[j]! > 0) move(j, weights[j]!);
  // Of a member: a candidate that was not tried has no forecasts, not even none of them.
  const member = weights.findIndex((weight) => weight > 0);
  let current = member >= 0 ? lossWith(cells, sum, member, 0, count, loss) : Infinity;
  for (let round = 0; round < rounds; round++) {
    let best = -1;
    let bestStep = 1;
    let bestLoss = current;
    const consider = (j: number, step: number): void => {
      const tried = lossWith(cells, sum, j, step, count + step, loss);
      if (tried < bestLoss && tried < current * (1 - tolerance)) {
        best = j;
        bestStep = step;
        bestLoss = tried;
      }
    };
    for (let j = 0; j < usable.length; j++) {
      if (usable[j] === 0) continue;
      consider(j, 1);
      if (weights[j]! > 0 && count > 1) consider(j, -1);
    }
    if (best < 0) break;
    weights[best] = weights[best]! + bestStep;
    move(best, bestStep);
    current = bestLoss;
  }
  for (let j = 0; j < weights.length && count > 0; j++) weights[j] = weights[j]! / count;
  return weights;
}
