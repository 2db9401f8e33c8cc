// What holidays and other events of the calendar did to sales, the days before and after them included: found in all series
// together and in groups of them, so that a forecast can be asked what it would be if there had never been any.
import { MS_PER_DAY } from '../../core/calendar.ts';
import { timestamp } from '../../core/frequency.ts';
import type { Column, Panel } from '../../core/panel.ts';
import { daysFromEaster } from '../../features/calendar-features.ts';
import type { Lift, Lifts, LiftsBefore } from '../../features/event-moves.ts';
import { type Grouping, groupingsOf } from '../../features/group-features.ts';
import { LONG } from '../../features/long-season.ts';
import { panelEnd } from '../boosted/windows.ts';
import { bumpsOf, eventsOf } from './columns.ts';
import { type CommonSales, commonSales } from './common-sales.ts';
import { deviations } from './deviations.ts';
import { type EventFit, fitBumps } from './fit.ts';

/** What an effect is made of: people buy ahead, the more the nearer the event is; then its days; then what they need not buy. */
const SHAPES = {
  day: [
    [-15, -1, 0],
    [-6, -1, 0],
    [-2, -1, 0],
    [-1, 0, 1],
    [0, 1, 2],
    [1, 2, 10],
  ],
  week: [
    [-3, -2, -1],
    [-2, -1, 0],
    [-1, 0, 1],
    [0, 1, 2],
  ],
} as const;
/** Groups at most that events may do something of their own to. */
const GROUPS = 200;
/** Days from Easter Sunday on which an event is Easter's. */
const EASTER = 3;
/** The most an event is believed to do, as a logarithm: in what it took from the past, and in what it will do. */
const MOST = 3;
const MOST_AHEAD = 1.5;
/** Times at which it is looked what events have done so far: so many at most, and so many to a year. */
const LOOKS = 5;
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
 * Finds the event columns of a panel of days or weeks and what their events did: to all series, in proportion to what they sell, and to
 * the groups that differ in it. Undefined where the panel has none.
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
  const bumps = found.flatMap((events) => bumpsOf(events, SHAPES[unit]));
  const common = commonSales(panel, names, first, n);
  const fitBy = (until: number): EventFit =>
    fitBumps(common, bumps, { freq, first, week: season_length }, until);
  const grouped = groupedBy(panel, common, fitBy(n));
  const where = bumps.map(({ values }) => Int32Array.from(values.keys()).filter((p) => values[p]! > 0));
  const told = new Map<number, Told>();
  /** What events did by the first `until` periods. */
  const toldBy = (until: number): Told => {
    const earlier = told.get(until);
    if (earlier) return earlier;
    const fit = fitBy(until);
    const { effects } = fit;
    const groups =
      grouped && deviations(fit)(grouped.beside).effects.map((own) => own.map((d, k) => effects[k]! + d));
    const own = { all: effects, groups: groups ?? [] };
    told.set(until, own);
    return own;
  };
  /** The logarithm of what the events of some columns do to each period, `most` at most. */
  const logOf = (effects: Float64Array, most: number, isMeant: (name: string) => boolean): Float64Array => {
    const log = new Float64Array(span);
    for (const [k, effect] of effects.entries()) {
      const { name, values } = bumps[k]!;
      if (effect === 0 || !isMeant(name)) continue;
      for (const p of where[k]!) log[p]! += effect * values[p]!;
    }
    return log.map((value) => Math.min(most, Math.max(-most, value)));
  };
  /** The same of all series and of each group, by what is known after `until` periods. */
  const logsBy = (until: number, most: number, isMeant: (name: string) => boolean): Told => {
    const { all, groups } = toldBy(until);
    const log = (effects: Float64Array): Float64Array => logOf(effects, most, isMeant);
    return { all: log(all), groups: groups.map(log) };
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
        const logs = logsBy(until, MOST_AHEAD, (name) => !gone.includes(name));
        const lift =
          (log: Float64Array): Lift =>
          (period) =>
            log[period - first] ?? 0;
        const [all, groups] = [lift(logs.all), logs.groups.map(lift)];
        const lifts: Lifts = {
          of: (i) => groups[grouped?.codes[i] ?? -1] ?? all,
          within: ({ name }, group) => (name === grouped?.name ? groups[group] : undefined) ?? all,
        };
        looks.set(until, lifts);
        return lifts;
      };
    },
    without: (gone) => {
      const { all, groups } = logsBy(n, MOST, (name) => gone.includes(name));
      const y = panel.y.slice();
      for (let i = 0; i < panel.ids.length; i++) {
        const log = groups[grouped?.codes[i] ?? -1] ?? all;
        const at = panel.start[i]! - first - panel.offsets[i]!;
        for (let cell = panel.offsets[i]!; cell < panel.offsets[i + 1]!; cell++)
          y[cell]! /= Math.exp(log[at + cell]!);
      }
      const plain = (column: Column): Column => {
        const own = found.find(({ name }) => name === column.name && gone.includes(name));
        return own ? { ...column, values: column.values.map(() => own.usual) } : column;
      };
      return { ...panel, y, knownFuture: knownFuture.map(plain) };
    },
  };
}

/** The logarithm of what each bump did, or of what events do to each period: to all series and to each group. */
interface Told {
  readonly all: Float64Array;
  readonly groups: readonly Float64Array[];
}

/** A grouping with what its groups sold beside all series. */
interface Grouped extends Grouping {
  readonly beside: readonly Float64Array[];
}

/** The groups by which events differ most: those of a static column, or each series; undefined where they do the same to all. */
function groupedBy(panel: Panel, common: CommonSales, fit: EventFit): Grouped | undefined {
  const count = panel.ids.length;
  const each: Grouping = {
    name: 'each series',
    codes: Int32Array.from({ length: count }, (_, i) => i),
    groups: count,
  };
  let [best, most]: [Grouped | undefined, number] = [undefined, 0];
  const differ = deviations(fit);
  for (const grouping of [...groupingsOf(count, panel.statics).slice(1), each]) {
    if (grouping.groups < 2 || grouping.groups > GROUPS) continue;
    const beside = common.beside(grouping);
    const { gain } = differ(beside);
    if (gain > most) [best, most] = [{ ...grouping, beside }, gain];
  }
  return best;
}
