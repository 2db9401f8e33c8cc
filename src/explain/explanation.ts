// The explanation of a forecast as plain data, and in one paragraph of plain words.
import { label } from '../core/frequency.ts';
import { CellState, type Panel } from '../core/panel.ts';
import { sum } from '../math/statistics.ts';
import type { Change } from './change.ts';
import { type Contributions, PARTS, type PartName } from './contributions.ts';

export interface Explanation {
  /** The series that is explained; absent where it is the sum of all. */
  readonly unique_id?: string;
  readonly target: string;
  readonly series: number;
  /** Series that are left out of a sum, because they ended before the others; absent where there are none. */
  readonly ended?: number;
  /** The periods, as labels. */
  readonly ds: readonly string[];
  readonly mean: readonly number[];
  /** Adds up to `mean` in every period. */
  readonly parts: Readonly<Record<PartName, readonly number[]>>;
  /** What single columns add against their usual values, and what else models of the whole panel tell of, the largest first. */
  readonly drivers?: readonly ExplainedDriver[];
  /** Sums over the periods. */
  readonly total: { readonly mean: number; readonly parts: Readonly<Record<PartName, number>> };
  /** What was sold in as many periods before; absent where nothing was observed. */
  readonly past?: { readonly periods: number; readonly total: number };
  /** The models that made it, of a single series. */
  readonly model?: string;
  readonly change?: ExplainedChange;
}

/** One value a period, counted in `parts` already. Of columns all models tell, of all else those of the whole panel alone. */
export interface ExplainedDriver {
  readonly name: string;
  readonly part: PartName;
  readonly total: number;
  readonly values: readonly number[];
}

export interface ExplainedChange extends Omit<Change, 'start'> {
  /** The run that made the earlier forecast. */
  readonly run: string;
  readonly from: string;
  readonly to: string;
}

/** The sum of the last h observed-or-closed periods of the given series; undefined where none of them was observed. */
function pastOf(panel: Panel, series: readonly number[], h: number): Explanation['past'] {
  let [total, periods] = [0, 0];
  for (const i of series) {
    const end = panel.offsets[i + 1]!;
    const from = Math.max(panel.offsets[i]!, end - h);
    let seen = 0;
    for (let t = from; t < end; t++) {
      if (panel.state[t] !== CellState.observed) continue;
      total += panel.y[t]!;
      seen++;
    }
    if (seen > 0) periods = Math.max(periods, end - from);
  }
  return periods > 0 ? { periods, total } : undefined;
}

const plain = (values: Float64Array): number[] => Array.from(values);

/** Puts together what is known of a forecast: `series` are the places in the panel of the series it is the sum of. */
export function explanationOf(
  panel: Panel,
  series: readonly number[],
  { start, mean, parts, drivers }: Contributions,
  about: {
    readonly model?: string;
    readonly ended?: number;
    readonly change?: Change;
    readonly run?: string;
  } = {},
): Explanation {
  const { freq, ids, target } = panel;
  const past = pastOf(panel, series, mean.length);
  const single = ids.length === 1 || series.length === 1;
  const { change, run = '' } = about;
  const each = <Value>(value: (name: PartName) => Value) =>
    Object.fromEntries(PARTS.map((name) => [name, value(name)])) as Record<PartName, Value>;
  return {
    ...(single ? { unique_id: ids[series[0]!]! } : {}),
    target,
    series: series.length,
    ...(about.ended ? { ended: about.ended } : {}),
    ds: plain(mean).map((_, s) => label(freq, start + s)),
    mean: plain(mean),
    parts: each((name) => plain(parts[name])),
    ...(drivers.length > 0
      ? {
          drivers: drivers
            .map(({ name, part, values }) => ({ name, part, total: sum(values), values: plain(values) }))
            .sort((a, b) => Math.abs(b.total) - Math.abs(a.total)),
        }
      : {}),
    total: { mean: sum(mean), parts: each((name) => sum(parts[name])) },
    ...(past ? { past } : {}),
    ...(single && about.model ? { model: about.model } : {}),
    ...(change
      ? {
          change: {
            run,
            from: label(freq, change.start),
            to: label(freq, change.start + change.periods - 1),
            periods: change.periods,
            before: change.before,
            now: change.now,
            parts: change.parts,
            ...(change.seen ? { seen: change.seen } : {}),
          },
        }
      : {}),
  };
}
