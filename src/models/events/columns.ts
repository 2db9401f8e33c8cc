// Columns of events: holidays, feasts and sales days that are the same for all series, and what their days look like.
import { civilFromDays, MS_PER_DAY } from '../../core/calendar.ts';
import { timestamp } from '../../core/frequency.ts';
import { type Column, lengthOf, type Panel } from '../../core/panel.ts';
import { kindOf } from '../../features/column-kind.ts';
import { knownReader } from '../../features/column-reader.ts';

/** Share of periods at most that have an event; what comes more often is a season or a promotion. */
const RARE = 1 / 4;

/** Days on end that are told apart. */
const PLACES = 4;

/** A column that is the same for all series and seldom other than usual; one label a period, −1 where there is no event. */
export interface Events {
  readonly name: string;
  readonly usual: number;
  readonly labels: Int32Array;
}

/** The most frequent number; NaN where there is none. */
function mostFrequent(values: Iterable<number>): number {
  const counts = new Map<number, number>();
  for (const value of values) if (!Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, own) => (own[1] > best[1] ? own : best), [Number.NaN, 0])[0];
}

/** The events of a column over the periods from `first` on; undefined where it tells of something else. */
export function eventsOf(panel: Panel, column: Column, first: number, span: number): Events | undefined {
  const kind = kindOf(column);
  if (kind !== 'flag' && kind !== 'category') return undefined;
  const read = knownReader(panel, column);
  const codes = new Float64Array(span).fill(Number.NaN);
  for (let i = 0; i < panel.ids.length; i++) {
    const at = panel.start[i]! - first;
    for (let t = 0; t < lengthOf(panel, i) + panel.reach; t++) {
      const value = read(i, t);
      if (Number.isNaN(value)) continue;
      if (!Number.isNaN(codes[at + t]!) && codes[at + t] !== value) return undefined;
      codes[at + t] = value;
    }
  }
  const usual = mostFrequent(codes);
  // A flag does not say which holiday it is: in other months it is another one, and so is each of several days on end.
  const label = (code: number, p: number): number => {
    if (kind === 'category') return code;
    let place = 0;
    while (place < PLACES && codes[p - place - 1] === code) place++;
    return civilFromDays(Math.floor(timestamp(panel.freq, first + p) / MS_PER_DAY)).month + 12 * place;
  };
  const labels = Int32Array.from(codes, (code, p) =>
    Number.isNaN(code) || code === usual ? -1 : label(code, p),
  );
  const count = labels.reduce((sum, own) => sum + (own < 0 ? 0 : 1), 0);
  return count > 0 && count <= RARE * span ? { name: column.name, usual, labels } : undefined;
}

/** What an event may do at one distance from it, in periods. */
export interface Bump {
  /** The column that tells of the event. */
  readonly name: string;
  /** Which event of the column. */
  readonly label: number;
  /** Whether it is on the event's day or next to it alone. */
  readonly isNear: boolean;
  /** One value a period: 1 where the bump is highest, 0 away from it. */
  readonly values: Float64Array;
}

/** Where a bump begins, is highest and ends, in periods from the event. */
export type Shape = readonly [from: number, top: number, to: number];

/** Columns by which an effect may rise and fall about the events of each label: one of each shape. */
export function bumpsOf({ name, labels }: Events, shapes: readonly Shape[]): Bump[] {
  return [...new Set(labels.filter((label) => label >= 0))].flatMap((label) => {
    const own = [...labels.keys()].filter((p) => labels[p] === label);
    const off = Int32Array.from(labels, (_, p) =>
      own.reduce((near, at) => (Math.abs(p - at) < Math.abs(near) ? p - at : near), Number.MAX_SAFE_INTEGER),
    );
    return shapes.map(([before, top, after]): Bump => {
      const values = Float64Array.from(off, (d) =>
        Math.max(0, d <= top ? (d - before) / (top - before) : (after - d) / (after - top)),
      );
      return { name, label, isNear: after - before === 2, values };
    });
  });
}
