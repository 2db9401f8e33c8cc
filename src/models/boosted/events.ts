// What holidays and other events of the calendar do to sales, the days before and after them included: found in all series together
// and taken out before trees are grown, since a feast that moves is another day than a season ago. Forecasts get it back.
import { civilFromDays, MS_PER_DAY } from '../../core/calendar.ts';
import { timestamp } from '../../core/frequency.ts';
import { CellState, type Column, lengthOf, type Panel } from '../../core/panel.ts';
import { exactSeason, phaseColumns } from '../../features/calendar.ts';
import { kindOf } from '../../features/column-kind.ts';
import { knownReader } from '../../features/column-reader.ts';
import { fourierColumns } from '../../features/fourier.ts';
import { LONG } from '../../features/lag-features.ts';
import { FREE, gramOf, shrunkenFit } from '../../learn/linear/shrunken.ts';
import { panelEnd } from './windows.ts';

/** Share of periods at most that have an event; what comes more often is a season or a promotion. */
const RARE = 1 / 4;
/** Periods from the event's nearest at which its effect is learned, the first and the last being those where it is none. */
const KNOTS = { day: [-15, -10, -5, -2, -1, 0, 1, 2, 5, 10], week: [-3, -2, -1, 0, 1, 2] } as const;
/** Stretches of the trend and pairs of the smooth year beside which events are learned. */
const BENDS = 25;
const PAIRS = 8;
/** Series that are looked at for what all do, at most. */
const SERIES = 2000;
/** Noise that every series has, as a share of its mean, squared. */
const LEAST_NOISE = 0.01;
/** Farther from an event than any knot. */
const FAR = 1e6;
/** The most an event is believed to do, as a logarithm. */
const MOST = 3;

/** What the events of a column do. Plain data. */
export interface EventColumn {
  readonly name: string;
  /** The value of periods without an event. */
  readonly usual: number;
  /** What tells events apart: the value of the column, or of a flag, which does not say which holiday it is, the month. */
  readonly by: 'value' | 'month';
  readonly events: readonly { readonly label: number; readonly effects: readonly number[] }[];
}

/** Columns of events, with the logarithm of what each event does at each of its knots. */
export interface EventEffects {
  readonly knots: readonly number[];
  readonly columns: readonly EventColumn[];
}

/** A column of events before it is known what they do. */
type Events = Omit<EventColumn, 'events'>;

/** The most frequent number; NaN where there is none. */
function mostFrequent(values: Iterable<number>): number {
  const counts = new Map<number, number>();
  for (const value of values) if (!Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, own) => (own[1] > best[1] ? own : best), [Number.NaN, 0])[0];
}

/** The first period of a panel, and how many there are up to the last that is known of. */
function spanOf(panel: Panel): { readonly first: number; readonly span: number } {
  const first = panel.start.reduce((a, b) => Math.min(a, b), Infinity);
  return { first, span: panelEnd(panel) + panel.reach - first };
}

/**
 * The value of a column in each period; undefined where series differ. What was counts before what is planned: the plan of a series
 * that ended early may be of a time that others have seen.
 */
function sharedValues(panel: Panel, column: Column): Float64Array | undefined {
  const { first, span } = spanOf(panel);
  const read = knownReader(panel, column);
  const values = new Float64Array(span).fill(Number.NaN);
  for (let i = 0; i < panel.ids.length; i++) {
    const at = panel.start[i]! - first;
    for (let t = 0; t < lengthOf(panel, i); t++) {
      const value = read(i, t);
      if (Number.isNaN(value)) continue;
      if (!Number.isNaN(values[at + t]!) && values[at + t] !== value) return undefined;
      values[at + t] = value;
    }
  }
  for (let i = 0; i < panel.ids.length; i++) {
    const at = panel.start[i]! - first;
    for (let t = lengthOf(panel, i); t < lengthOf(panel, i) + panel.reach; t++) {
      if (Number.isNaN(values[at + t]!)) values[at + t] = read(i, t);
    }
  }
  return values;
}

