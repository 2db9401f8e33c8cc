// What is read off sample paths: the quantiles of each step ahead, on the grid that the pipeline asks for.
import type { QuantileDistribution } from '../core/distribution.ts';
import { quantileSorted } from '../math/statistics.ts';
import { DEMAND_PROBABILITIES } from './demand-distribution.ts';

/** The distribution of paths (path-major: step s of path k at k · h + s) around the given mean. */
export function pathQuantiles(paths: Float64Array, mean: Float64Array): QuantileDistribution {
  const h = mean.length;
  const count = DEMAND_PROBABILITIES.length;
  const values = new Float64Array(h * count);
  const column = new Float64Array(paths.length / h);
  for (let s = 0; s < h; s++) {
    for (let k = 0; k < column.length; k++) column[k] = paths[k * h + s]!;
    column.sort();
    let below = column[0]!;
    for (const [q, p] of DEMAND_PROBABILITIES.entries()) {
      // Between equal paths rounding may turn quantiles around.
      below = Math.max(below, quantileSorted(column, p));
      values[s * count + q] = below;
    }
  }
  return { kind: 'quantiles', mean, probabilities: Float64Array.from(DEMAND_PROBABILITIES), values };
}
