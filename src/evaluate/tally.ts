// Sums of errors that add up: over the cells of a window, windows of a series, series of a segment.
import { bounds } from '../core/distribution.ts';

/** Places of the sums in a tally; a tally is a row of TALLY_WIDTH numbers. */
export const Tally = {
  cells: 0,
  absolute: 1,
  squared: 2,
  signed: 3,
  actual: 4,
  percent: 5,
  percentCells: 6,
  symmetric: 7,
  pinball: 8,
  intervalCells: 9,
  inside80: 10,
  inside95: 11,
  width80: 12,
  width95: 13,
} as const;
export const TALLY_WIDTH = 14;

const DECILES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/** The probabilities whose quantiles a tally needs: the deciles and the bounds of 80 % and 95 %. */
export const TALLY_PROBABILITIES: readonly number[] = [bounds(95)[0], ...DECILES, bounds(95)[1]];

/**
 * Adds the errors of a forecast to the tally at `row · TALLY_WIDTH`.
 * Cells whose actual value is NaN are not scored; without quantiles only point errors are.
 */
export function addErrors(
  tallies: Float64Array,
  row: number,
  actual: Float64Array,
  mean: Float64Array,
  quantiles?: readonly Float64Array[],
): void {
  const at = row * TALLY_WIDTH;
  const add = (place: number, amount: number): void => {
    tallies[at + place] = tallies[at + place]! + amount;
  };
  for (let s = 0; s < actual.length; s++) {
    const y = actual[s]!;
    const f = mean[s]!;
    if (Number.isNaN(y) || Number.isNaN(f)) continue;
    const error = f - y;
    const size = Math.abs(error);
    add(Tally.cells, 1);
    add(Tally.absolute, size);
    add(Tally.squared, error * error);
    add(Tally.signed, error);
    add(Tally.actual, Math.abs(y));
    if (y !== 0) {
      add(Tally.percent, size / Math.abs(y));
      add(Tally.percentCells, 1);
    }
    const both = Math.abs(y) + Math.abs(f);
    if (both > 0) add(Tally.symmetric, (200 * size) / both);
    if (!quantiles) continue;
    add(Tally.intervalCells, 1);
    for (let k = 0; k < DECILES.length; k++) {
      const q = quantiles[k + 1]![s]!;
      const p = DECILES[k]!;
      add(Tally.pinball, (y >= q ? p * (y - q) : (1 - p) * (q - y)) / DECILES.length);
    }
    const [low95, low80, high80, high95] = [
      quantiles[0]![s]!,
      quantiles[1]![s]!,
      quantiles[9]![s]!,
      quantiles[10]![s]!,
    ];
    if (y >= low80 && y <= high80) add(Tally.inside80, 1);
    if (y >= low95 && y <= high95) add(Tally.inside95, 1);
    add(Tally.width80, high80 - low80);
    add(Tally.width95, high95 - low95);
  }
}
