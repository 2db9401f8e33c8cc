// A panel whose end is moved: back to a cutoff, or on over cells that nobody has seen yet. Known-future columns stay.
import { allocatePanel, type Column, lengthOf, type Panel } from './panel.ts';

/** A copy in which series i is moved[i] cells longer (shorter: below 0), what is new being missing. */
function withMovedEnd(panel: Panel, moved: Int32Array, reach: number): Panel {
  const { freq, ids, target, closedWeekdays, statics, knownFuture, pastOnly } = panel;
  const named = ({ name, levels }: Column) => (levels ? { name, levels } : { name });
  const copy = allocatePanel(
    { freq, ids, target, closedWeekdays, statics, reach },
    moved.map((cells, i) => lengthOf(panel, i) + cells),
    { knownFuture: knownFuture.map(named), pastOnly: pastOnly.map(named) },
  );
  for (let i = 0; i < ids.length; i++) {
    const [from, end] = [panel.offsets[i]!, panel.offsets[i + 1]!];
    const to = end + Math.min(0, moved[i]!);
    const at = copy.offsets[i]!;
    copy.start[i] = panel.start[i]!;
    copy.y.set(panel.y.subarray(from, to), at);
    copy.state.set(panel.state.subarray(from, to), at);
    for (const [c, { values }] of pastOnly.entries())
      copy.pastOnly[c]!.values.set(values.subarray(from, to), at);
    const shift = i * panel.reach;
    for (const [c, { values }] of knownFuture.entries()) {
      copy.knownFuture[c]!.values.set(
        values.subarray(from + shift, end + shift + panel.reach),
        at + i * reach,
      );
    }
  }
  return copy;
}

/**
 * A copy without the last cells of each series: `hidden` of each, or hidden[i] of series i. Known-future columns keep their
 * values, which now lie ahead; nothing else of the hidden cells is left.
 */
export function cutPanel(panel: Panel, hidden: number | ArrayLike<number>): Panel {
  const cells = Int32Array.from(panel.ids, (_, i) =>
    Math.min(lengthOf(panel, i), typeof hidden === 'number' ? hidden : hidden[i]!),
  );
  const most = cells.reduce((a, b) => Math.max(a, b), 0);
  return withMovedEnd(
    panel,
    cells.map((count) => -count),
    panel.reach + most,
  );
}

/** A copy with h more cells a series, missing as yet. */
export const extendPanel = (panel: Panel, h: number): Panel =>
  withMovedEnd(panel, new Int32Array(panel.ids.length).fill(h), Math.max(panel.reach, h) - h);
