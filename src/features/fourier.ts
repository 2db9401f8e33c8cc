// Fourier terms: a smooth season as pairs of sine and cosine (Young, Pedregal and Tych 1999; Hyndman's `fourier`).

/**
 * Columns sin(2πkt/period), cos(2πkt/period) for each harmonic k, over the periods start … start + n − 1.
 * `period` is the season's length in periods and need not be whole. The phase hangs on the period's ordinal, so
 * the columns of a forecast go on where those of the past ended. At k = period/2 the sine is 0 and is left out.
 */
export function harmonicColumns(
  start: number,
  n: number,
  period: number,
  harmonics: readonly number[],
): Float64Array[] {
  const columns: Float64Array[] = [];
  for (const k of harmonics) {
    const sine = new Float64Array(n);
    const cosine = new Float64Array(n);
    for (let t = 0; t < n; t++) {
      // Whole turns are taken off first: the sine of a large angle loses digits.
      const turns = (k * (start + t)) / period;
      const angle = 2 * Math.PI * (turns - Math.floor(turns));
      sine[t] = Math.sin(angle);
      cosine[t] = Math.cos(angle);
    }
    if (2 * k < period) columns.push(sine);
    columns.push(cosine);
  }
  return columns;
}

/** The columns of harmonics 1 … pairs. */
export function fourierColumns(start: number, n: number, period: number, pairs: number): Float64Array[] {
  const count = Math.min(pairs, mostPairs(period));
  return harmonicColumns(
    start,
    n,
    period,
    Array.from({ length: count }, (_, k) => k + 1),
  );
}

/** Most pairs that a season of this length has. */
export const mostPairs = (period: number): number => Math.floor(period / 2);

/** How many columns `pairs` harmonics make. */
export const fourierWidth = (period: number, pairs: number): number =>
  2 * Math.min(pairs, mostPairs(period)) - (2 * pairs >= period && Number.isInteger(period / 2) ? 1 : 0);
