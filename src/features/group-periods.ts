// Cells of a table of groups by periods: what all series of a group have in a period is kept there.
import { lengthOf, type Panel } from '../core/panel.ts';
import type { ColumnReader } from './column-reader.ts';
import type { Grouping } from './group-features.ts';

export interface GroupPeriods {
  readonly cells: number;
  /** The cell of the group of series i in the period of its cell t; −1 where it has no group. */
  at(i: number, t: number): number;
}

/** The table of one grouping, over all periods of the panel and those its columns reach. */
export function groupPeriods(panel: Panel, { codes, groups }: Grouping): GroupPeriods {
  let first = Infinity;
  let last = -Infinity;
  for (let i = 0; i < panel.ids.length; i++) {
    first = Math.min(first, panel.start[i]!);
    last = Math.max(last, panel.start[i]! + lengthOf(panel, i) + panel.reach);
  }
  const span = Math.max(1, last - first);
  return {
    cells: groups * span,
    at: (i, t) => {
      const period = panel.start[i]! + t - first;
      return codes[i]! >= 0 && period >= 0 && period < span ? codes[i]! * span + period : -1;
    },
  };
}

/** Visits every known value of a column with the cell of its group and period. */
export function eachKnown(
  panel: Panel,
  { at }: GroupPeriods,
  read: ColumnReader,
  visit: (cell: number, value: number) => void,
): void {
  for (let i = 0; i < panel.ids.length; i++) {
    const count = lengthOf(panel, i) + panel.reach;
    for (let t = 0; t < count; t++) {
      const value = read(i, t);
      const cell = at(i, t);
      if (cell >= 0 && !Number.isNaN(value)) visit(cell, value);
    }
  }
}
