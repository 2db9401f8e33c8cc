// One step at a time: what was forecast stands in for what happened, and the next step looks back on it.
import { allocatePanel, CellState, lengthOf, type Panel } from '../../core/panel.ts';
import type { Setting } from '../../features/feature-rows.ts';
import { type FeatureOptions, featureTable } from '../../features/feature-table.ts';
import { type Forest, predictForest } from './forest.ts';

/** A copy of the panel with h more cells a series, missing as yet; known-future columns keep their values. */
function extended(panel: Panel, h: number): Panel {
  const { freq, ids, target, closedWeekdays, statics, knownFuture, pastOnly } = panel;
  const reach = Math.max(panel.reach, h) - h;
  const named = ({ name, levels }: Panel['knownFuture'][number]) => (levels ? { name, levels } : { name });
  const longer = allocatePanel(
    { freq, ids, target, closedWeekdays, statics, reach },
    Int32Array.from(ids, (_, i) => lengthOf(panel, i) + h),
    { knownFuture: knownFuture.map(named), pastOnly: pastOnly.map(named) },
  );
  for (let i = 0; i < ids.length; i++) {
    const [from, to] = [panel.offsets[i]!, panel.offsets[i + 1]!];
    const at = longer.offsets[i]!;
    longer.start[i] = panel.start[i]!;
    longer.y.set(panel.y.subarray(from, to), at);
    longer.state.set(panel.state.subarray(from, to), at);
    for (const [c, { values }] of pastOnly.entries())
      longer.pastOnly[c]!.values.set(values.subarray(from, to), at);
    const shift = i * panel.reach;
    for (const [c, { values }] of knownFuture.entries())
      longer.knownFuture[c]!.values.set(
        values.subarray(from + shift, to + shift + panel.reach),
        at + i * reach,
      );
  }
  return longer;
}

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
  const longer = extended(panel, h);
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
