// A panel as it was at a cutoff: cells after it are gone, known-future columns reach over them.
import { allocatePanel, lengthOf, type Panel } from './panel.ts';

/**
 * A copy without the last cells of each series: `hidden` of each, or hidden[i] of series i. Known-future columns keep their
 * values, which now lie ahead; nothing else of the hidden cells is left.
 */
export function cutPanel(panel: Panel, hidden: number | ArrayLike<number>): Panel {
  const of = (i: number): number =>
    Math.min(lengthOf(panel, i), typeof hidden === 'number' ? hidden : hidden[i]!);
  const { freq, ids, target, closedWeekdays, statics, knownFuture, pastOnly } = panel;
  let most = 0;
  for (let i = 0; i < ids.length; i++) most = Math.max(most, of(i));
  const named = <T extends { readonly name: string; readonly levels?: readonly string[] }>({
    name,
    levels,
  }: T) => (levels ? { name, levels } : { name });
  const cut = allocatePanel(
    { freq, ids, target, closedWeekdays, statics, reach: panel.reach + most },
    Int32Array.from(ids, (_, i) => lengthOf(panel, i) - of(i)),
    { knownFuture: knownFuture.map(named), pastOnly: pastOnly.map(named) },
  );
  for (let i = 0; i < ids.length; i++) {
    const from = panel.offsets[i]!;
    const to = panel.offsets[i + 1]! - of(i);
    const at = cut.offsets[i]!;
    cut.start[i] = panel.start[i]!;
    cut.y.set(panel.y.subarray(from, to), at);
    cut.state.set(panel.state.subarray(from, to), at);
    for (const [c, { values }] of pastOnly.entries())
      cut.pastOnly[c]!.values.set(values.subarray(from, to), at);
    const shift = i * panel.reach;
    for (const [c, { values }] of knownFuture.entries()) {
      cut.knownFuture[c]!.values.set(
        values.subarray(from + shift, panel.offsets[i + 1]! + shift + panel.reach),
        at + i * cut.reach,
      );
    }
  }
  return cut;
}
