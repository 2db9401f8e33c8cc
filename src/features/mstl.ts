// MSTL: several seasons at once, by STL again and again (Bandara, Hyndman and Bergmeir 2021).
import { type StlOptions, stl } from './stl.ts';

export interface Mstl {
  /** One component a season, in the order of the periods. */
  readonly seasons: readonly Float64Array[];
  readonly trend: Float64Array;
  /** NaN where the series is not observed. */
  readonly remainder: Float64Array;
}

export interface MstlOptions extends Pick<StlOptions, 'robust'> {
  /** Seasons over which the phases of each period are smoothed; defaults to 11, 15, 19, … as in the paper. */
  readonly windows?: readonly (number | 'periodic')[];
  /** Rounds over the seasons, each being estimated with the others taken out; defaults to 2, and one season needs 1. */
  readonly rounds?: number;
}

/**
 * Splits y into seasons of the given periods (whole, ascending), a trend and a remainder. Without missing cells it equals
 * R's `mstl`. Each period needs more than two seasons of cells.
 */
export function mstl(
  y: Float64Array,
  periods: readonly number[],
  { windows, robust = false, rounds = 2 }: MstlOptions = {},
): Mstl {
  const seasons = periods.map(() => new Float64Array(y.length));
  const rest = Float64Array.from(y);
  let trend = new Float64Array(y.length);
  for (let round = 0; round < (periods.length > 1 ? rounds : 1); round++) {
    periods.forEach((m, i) => {
      const own = seasons[i]!;
      for (let t = 0; t < y.length; t++) rest[t] = rest[t]! + own[t]!;
      const found = stl(rest, m, { seasonWindow: windows?.[i] ?? 11 + 4 * i, robust });
      own.set(found.season);
      trend = Float64Array.from(found.trend);
      for (let t = 0; t < y.length; t++) rest[t] = rest[t]! - own[t]!;
    });
  }
  return { seasons, trend, remainder: rest.map((value, t) => value - trend[t]!) };
}
