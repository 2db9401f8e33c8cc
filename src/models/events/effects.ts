// What holidays and other events of the calendar did to sales, the days before and after them included: found in all series
// together, so that a forecast can be asked what it would be if there had never been any.
import { MS_PER_DAY } from '../../core/calendar.ts';
import { timestamp } from '../../core/frequency.ts';
import type { Column, Panel } from '../../core/panel.ts';
import { daysFromEaster } from '../../features/calendar-features.ts';
import type { Lifts, LiftsBefore } from '../../features/event-moves.ts';
import { LONG } from '../../features/long-season.ts';
import { panelEnd } from '../boosted/windows.ts';
import { bumpsOf, eventsOf } from './columns.ts';
import { commonSales } from './common-sales.ts';
import { fitBumps } from './fit.ts';

/** Periods from the event's nearest at which its effect is learned, the first and the last being those where it is none. */
const KNOTS = { day: [-15, -10, -5, -2, -1, 0, 1, 2, 5, 10], week: [-3, -2, -1, 0, 1, 2] } as const;
/** Days from Easter Sunday on which an event is Easter's. */
const EASTER = 3;
/** The most an event is believed to do, as a logarithm: in what it took from the past, and in what it will do. */
const MOST = 3;
const MOST_AHEAD = 1.5;
/** Times at which it is looked what events have done so far: so many at most, and so many to a year. */
const LOOKS = 12;
const LOOKS_A_YEAR = 4;
/** Share of a year that must be known for events to be told from it. */
const LEAST_YEAR = 0.75;

/** What events did in the past, column by column. */
export interface EventEffects {
  /** The columns that tell of events. */
  readonly names: readonly string[];
  /** The panel as if the events of the given columns had never been: without what they did, and without their dates. */
  without(names: readonly string[]): Panel;
  /** Whether one of the given columns has an event at Easter. */
  tellsEaster(names: readonly string[]): boolean;
  /** What the events of all but the given columns do, as far as it was known before a period. */
  liftsBefore(gone?: readonly string[]): LiftsBefore;
}

/**
 * Finds the event columns of a panel of days or weeks and what their events did to all series together. Undefined where the panel has
 * none. Series share the effects, in proportion to what they sell.
 */
export function eventEffects(panel: Panel, season_length: number): EventEffects | undefined {
  const { freq, knownFuture } = panel;
  const unit = freq.unit;
  if ((unit !== 'day' && unit !== 'week') || freq.multiple !== 1) return undefined;
  const first = panel.start.reduce((a, b) => Math.min(a, b), Infinity);
  const n = panelEnd(panel) - first;
  const span = n + panel.reach;
  const found = knownFuture.flatMap((column) => eventsOf(panel, column, first, span) ?? []);
  if (found.length === 0) return undefined;
  const names = found.map(({ name }) => name);
  const bumps = found.flatMap((events) => bumpsOf(events, KNOTS[unit]));
  const common = commonSales(panel, names, first, n);
  const known = new Map<number, Float64Array>();
  /** What each bump did by the first `until` periods. */
  const effectsBy = (until: number): Float64Array => {
    const own = known.get(until) ?? fitBumps(common, bumps, { freq, first, week: season_length }, until);
    known.set(until, own);
    return own;
  };
  /** The logarithm of what the events of some columns do to each period, `most` at most, by what is known after `until` periods. */
  const logOf = (until: number, most: number, isMeant: (name: string) => boolean): Float64Array => {
    const log = new Float64Array(span);
    for (const [k, effect] of effectsBy(until).entries()) {
      const { name, values } = bumps[k]!;
      if (effect !== 0 && isMeant(name)) for (let p = 0; p < span; p++) log[p]! += effect * values[p]!;
    }
    return log.map((value) => Math.min(most, Math.max(-most, value)));
  };
  const year = freq.seasons.find((m) => m >= LONG) ?? n;
  const stride = Math.ceil(Math.max(year / LOOKS_A_YEAR, (n - LEAST_YEAR * year) / LOOKS));
  const dayAt = (p: number): number => Math.floor(timestamp(freq, first + p) / MS_PER_DAY);
  return {
    names,
    tellsEaster: (asked) =>
      found.some(
        ({ name, labels }) =>
          asked.includes(name) &&
          labels.some((label, p) => label >= 0 && Math.abs(daysFromEaster(dayAt(p))) <= EASTER),
      ),
    liftsBefore: (gone = []) => {
      const looks = new Map<number, Lifts>();
      return (origin) => {
        const until = n - stride * Math.max(0, Math.ceil((n - (origin - first)) / stride));
        if (until < LEAST_YEAR * year) return undefined;
        const earlier = looks.get(until);
        if (earlier) return earlier;
        const log = logOf(until, MOST_AHEAD, (name) => !gone.includes(name));
        const lifts: Lifts = (period) => log[period - first] ?? 0;
        looks.set(until, lifts);
        return lifts;
      };
    },
    without: (gone) => {
      const share = logOf(n, MOST, (name) => gone.includes(name)).map(Math.exp);
      const y = panel.y.slice();
      for (let i = 0; i < panel.ids.length; i++) {
        const at = panel.start[i]! - first - panel.offsets[i]!;
        for (let cell = panel.offsets[i]!; cell < panel.offsets[i + 1]!; cell++)
          y[cell]! /= share[at + cell]!;
      }
      const plain = (column: Column): Column => {
        const own = found.find(({ name }) => name === column.name && gone.includes(name));
        return own ? { ...column, values: column.values.map(() => own.usual) } : column;
      };
      return { ...panel, y, knownFuture: knownFuture.map(plain) };
    },
  };
}
