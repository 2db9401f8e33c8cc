// What a forecast needs before work begins: a horizon that history can carry, and the known future.
import { DataError } from '../core/errors.ts';
import { label, periodName } from '../core/frequency.ts';
import { endOf, futureAt, lengthOf, type Panel } from '../core/panel.ts';

/** Refuses a horizon longer than the longest history: no one could say how good such a forecast is. */
export function requireHistory(panel: Panel, h: number): void {
  let longest = 0;
  for (let i = 0; i < panel.ids.length; i++) longest = Math.max(longest, lengthOf(panel, i));
  if (h > longest) {
    throw new DataError(
      `the horizon of ${periodName(panel.freq, h)} is longer than the longest history, ${periodName(panel.freq, longest)}; ` +
        `forecast ${periodName(panel.freq, longest)} or less, or give more history.`,
    );
  }
}

/**
 * Refuses a known-future column that is not known for the whole horizon, naming the first gap. Series that ended
 * before the panel did are let through: they are discontinued, and models without the column serve them.
 */
export function requireKnownFuture(panel: Panel, h: number): void {
  let last = -Infinity;
  for (let i = 0; i < panel.ids.length; i++) last = Math.max(last, endOf(panel, i));
  for (let i = 0; i < panel.ids.length; i++) {
    if (endOf(panel, i) < last) continue;
    const { known } = futureAt(panel, i, h);
    for (const [k, values] of known.entries()) {
      const s = values.findIndex((value) => Number.isNaN(value));
      if (s < 0) continue;
      const { name } = panel.knownFuture[k]!;
      throw new DataError(
        `known-future column "${name}" has no value for series "${panel.ids[i]}" on ${label(panel.freq, endOf(panel, i) + s)}; ` +
          `add rows with an empty ${panel.target} for the next ${periodName(panel.freq, h)} (or a second file with --future), ` +
          `or do not declare "${name}" as known-future.`,
      );
    }
  }
}
