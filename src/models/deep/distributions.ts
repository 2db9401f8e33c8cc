// From what a network says beyond the plain forecast to distributions in units of y.
import type { QuantileDistribution } from '../../core/distribution.ts';
import type { Panel } from '../../core/panel.ts';
import { supportOf } from '../../core/support.ts';
import { middleOf } from './fan.ts';
import { type Base, baseOf, footingOf } from './footing.ts';
import type { Sizes } from './windows.ts';

/** What decides how quantiles become forecasts. */
export interface DirectTraits {
  /** Whether sums matter more than the middle: series that are mostly zero have a median of 0. */
  readonly sparse: boolean;
}

/** Shares of zeros from which a series is sparse. */
const MANY_ZEROS = 1 / 3;

/** Whether sums matter more than the middle: series that are mostly zero have a median of 0. */
export const isSparse = ({ y }: Panel): boolean => {
  let [zero, count] = [0, 0];
  for (const v of y) {
    if (Number.isNaN(v)) continue;
    count++;
    if (v === 0) zero++;
  }
  return zero > MANY_ZEROS * count;
};

/** What each quantile counts in the mean: half the probability between its neighbours, and all beyond at the ends. */
const sharesOf = (p: readonly number[]): number[] =>
  p.map((own, k) => (k + 1 < p.length ? (own + p[k + 1]!) / 2 : 1) - (k > 0 ? (own + p[k - 1]!) / 2 : 0));

/**
 * The forecasts in units of y: the mean is the median, or of sparse series that of the quantiles. What was never negative stays
 * at 0 or above.
 */
export function distributions(
  {
    quantiles,
    sizes,
    sparse,
  }: { readonly quantiles: readonly number[]; readonly sizes: Sizes; readonly sparse: boolean },
  panel: Panel,
  h: number,
  deviationAt: (k: number) => number,
): QuantileDistribution[] {
  const width = quantiles.length;
  const shares = sharesOf(quantiles);
  const middle = middleOf(quantiles);
  const base: Base = { values: new Float64Array(sizes.h), told: new Float64Array(sizes.h) };
  return panel.ids.map((_, i) => {
    const past = { y: panel.y, from: panel.offsets[i]!, to: panel.offsets[i + 1]! };
    const footing = footingOf(past, sizes.season, sizes.usual);
    baseOf(past, sizes.season, footing, base);
    const { min = -Infinity } = supportOf(panel.y.subarray(past.from, past.to));
    const values = new Float64Array(h * width);
    const mean = new Float64Array(h);
    for (let s = 0; s < h; s++) {
      for (let k = 0; k < width; k++) {
        const value = base.values[s]! + footing.scale * deviationAt((i * sizes.h + s) * width + k);
        values[s * width + k] = Math.max(min, value);
        if (sparse) mean[s]! += shares[k]! * values[s * width + k]!;
      }
      if (!sparse) mean[s] = values[s * width + middle]!;
    }
    return { kind: 'quantiles', mean, probabilities: Float64Array.from(quantiles), values };
  });
}
