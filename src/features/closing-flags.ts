// Known-future columns that say when a shop is shut: values of a flag or category at which nothing was ever sold.
import { CellState, type Panel } from '../core/panel.ts';
import { kindOf } from './column-kind.ts';
import { type ColumnReader, knownReader } from './column-reader.ts';

/** A value of a known-future column at which nothing is sold. */
export interface ClosingFlag {
  readonly column: string;
  readonly value: number;
}

/** Cells with the value at least, the share of them without a sale at least, and of all others at most. */
const LEAST_CELLS = 30;
const SHUT_SHARE = 0.995;
const OPEN_SHARE = 0.5;
/** Categories with more levels than these name things, and do not say when a shop is open. */
const LEVELS = 30;

/**
 * Finds values of flags and categories at which sales are (all but) always zero, or that were marked as closed before, while
 * elsewhere most cells sell. Products that hardly ever sell have none: their zeros say nothing of the door.
 */
export function closingFlags(panel: Panel): ClosingFlag[] {
  return panel.knownFuture.flatMap((column): ClosingFlag[] => {
    const { name, levels } = column;
    const kind = kindOf(column);
    if (kind !== 'flag' && !(kind === 'category' && levels!.length <= LEVELS)) return [];
    const width = levels?.length ?? 2;
    const [cells, idle] = [new Float64Array(width), new Float64Array(width)];
    const read = knownReader(panel, column);
    for (let i = 0; i < panel.ids.length; i++) {
      const from = panel.offsets[i]!;
      for (let at = from; at < panel.offsets[i + 1]!; at++) {
        const value = read(i, at - from);
        const isShut = panel.state[at] === CellState.closed;
        if (Number.isNaN(value) || !(isShut || panel.state[at] === CellState.observed)) continue;
        cells[value]!++;
        if (isShut || panel.y[at] === 0) idle[value]!++;
      }
    }
    const all = cells.reduce((a, b) => a + b, 0);
    const allIdle = idle.reduce((a, b) => a + b, 0);
    const closing = [...cells.keys()].filter(
      (v) => cells[v]! >= LEAST_CELLS && idle[v]! >= SHUT_SHARE * cells[v]!,
    );
    const shut = closing.reduce((sum, v) => sum + cells[v]!, 0);
    const shutIdle = closing.reduce((sum, v) => sum + idle[v]!, 0);
    return allIdle - shutIdle <= OPEN_SHARE * (all - shut) && all > shut
      ? closing.map((value) => ({ column: name, value }))
      : [];
  });
}

/** Tells of cell t of series i, also ahead of its end, whether a flag says that the shop is shut. */
export function shutReader(panel: Panel, flags: readonly ClosingFlag[]): (i: number, t: number) => boolean {
  const readers = flags.map(({ column, value }): [ColumnReader, number] => [
    knownReader(panel, panel.knownFuture.find(({ name }) => name === column)!),
    value,
  ]);
  return (i, t) => readers.some(([read, value]) => read(i, t) === value);
}

/** Cells that sold nothing while a flag says shut. */
export function* shutCells(panel: Panel, flags: readonly ClosingFlag[]): Generator<number> {
  const isShut = shutReader(panel, flags);
  for (let i = 0; i < panel.ids.length; i++) {
    const from = panel.offsets[i]!;
    for (let at = from; at < panel.offsets[i + 1]!; at++) {
      if (panel.state[at] === CellState.observed && panel.y[at] === 0 && isShut(i, at - from)) yield at;
    }
  }
}

/** A copy of the panel in which idle cells of shut shops are closed instead of zeros; the panel itself without flags. */
export function withClosings(panel: Panel, flags: readonly ClosingFlag[]): Panel {
  if (flags.length === 0) return panel;
  const copy = { ...panel, y: panel.y.slice(), state: panel.state.slice() };
  for (const at of shutCells(panel, flags)) {
    copy.y[at] = Number.NaN;
    copy.state[at] = CellState.closed;
  }
  return copy;
}
