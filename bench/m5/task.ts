// What is asked of a forecaster: a panel without its end, the end, and how far off a forecast of it is.
import type { Distribution } from '../../src/core/distribution.ts';
import type { Panel } from '../../src/core/panel.ts';
import { insampleScale, rmsse } from '../../src/evaluate/metrics.ts';

export interface Task {
  /** The training part; known-future columns reach over the horizon. */
  readonly panel: Panel;
  readonly h: number;
  readonly season_length: number;
  /** What came after, h values a series, one series after the other. */
  readonly actual: Float64Array;
}

export interface Scores {
  /** One a series; NaN where the training part is constant or a single cell. */
  readonly rmsse: Float64Array;
  /** Σ|y − f| / Σy over all cells. */
  readonly wape: number;
  /** Σ(f − y) / Σy over all cells: above 0 too high. */
  readonly bias: number;
}

/** The training part of series i from its first sale on, where the scale of the M5 begins. */
function sinceFirstSale({ y, offsets }: Panel, i: number): Float64Array {
  const own = y.subarray(offsets[i]!, offsets[i + 1]!);
  return own.subarray(
    Math.max(
      0,
      own.findIndex((value) => value > 0),
    ),
  );
}

/** The scores of point forecasts, series by series in the order of the panel. */
export function scoresOf({ panel, h, actual }: Task, found: readonly Pick<Distribution, 'mean'>[]): Scores {
  let [off, over, sold] = [0, 0, 0];
  const errors = Float64Array.from(panel.ids, (_, i) => {
    const y = actual.subarray(i * h, (i + 1) * h);
    const { mean } = found[i]!;
    for (const [s, value] of y.entries()) {
      off += Math.abs(value - mean[s]!);
      over += mean[s]! - value;
      sold += value;
    }
    return rmsse(y, mean, insampleScale(sinceFirstSale(panel, i), 1, 2));
  });
  return { rmsse: errors, wape: off / sold, bias: over / sold };
}
