// What changed since an earlier forecast of the same periods, and what came in between.
import { endOf, type Panel } from '../core/panel.ts';
import { sum } from '../math/statistics.ts';
import { between, type Contributions, PARTS, type PartName } from './contributions.ts';

export interface Change {
  /** Ordinal of the first period that both forecasts cover, and how many there are. */
  readonly start: number;
  readonly periods: number;
  /** The sum over these periods, before and now. */
  readonly before: number;
  readonly now: number;
  /** By how much each part moved; adds up to now − before. */
  readonly parts: Readonly<Record<PartName, number>>;
  /** Periods that the earlier forecast looked ahead to and that have been observed since; undefined where none. */
  readonly seen?: { readonly periods: number; readonly expected: number; readonly observed: number };
}

/** Sums of the observed cells of the given series in the periods that a forecast covered, and of that forecast there. */
function seenSince(
  panel: Panel,
  series: readonly number[],
  before: readonly Contributions[],
): Change['seen'] {
  let [periods, expected, observed] = [0, 0, 0];
  for (const [k, i] of series.entries()) {
    const { start, mean } = before[k]!;
    let own = 0;
    for (let s = 0; s < mean.length && start + s < endOf(panel, i); s++) {
      const y = panel.y[panel.offsets[i]! + start + s - panel.start[i]!]!;
      if (Number.isNaN(y)) continue;
      own++;
      observed += y;
      expected += mean[s]!;
    }
    periods = Math.max(periods, own);
  }
  return periods > 0 ? { periods, expected, observed } : undefined;
}

/**
 * Compares two forecasts of the same series over the periods that both cover; undefined where there is none. `series` are
 * the series' places in `panel`, on which the later forecast rests; the contributions stand in the same order.
 */
export function changeSince(
  panel: Panel,
  series: readonly number[],
  before: readonly Contributions[],
  now: readonly Contributions[],
): Change | undefined {
  let [start, end, total, earlier] = [Infinity, -Infinity, 0, 0];
  const parts = Object.fromEntries(PARTS.map((name) => [name, 0])) as Record<PartName, number>;
  for (const [k, later] of now.entries()) {
    const old = before[k]!;
    const from = Math.max(old.start, later.start);
    const to = Math.min(old.start + old.mean.length, later.start + later.mean.length);
    if (from >= to) continue;
    const [a, b] = [between(old, from, to), between(later, from, to)];
    earlier += sum(a.mean);
    total += sum(b.mean);
    for (const name of PARTS) parts[name] += sum(b.parts[name]) - sum(a.parts[name]);
    start = Math.min(start, from);
    end = Math.max(end, to);
  }
  if (start >= end) return undefined;
  const seen = seenSince(panel, series, before);
  return { start, periods: end - start, before: earlier, now: total, parts, ...(seen ? { seen } : {}) };
}
