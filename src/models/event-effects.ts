// What holidays and other events of the calendar did to sales, the days before and after them included: found in all series
// together, so that a forecast can be asked what it would be if there had never been any.
import { civilFromDays, MS_PER_DAY } from '../core/calendar.ts';
import { timestamp } from '../core/frequency.ts';
import { CellState, type Column, lengthOf, type Panel } from '../core/panel.ts';
import { exactSeason, phaseColumns } from '../features/calendar.ts';
import { daysFromEaster } from '../features/calendar-features.ts';
import { kindOf } from '../features/column-kind.ts';
import { knownReader } from '../features/column-reader.ts';
import { fourierColumns } from '../features/fourier.ts';
import { LONG } from '../features/long-season.ts';
import { FREE, gramOf, shrunkenFit } from '../learn/linear/shrunken.ts';
import { panelEnd } from './boosted/windows.ts';

/** Share of periods at most that have an event; what comes more often is a season or a promotion. */
const RARE = 1 / 4;
/** Periods from the event's nearest at which its effect is learned, the first and the last being those where it is none. */
const KNOTS = { day: [-15, -10, -5, -2, -1, 0, 1, 2, 5, 10], week: [-3, -2, -1, 0, 1, 2] } as const;
/** Stretches of the trend and pairs of the smooth year beside which events are learned. */
const BENDS = 25;
const PAIRS = 8;
/** Days from Easter Sunday on which an event is Easter's. */
const EASTER = 3;
/** Series that are looked at for what all do, at most. */
const SERIES = 2000;
/** Noise that every series has, as a share of its mean, squared. */
const LEAST_NOISE = 0.01;
/** The most an event is believed to do, as a logarithm. */
const MOST = 3;

/** What events did in the past, column by column. */
export interface EventEffects {
  /** The columns that tell of events. */
  readonly names: readonly string[];
  /** The panel as if the events of the given columns had never been: without what they did, and without their dates. */
  without(names: readonly string[]): Panel;
  /** Whether one of the given columns has an event at Easter. */
  tellsEaster(names: readonly string[]): boolean;
}

/** A column that is the same for all series and seldom other than usual; one label a period, −1 where there is no event. */
interface Events {
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
function eventsOf(panel: Panel, column: Column, first: number, span: number): Events | undefined {
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
  // A flag does not say which holiday it is; in other months it is another one.
  const label = (code: number, p: number): number =>
    kind === 'category'
      ? code
      : civilFromDays(Math.floor(timestamp(panel.freq, first + p) / MS_PER_DAY)).month;
  const labels = Int32Array.from(codes, (code, p) =>
    Number.isNaN(code) || code === usual ? -1 : label(code, p),
  );
  const count = labels.reduce((sum, own) => sum + (own < 0 ? 0 : 1), 0);
  return count > 0 && count <= RARE * span ? { name: column.name, usual, labels } : undefined;
}

/** Columns by which an effect may rise and fall about the events of each label: at each knot one that fades to the next. */
function bumps({ labels }: Events, knots: readonly number[]): Float64Array[] {
  return [...new Set(labels.filter((label) => label >= 0))].flatMap((label) => {
    const own = [...labels.keys()].filter((p) => labels[p] === label);
    const off = Int32Array.from(labels, (_, p) =>
      own.reduce((near, at) => (Math.abs(p - at) < Math.abs(near) ? p - at : near), Number.MAX_SAFE_INTEGER),
    );
    return knots.slice(1, -1).map((knot, k) => {
      const [before, after] = [knots[k]!, knots[k + 2]!];
      return Float64Array.from(off, (d) =>
        Math.max(0, d <= knot ? (d - before) / (knot - before) : (after - d) / (after - knot)),
      );
    });
  });
}

/** What all series sell together, one value a period, and what is known of it besides the calendar. */
interface Common {
  /** The logarithm of sales, each series in units of its own mean and steady ones counting more; NaN where nothing is seen. */
  readonly sales: Float64Array;
  /** The same mean of each flag and of the logarithm of each price: offers gather about holidays. */
  readonly offers: readonly Float64Array[];
}

function commonSales(panel: Panel, events: readonly Events[], first: number, n: number): Common {
  const columns = panel.knownFuture.flatMap((column) => {
    const kind = kindOf(column);
    if ((kind !== 'flag' && kind !== 'price') || events.some(({ name }) => name === column.name)) return [];
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
 * Finds the event columns of a panel of days or weeks and what their events did to all series together. Undefined where the panel has
 * none. Series share the effects, in proportion to what they sell.
 */
export function eventEffects(panel: Panel, season_length: number): EventEffects | undefined {
  const { freq, knownFuture } = panel;
  const unit = freq.unit;
  if ((unit !== 'day' && unit !== 'week') || freq.multiple !== 1) return undefined;
  const first = panel.start.reduce((a, b) => Math.min(a, b), Infinity);
  const n = panelEnd(panel) - first;
  const found = knownFuture.flatMap((column) => eventsOf(panel, column, first, n + panel.reach) ?? []);
  if (found.length === 0) return undefined;
  const shapes = found.flatMap((events) =>
    bumps(events, KNOTS[unit]).map((values) => ({ name: events.name, values: values.subarray(0, n) })),
  );
  const effects = fitBumps(
    commonSales(panel, found, first, n),
    shapes.map(({ values }) => values),
    panel,
    first,
    season_length,
  );
  const dayAt = (p: number): number => Math.floor(timestamp(freq, first + p) / MS_PER_DAY);
  return {
    names: found.map(({ name }) => name),
    tellsEaster: (names) =>
      found.some(
        ({ name, labels }) =>
          names.includes(name) &&
          labels.some((label, p) => label >= 0 && Math.abs(daysFromEaster(dayAt(p))) <= EASTER),
      ),
    without: (names) => {
      const log = new Float64Array(n);
      for (const [k, { name, values }] of shapes.entries()) {
        if (names.includes(name)) for (let p = 0; p < n; p++) log[p]! += effects[k]! * values[p]!;
      }
      const share = log.map((value) => Math.exp(Math.min(MOST, Math.max(-MOST, value))));
      const y = panel.y.slice();
      for (let i = 0; i < panel.ids.length; i++) {
        const at = panel.start[i]! - first - panel.offsets[i]!;
        for (let cell = panel.offsets[i]!; cell < panel.offsets[i + 1]!; cell++)
          y[cell]! /= share[at + cell]!;
      }
      const plain = (column: Column): Column => {
        const own = found.find(({ name }) => name === column.name && names.includes(name));
        return own ? { ...column, values: column.values.map(() => own.usual) } : column;
      };
      return { ...panel, y, knownFuture: knownFuture.map(plain) };
    },
  };
}
