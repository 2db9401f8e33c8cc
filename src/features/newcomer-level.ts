// The size to expect of a series without a past: that of the series whose attributes are most like its own.
import type { Panel } from '../core/panel.ts';
import { median } from '../math/statistics.ts';
import { groupingsOf } from './group-features.ts';
import type { History } from './history.ts';

/** Cells from a launch on that tell the size of a newcomer. */
const FIRST_CELLS = 26;

/** A level for each series that has no cell of its own: medians of first cells, by groups, averaged in logarithms. */
export function newcomerLevels(panel: Panel, history: History): (i: number) => number {
  const logs = Float64Array.from(panel.ids, (_, i) => {
    const size = history.size(i, 0, FIRST_CELLS);
    return size > 0 ? Math.log(size) : Number.NaN;
  });
  const overall = median(logs);
  const centre = Number.isNaN(overall) ? 0 : overall;
  const effects = groupingsOf(panel.ids.length, panel.statics).map(({ codes, groups }) => {
    const members = Array.from({ length: groups }, (): number[] => []);
    for (const [i, code] of codes.entries()) if (code >= 0) members[code]!.push(logs[i]! - centre);
    return { codes, effect: members.map((own) => median(own) || 0) };
  });
  return (i) => Math.exp(effects.reduce((sum, { codes, effect }) => sum + (effect[codes[i]!] ?? 0), centre));
}
