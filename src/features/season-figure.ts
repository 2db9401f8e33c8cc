// A season of few and one of many periods told from many cells each, so that little of their noise is left: the figure of a week is
// the mean of a year of weeks, and the turn of a year is how the weeks around stood to the level then.

/** Cycles of a short season that its figure is the mean of at most. */
const FIGURE_CYCLES = 52;
/** Cycles without a season that are thought to have been seen too: a short past tells little. */
const PRIOR = 4;
/** Cycles before and after one that its size is told from, itself included. */
const AROUND = 2;
/** Shares of the size above this are an accident. */
const MOST = 6;

/** A past: the value of a cell, events set aside, and the mean size of cells [from, to); NaN where there is nothing. */
export interface Past {
  readonly value: (t: number) => number;
  readonly size: (from: number, to: number) => number;
}

/** The figure of a season of m cells before cell n, phase 0 being that of cell n: 1 where a phase is as the others are. */
export function figureOf({ value, size }: Past, n: number, m: number): Float64Array {
  const sums = new Float64Array(m);
  const counts = new Float64Array(m);
  const cycles = Math.min(FIGURE_CYCLES, Math.floor(n / m));
  for (let back = 1; back <= cycles; back++) {
    const from = n - m * back;
    const own = size(from - AROUND * m, Math.min(n, from + (AROUND + 1) * m));
    if (!(own > 0)) continue;
    for (let k = 0; k < m; k++) {
      const share = value(from + k) / own;
      if (Number.isNaN(share)) continue;
      sums[k]! += Math.min(share, MOST);
      counts[k]!++;
    }
  }
  const mean = sums.reduce((a, b) => a + b, 0) / counts.reduce((a, b) => a + b, 0);
  return sums.map((sum, k) => {
    const share = sum / counts[k]! / mean;
    return Number.isNaN(share) ? Number.NaN : (counts[k]! * share + PRIOR) / (counts[k]! + PRIOR);
  });
}

/** Cycles of a long season that its turn is the mean of at most. */
const TURN_CYCLES = 2;
/** A turn below this share is none: what has no sales has no logarithm. */
const LEAST = 0.1;

/**
 * How the cells up to `half` away from cell t − m, a long season before cell t, stood to the level of the last `window` cells before
 * n − m; the geometric mean of the cycles that have both. NaN where none has.
 */
export function turnOf(
  { value, size }: Past,
  n: number,
  t: number,
  { m, half, window }: { readonly m: number; readonly half: number; readonly window: number },
): number {
  let [total, cycles] = [0, 0];
  for (let back = 1; back <= TURN_CYCLES; back++) {
    const then = n - m * back;
    if (then < window) break;
    let [sum, count] = [0, 0];
    for (let at = t - m * back - half; at <= Math.min(n - 1, t - m * back + half); at++) {
      const own = value(at);
      if (Number.isNaN(own)) continue;
      sum += own;
      count++;
    }
    const turn = sum / count / size(then - window, then);
    if (!Number.isFinite(turn)) continue;
    total += Math.log(Math.max(LEAST, turn));
    cycles++;
  }
  return Math.exp(total / cycles);
}
