// Windows that are held out to see when training should stop: the newest periods of some series.
import { lengthOf, type Panel } from '../../core/panel.ts';
import type { Cutoffs } from './windows.ts';

/** Of so many series, one is held out; of panels with fewer than two such, all are. */
const EVERY = 5;

export interface Split {
  readonly learned: Cutoffs;
  /** One window a series: its last h periods. */
  readonly held: Cutoffs;
}

/** The cutoffs for which it is true. */
function cutoffsWhere({ series, known }: Cutoffs, isWanted: (i: number, known: number) => boolean): Cutoffs {
  const wanted = (_: number, k: number): boolean => isWanted(series[k]!, known[k]!);
  return { series: series.filter(wanted), known: known.filter(wanted) };
}

/**
 * Holds out the last h periods of one in `every` series, the seed saying which; by default of every fifth, or of all where there
 * are few. No window of these that is learned from reaches into what is held out; the newest periods of the other series are
 * learned from. Undefined where nothing would be left on either side.
 */
export function heldOut(
  panel: Panel,
  cutoffs: Cutoffs,
  h: number,
  seed: number,
  every: number = panel.ids.length < 2 * EVERY ? 1 : EVERY,
): Split | undefined {
  const isHeld = (i: number): boolean => (i + seed) % every === 0;
  const split = {
    learned: cutoffsWhere(cutoffs, (i, known) => !isHeld(i) || known <= lengthOf(panel, i) - 2 * h),
    held: cutoffsWhere(cutoffs, (i, known) => isHeld(i) && known === lengthOf(panel, i) - h),
  };
  return split.learned.series.length > 0 && split.held.series.length > 0 ? split : undefined;
}
