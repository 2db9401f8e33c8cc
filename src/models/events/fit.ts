// What events did to what all series sell together: fitted beside a trend that may bend, the week, a smooth year and offers that all
// have at a time, as far as the evidence goes.
import type { Frequency } from '../../core/frequency.ts';
import { exactSeason, phaseColumns } from '../../features/calendar.ts';
import { fourierColumns } from '../../features/fourier.ts';
import { LONG } from '../../features/long-season.ts';
import { FREE, type Gram, gramOf, shrunkenFit } from '../../learn/linear/shrunken.ts';
import type { Bump } from './columns.ts';
import type { CommonSales } from './common-sales.ts';

/** Stretches of the trend and pairs of the smooth year beside which events are learned. */
const BENDS = 25;
const PAIRS = 14;

/** When it is: the frequency, the ordinal of the first period, and the short season. */
export interface Calendar {
  readonly freq: Frequency;
  readonly first: number;
  readonly week: number;
}

/** A regression on events, and what came of it. */
export interface EventFit {
  /** The logarithm of what each bump did; 0 for events that had not been yet. */
  readonly effects: Float64Array;
  /** The bumps that were met, as columns from `from` on. */
  readonly seen: readonly number[];
  readonly from: number;
  readonly gram: Gram;
  /** The penalty of each column; 0 for a free one. */
  readonly penalties: Float64Array;
  /** Sums of columns times something else that is known of each period. */
  readonly against: (values: Float64Array) => Pick<Gram, 'zy' | 'yy'>;
}

/** What each bump did by the first n periods. */
export function fitBumps(
  { sales, offers }: CommonSales,
  bumps: readonly Bump[],
  { freq, first, week }: Calendar,
  n: number,
): EventFit {
  const columns: Float64Array[] = [];
  const groups: number[] = [];
  const add = (group: number, ...own: readonly Float64Array[]): void => {
    columns.push(...own);
    for (const _ of own) groups.push(group);
  };
  const per = (of: (t: number) => number): Float64Array => Float64Array.from({ length: n }, (_, t) => of(t));
  add(
    FREE,
    per(() => 1),
    per((t) => t / n),
    ...offers,
  );
  if (week > 1 && week < LONG) add(FREE, ...phaseColumns(first, n, week, [...Array(week).keys()]));
  const bend = n / BENDS;
  for (let k = 0; k < BENDS; k++)
    add(
      0,
      per((t) => Math.min(1, Math.max(0, t / bend - k))),
    );
  for (const m of freq.seasons.filter((own) => own >= LONG && own < n)) {
    // A smooth year has small high harmonics.
    const pairs = fourierColumns(first, n, exactSeason(freq, m), PAIRS);
    add(1, ...pairs.map((own, j) => own.map((value) => value / (1 + Math.floor(j / 2)))));
  }
  const rows = [...sales.subarray(0, n).keys()].filter((t) => !Number.isNaN(sales[t]!));
  const seen = [...bumps.keys()].filter((k) => rows.some((t) => bumps[k]!.values[t]! > 0));
  const from = columns.length;
  // What is done on the day, as where shops are shut, does not tell how much is done in the days around it.
  for (const k of seen) add(bumps[k]!.isNear ? 2 : 3, bumps[k]!.values);
  const p = columns.length;
  const z = Float64Array.from(
    { length: rows.length * p },
    (_, k) => columns[k % p]![rows[Math.floor(k / p)]!]!,
  );
  const gram = gramOf(
    z,
    Float64Array.from(rows, (t) => sales[t]!),
    rows.length,
    p,
  );
  const { coefficients, lambda } = shrunkenFit(
    gram,
    Int32Array.from(groups),
    new Float64Array(p).fill(1),
    new Float64Array(4).fill(1),
  );
  const effects = new Float64Array(bumps.length);
  for (const [j, k] of seen.entries()) effects[k] = coefficients[from + j]!;
  return {
    effects,
    seen,
    from,
    gram,
    penalties: Float64Array.from(groups, (own) => (own === FREE ? 0 : lambda[own]!)),
    against: (values) => {
      const y = Float64Array.from(rows, (t) => values[t]!);
      const zy = Float64Array.from(columns, (column) =>
        rows.reduce((sum, t, r) => sum + column[t]! * y[r]!, 0),
      );
      return { zy, yy: y.reduce((sum, own) => sum + own * own, 0) };
    },
  };
}
