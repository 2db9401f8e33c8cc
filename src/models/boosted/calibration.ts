// Conformalised quantiles (Romano, Patterson and Candès 2019): each learned quantile is moved by what it missed on rows
// the trees had not seen, pooled over all series and by how far ahead they were.
import type { FeatureTable } from '../../features/feature-table.ts';
import { quantileSorted } from '../../math/statistics.ts';

/** Plain data. */
export interface QuantileCalibration {
  readonly probabilities: readonly number[];
  /** Last step of each stretch of steps. */
  readonly stretches: readonly number[];
  /** What quantile k of stretch b is moved by, in units of the row's spread, at b · probabilities.length + k. */
  readonly shift: Float64Array;
}

/** Stretches of the horizon that are told apart, and rows that each must have. */
const STRETCHES = 3;
const LEAST_ROWS = 200;

/** Spreads are at least this share of the level: a certain quantile may still be wrong. */
const LEAST_SPREAD = 0.02;

/** The distance between the outer quantiles of a row, in units of y. */
export function rowSpread(quantiles: Float64Array, r: number, count: number, level: number): number {
  const width = quantiles[(r + 1) * count - 1]! - quantiles[r * count]!;
  return Math.max(width, LEAST_SPREAD * level);
}

/**
 * Learns the shifts from quantiles (row-major, in units of y) of rows that the trees had not seen. The quantile `held` stays
 * where it is, and the others are moved outwards by the larger of what they miss with its error and without it, since that error
 * may come again or not; −1 for none.
 */
export function calibrate(
  table: FeatureTable,
  quantiles: Float64Array,
  probabilities: readonly number[],
  held = -1,
): QuantileCalibration {
  const { step } = table.rows;
  const count = probabilities.length;
  const far = step.reduce((a, b) => Math.max(a, b), 1);
  const parts = Math.max(1, Math.min(STRETCHES, far, Math.floor(step.length / LEAST_ROWS)));
  const stretches = Array.from({ length: parts }, (_, b) => Math.ceil((far * (b + 1)) / parts));
  const shift = new Float64Array(parts * count);
  for (const [b, last] of stretches.entries()) {
    const first = b === 0 ? 1 : stretches[b - 1]! + 1;
    const rows = Array.from(step.keys()).filter((r) => step[r]! >= first && step[r]! <= last);
    if (rows.length === 0) continue;
    for (const [k, p] of probabilities.entries()) {
      const scores = Float64Array.from(
        rows,
        (r) => (table.y[r]! - quantiles[r * count + k]!) / rowSpread(quantiles, r, count, table.level[r]!),
      ).sort();
      // Position p(n + 1), the finite-sample correction.
      const n = scores.length;
      shift[b * count + k] = quantileSorted(scores, (p * (n + 1) - 1) / Math.max(1, n - 1));
    }
    if (held < 0) continue;
    const middle = shift[b * count + held]!;
    for (let k = 0; k < count; k++) {
      const own = shift[b * count + k]!;
      const outer = k < held ? Math.min : Math.max;
      shift[b * count + k] = k === held ? 0 : outer(own, own - middle);
    }
  }
  return { probabilities, stretches, shift };
}

/** Moves quantiles (row-major) by the calibration, in place, and puts each row in order. */
export function applyCalibration(
  { probabilities, stretches, shift }: QuantileCalibration,
  { rows, level }: FeatureTable,
  quantiles: Float64Array,
): void {
  const count = probabilities.length;
  for (let r = 0; r < level.length; r++) {
    const found = stretches.findIndex((last) => rows.step[r]! <= last);
    const b = found < 0 ? stretches.length - 1 : found;
    const spread = rowSpread(quantiles, r, count, level[r]!);
    const own = quantiles.subarray(r * count, (r + 1) * count);
    for (let k = 0; k < count; k++) own[k] = own[k]! + spread * shift[b * count + k]!;
    own.sort();
  }
}
