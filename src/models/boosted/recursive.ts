// One step at a time: what was forecast stands in for what happened, and the next step looks back on it.
import { extendPanel } from '../../core/moved-end.ts';
import { CellState, lengthOf, type Panel } from '../../core/panel.ts';
import type { Setting } from '../../features/feature-rows.ts';
import { type FeatureOptions, featureTable } from '../../features/feature-table.ts';
import { type Forest, predictForest } from './forest.ts';

/**
 * Forecasts h steps of every series with trees of one step, series by series and step by step. Past-only columns keep
 * their last value.
 */
export function forecastRecursively(
  forest: Forest,
  panel: Panel,
  h: number,
  setting: Setting,
  options: FeatureOptions,
): Float64Array {
  const longer = extendPanel(panel, h);
  const count = panel.ids.length;
  const out = new Float64Array(count * h);
  for (let s = 0; s < h; s++) {
    const rows = {
      series: Int32Array.from({ length: count }, (_, i) => i),
      known: Int32Array.from({ length: count }, (_, i) => lengthOf(panel, i) + s),
      step: new Int32Array(count).fill(1),
    };
    const step = predictForest(forest, featureTable(longer, rows, setting, options));
    for (let i = 0; i < count; i++) {
      const at = longer.offsets[i]! + lengthOf(panel, i) + s;
      out[i * h + s] = step[i]!;
      longer.y[at] = step[i]!;
      longer.state[at] = CellState.observed;
      for (const { values } of longer.pastOnly)
        values[at] = at > longer.offsets[i]! ? values[at - 1]! : Number.NaN;
    }
  }
  return out;
}