/** Whether a column tells of events: flags and categories that are the same for all series, and seldom other than usual. */
function eventsOf(panel: Panel, column: Column): Events | undefined {
  const kind = kindOf(column);
  if (kind !== 'flag' && kind !== 'category') return undefined;
  const values = sharedValues(panel, column);
  if (!values) return undefined;
  const usual = mostFrequent(values);
  const others = values.filter((value) => !Number.isNaN(value) && value !== usual).length;
  if (others === 0 || others > RARE * values.length) return undefined;
  return { name: column.name, usual, by: kind === 'flag' ? 'month' : 'value' };
}

/** The event of each period, −1 where there is none. */
function labelsOf(panel: Panel, { name, usual, by }: Events): Int32Array {
  const { first, span } = spanOf(panel);
  const values = sharedValues(panel, panel.knownFuture.find((column) => column.name === name)!);
  const month = (p: number): number =>
    civilFromDays(Math.floor(timestamp(panel.freq, first + p) / MS_PER_DAY)).month;
  return Int32Array.from({ length: span }, (_, p) => {
    const value = values?.[p] ?? Number.NaN;
    return Number.isNaN(value) || value === usual ? -1 : by === 'month' ? month(p) : value;
  });
}

/** How near the periods are to each knot of the nearest event of one label: 1 at the knot, fading to 0 at those beside it. */
function bumps(labels: Int32Array, label: number, knots: readonly number[]): Float64Array[] {
  const own = [...labels.keys()].filter((p) => labels[p] === label);
  const off = Int32Array.from(labels, (_, p) =>
    own.reduce((near, at) => (Math.abs(p - at) < Math.abs(near) ? p - at : near), FAR),
  );
  return knots.slice(1, -1).map((knot, k) => {
    const [before, after] = [knots[k]!, knots[k + 2]!];
    return Float64Array.from(off, (d) =>
      Math.max(0, d <= knot ? (d - before) / (knot - before) : (after - d) / (after - knot)),
    );
  });
}

/** What all series sell together, one value a period, and what is known of it besides the calendar. */
interface Common {
  /** The logarithm of sales, each series in units of its own mean and steady ones counting more; NaN where nothing is seen. */
  readonly sales: Float64Array;
  /** The same mean of each flag and of the logarithm of each price: offers gather about holidays. */
  readonly offers: readonly Float64Array[];
}

function commonSales(panel: Panel, events: readonly string[], first: number, n: number): Common {
  const columns = panel.knownFuture.flatMap((column) => {
    const kind = kindOf(column);
    if ((kind !== 'flag' && kind !== 'price') || events.includes(column.name)) return [];
    const read = knownReader(panel, column);
    return [kind === 'flag' ? read : (i: number, t: number): number => Math.log(read(i, t))];
  });
  const sums = [0, ...columns].map(() => new Float64Array(n));
  const weight = new Float64Array(n);
  const every = Math.ceil(panel.ids.length / SERIES);
  for (let i = 0; i < panel.ids.length; i += every) {
    const from = panel.offsets[i]!;
    const cells = Array.from({ length: lengthOf(panel, i) }, (_, t) => t).filter(
      (t) => panel.state[from + t] === CellState.observed && columns.every((of) => !Number.isNaN(of(i, t))),
    );
    const meanOf = (of: (i: number, t: number) => number): number =>
      cells.reduce((sum, t) => sum + of(i, t), 0) / cells.length;
    const size = meanOf((_, t) => panel.y[from + t]!);
    if (!(size > 0)) continue;
    const means = columns.map(meanOf);
    const own = 1 / (LEAST_NOISE + meanOf((_, t) => (panel.y[from + t]! / size - 1) ** 2));
    for (const t of cells) {
      const p = panel.start[i]! + t - first;
      weight[p]! += own;
      sums[0]![p]! += (own * panel.y[from + t]!) / size;
      for (const [c, of] of columns.entries()) sums[c + 1]![p]! += own * (of(i, t) - means[c]!);
    }
  }
  const [sales, ...offers] = sums.map((sum) => sum.map((value, p) => value / weight[p]!));
  return { sales: sales!.map((value) => (value > 0 ? Math.log(value) : Number.NaN)), offers };
}

