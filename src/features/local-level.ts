// The size a series had of late, row by row: what targets and lags are divided by, so that all series look alike.
import type { FeatureRows } from './feature-rows.ts';
import type { History } from './history.ts';

/** Cells that a level of the whole past weighs as, beside those of the window. */
const PRIOR = 1;

/**
 * Mean size of the last `window` known cells of each row's series, leaning a little on all cells before, so that a window of
 * zeros has a size too. A series without any known cell takes `newcomer`.
 */
export function localLevels(
  { series, known }: FeatureRows,
  history: History,
  window: number,
  newcomer: (i: number) => number,
): Float64Array {
  const out = new Float64Array(series.length);
  for (let r = 0; r < out.length; r++) {
    const i = series[r]!;
    const n = known[r]!;
    if (r > 0 && series[r - 1] === i && known[r - 1] === n) {
      out[r] = out[r - 1]!;
      continue;
    }
    const all = history.size(i, 0, n);
    const count = history.count(i, n - window, n);
    const own = count > 0 ? history.size(i, n - window, n) : 0;
    const level = (own * count + PRIOR * all) / (count + PRIOR);
    out[r] = level > 0 ? level : newcomer(i);
  }
  return out;
}
