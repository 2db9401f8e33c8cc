// The calendar as numbers: true lengths of seasons, the phase of a period in its season, and dummies of phases.
import type { Frequency } from '../core/frequency.ts';

/** Periods in a mean Gregorian year, for the units in which a year is not a whole number of periods. */
const YEAR: Partial<Record<Frequency['unit'], [nominal: number, exact: number]>> = {
  day: [365, 365.2425],
  week: [52, 365.2425 / 7],
  'business-day': [260, (365.2425 * 5) / 7],
};

/**
 * The true length of a season that is named by a whole number: a year of 52 weeks is 52.18 weeks, one of 365
 * days 365.24. Other seasons are as long as they say.
 */
export function exactSeason({ unit, multiple }: Frequency, season_length: number): number {
  const year = YEAR[unit];
  return year && season_length * multiple === year[0] ? year[1] / multiple : season_length;
}

/** The phase 0 … m − 1 of a period in a season of m whole periods; the same for all series of a panel. */
export const phase = (ordinal: number, m: number): number => ((ordinal % m) + m) % m;

/**
 * One column of 0 and 1 for each given phase but the last, over the periods start … start + n − 1.
 * A period in a phase that is not given gets the average of those that are (1 / count in every column), so
 * that a weekday never seen is forecast as a mean weekday.
 */
export function phaseColumns(start: number, n: number, m: number, phases: ArrayLike<number>): Float64Array[] {
  return dummyColumns(n, (t) => phase(start + t, m), phases);
}

/** One column for each given code but the last; a code that is not given gets the average of those that are. */
export function dummyColumns(
  n: number,
  codeAt: (t: number) => number,
  codes: ArrayLike<number>,
): Float64Array[] {
  const count = codes.length;
  const columns = Array.from({ length: Math.max(0, count - 1) }, () => new Float64Array(n));
  const place = new Map<number, number>();
  for (let k = 0; k < count; k++) place.set(codes[k]!, k);
  for (let t = 0; t < n; t++) {
    const at = place.get(codeAt(t));
    if (at === undefined) for (const column of columns) column[t] = 1 / count;
    else if (at < count - 1) columns[at]![t] = 1;
  }
  return columns;
}