/**
 * The logarithm of what each bump does: fitted together with a trend that may bend, the week, a smooth year and offers, as far as the
 * evidence goes.
 */
function fitBumps(
  { sales, offers }: Common,
  shapes: readonly Float64Array[],
  { freq }: Panel,
  first: number,
  week: number,
): Float64Array {
  const n = sales.length;
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
  add(2, ...shapes);
  const p = columns.length;
  const rows = [...sales.keys()].filter((t) => !Number.isNaN(sales[t]!));
  const z = Float64Array.from(
    { length: rows.length * p },
    (_, k) => columns[k % p]![rows[Math.floor(k / p)]!]!,
  );
  const y = Float64Array.from(rows, (t) => sales[t]!);
  const { coefficients } = shrunkenFit(
    gramOf(z, y, rows.length, p),
    Int32Array.from(groups),
    new Float64Array(p).fill(1),
    new Float64Array(3).fill(1),
  );
  return coefficients.subarray(p - shapes.length);
}

/**
 * Finds the columns of events of a panel of days or weeks, and what their events did to all series together. Undefined where it has none.
 * Series share the effects, in proportion to what they sell.
 */
export function findEvents(panel: Panel, season_length: number): EventEffects | undefined {
  const { freq, knownFuture } = panel;
  const { unit, multiple } = freq;
  if ((unit !== 'day' && unit !== 'week') || multiple !== 1) return undefined;
  const knots = KNOTS[unit];
  const found = knownFuture.flatMap((column) => eventsOf(panel, column) ?? []);
  const { first, span } = spanOf(panel);
  const n = span - panel.reach;
  const shapes = found.flatMap((events) => {
    const labels = labelsOf(panel, events);
    const seen = new Set(labels.subarray(0, n).filter((label) => label >= 0));
    return [...seen].map((label) => ({
      events,
      label,
      columns: bumps(labels, label, knots).map((own) => own.subarray(0, n)),
    }));
  });
  if (shapes.length === 0) return undefined;
  const names = found.map(({ name }) => name);
  const columns = shapes.flatMap((shape) => shape.columns);
  const effects = fitBumps(commonSales(panel, names, first, n), columns, panel, first, season_length);
  const width = knots.length - 2;
  const told = shapes.map(({ events, label }, k) => ({
    events,
    label,
    effects: [...effects.subarray(k * width, (k + 1) * width)],
  }));
  return {
    knots,
    columns: found.map((events) => ({
      ...events,
      events: told
        .filter((own) => own.events === events)
        .map(({ label, effects: own }) => ({ label, effects: own })),
    })),
  };
}

/** The factor by which events multiply what is sold in cell t of series i, ahead of its end too, by the columns of a panel. */
export function eventFactors(
  panel: Panel,
  { knots, columns }: EventEffects,
): (i: number, t: number) => number {
  const { first, span } = spanOf(panel);
  const log = new Float64Array(span);
  for (const column of columns) {
    const labels = labelsOf(panel, column);
    for (const { label, effects } of column.events) {
      for (const [k, values] of bumps(labels, label, knots).entries()) {
        for (let p = 0; p < span; p++) log[p]! += effects[k]! * values[p]!;
      }
    }
  }
  const factors = log.map((value) => Math.exp(Math.min(MOST, Math.max(-MOST, value))));
  return (i, t) => factors[panel.start[i]! - first + t] ?? 1;
}

/** A copy of the panel without what events did; the panel itself where there are none. */
export function withoutEvents(panel: Panel, effects: EventEffects | undefined): Panel {
  if (!effects) return panel;
  const factor = eventFactors(panel, effects);
  const y = panel.y.slice();
  for (let i = 0; i < panel.ids.length; i++) {
    for (let t = 0; t < lengthOf(panel, i); t++) y[panel.offsets[i]! + t]! /= factor(i, t);
  }
  return { ...panel, y };
}
