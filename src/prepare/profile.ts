// The profile of a panel: what it holds, how its demand behaves, and what may go wrong with it.
import { type Frequency, label } from '../core/frequency.ts';
import { CellState, lengthOf, type Panel } from '../core/panel.ts';
import { strength } from '../features/strength.ts';
import { median, quantileSorted, sorted } from '../math/statistics.ts';
import type { Change, Prepared } from './preparation.ts';
import { type IntermittencyClass, segments } from './segments.ts';
import { type Warning, warningsOf } from './warnings.ts';

/** Some series by name, and how many there are. */
export interface Group {
  readonly count: number;
  /** Up to five, the largest sellers first. */
  readonly examples: readonly string[];
}

interface SeasonStrength {
  readonly season_length: number;
  /** Series measured: those with 2½ seasons, at most 500, evenly spaced over the panel. */
  readonly measured: number;
  /** 0 none … 1 nothing else. */
  readonly mean: number;
  readonly quartiles: readonly [number, number, number];
  /** Share of measured series above 0.64, the bound of R's `nsdiffs` for a season worth modelling. */
  readonly strong: number;
}

/** Plain data: counts, shares between 0 and 1, and names. */
export interface Profile {
  readonly target: string;
  readonly freq: Frequency;
  readonly series: number;
  /** Labels of the first and last period of the panel. */
  readonly first: string;
  readonly last: string;
  readonly cells: number;
  /** Cells by state; they add up to `cells`. */
  readonly observed: number;
  readonly missing: number;
  readonly stockOut: number;
  readonly closed: number;
  /** Observed cells that are 0, and below 0. */
  readonly zeros: number;
  readonly negatives: number;
  /** Sum of the observed target. */
  readonly total: number;
  /** Periods a series covers. */
  readonly lengths: { readonly min: number; readonly median: number; readonly max: number };
  readonly closedWeekdays: readonly string[];
  readonly columns: {
    readonly knownFuture: readonly string[];
    readonly pastOnly: readonly string[];
    readonly statics: readonly string[];
    /** Periods that known-future columns go beyond the ends of the series. */
    readonly reach: number;
  };
  /** Series by kind of demand (Syntetos, Boylan and Croston 2005). */
  readonly classes: Readonly<Record<IntermittencyClass, number>>;
  readonly seasonality: readonly SeasonStrength[];
  /** Mean trend strength of the measured series; NaN where none could be measured. */
  readonly trend: number;
  /** The share of the total that the best-selling fifth of the series sells; NaN where the total is not positive. */
  readonly topFifth: number;
  readonly largest: readonly { readonly unique_id: string; readonly share: number }[];
  /** Series that stopped selling: see `silenceLimit`. */
  readonly dead: Group;
  /** Series that began lately while the panel is older. */
  readonly fresh: Group;
  /** Series with fewer observed values than two seasons. */
  readonly short: Group;
  readonly allZero: Group;
  readonly constant: Group;
  readonly withNegatives: Group;
  readonly changes: readonly Change[];
  readonly notes: readonly string[];
  readonly warnings: readonly Warning[];
}

/** Two to eight weeks, by frequency: the least silence, in periods, after which a product counts as dead. */
function silenceFloor({ unit, multiple }: Frequency): number {
  const periods: Record<Frequency['unit'], number> = {
    second: 86_400,
    minute: 10_080,
    hour: 336,
    day: 28,
    'business-day': 20,
    week: 8,
    month: 4,
    quarter: 3,
    year: 2,
    step: 6,
  };
  return Math.max(2, Math.ceil(periods[unit] / multiple));
}

const MOST_MEASURED = 500;
const STRONG = 0.64;
const WEEKDAY_NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** What one pass over a series tells. */
interface Reading {
  readonly observed: number;
  readonly total: number;
  readonly constant: boolean;
  readonly allZero: boolean;
  readonly negative: boolean;
  /** Periods from the last sale to the panel's end, closed days and stock-outs not counted. */
  readonly silence: number;
  /** The longest such run between two sales. */
  readonly longestGap: number;
}

interface Totals {
  readonly states: Float64Array;
  zeros: number;
  negatives: number;
}

function read(panel: Panel, i: number, panelEnd: number, totals: Totals): Reading {
  const from = panel.offsets[i]!;
  const to = panel.offsets[i + 1]!;
  let observed = 0;
  let total = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let quiet = 0;
  let longestGap = 0;
  let sales = 0;
  for (let k = from; k < to; k++) {
    const state = panel.state[k]!;
    totals.states[state] = totals.states[state]! + 1;
    const value = panel.y[k]!;
    if (Number.isNaN(value)) {
      if (state === CellState.missing) quiet++;
      continue;
    }
    observed++;
    total += value;
    if (value < low) low = value;
    if (value > high) high = value;
    if (value < 0) totals.negatives++;
    if (value === 0) {
      totals.zeros++;
      quiet++;
    } else {
      if (sales > 0 && quiet > longestGap) longestGap = quiet;
      sales++;
      quiet = 0;
    }
  }
  return {
    observed,
    total,
    constant: low === high && high !== 0,
    allZero: sales === 0,
    negative: low < 0,
    silence: quiet + Math.max(0, panelEnd - (panel.start[i]! + to - from)),
    longestGap,
  };
}

/** The series to measure: all of them, or 500 evenly spaced. */
function sample(count: number): number[] {
  if (count <= MOST_MEASURED) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: MOST_MEASURED }, (_, k) => Math.floor((k * count) / MOST_MEASURED));
}

function measureStrengths(panel: Panel): Pick<Profile, 'seasonality' | 'trend'> {
  const chosen = sample(panel.ids.length);
  const seasonality: SeasonStrength[] = [];
  let trend = Number.NaN;
  for (const m of panel.freq.seasons) {
    const seasons: number[] = [];
    let trends = 0;
    for (const i of chosen) {
      const found = strength(panel.y.subarray(panel.offsets[i]!, panel.offsets[i + 1]!), m);
      if (!found) continue;
      seasons.push(found.season);
      trends += found.trend;
    }
    if (seasons.length === 0) continue;
    // The longest season that can be measured separates trend from season best.
    trend = trends / seasons.length;
    if (m === 1) continue;
    const ascending = sorted(seasons);
    seasonality.push({
      season_length: m,
      measured: seasons.length,
      mean: seasons.reduce((a, b) => a + b, 0) / seasons.length,
      quartiles: [
        quantileSorted(ascending, 0.25),
        quantileSorted(ascending, 0.5),
        quantileSorted(ascending, 0.75),
      ],
      strong: seasons.filter((s) => s > STRONG).length / seasons.length,
    });
  }
  return { seasonality, trend };
}

/**
 * Describes a prepared panel in one pass over its cells. A series is dead when its silence up to the panel's end lasts at
 * least `silenceFloor` periods and twice its longest earlier gap between sales; it is fresh when it began within twice
 * that floor, in a panel older than that.
 */
export function profile({ panel, changes, notes }: Prepared): Profile {
  const count = panel.ids.length;
  const floor = silenceFloor(panel.freq);
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    start = Math.min(start, panel.start[i]!);
    end = Math.max(end, panel.start[i]! + lengthOf(panel, i));
  }
  const totals: Totals = { states: new Float64Array(4), zeros: 0, negatives: 0 };
  const readings = panel.ids.map((_, i) => read(panel, i, end, totals));
  const bySize = panel.ids.map((_, i) => i).sort((a, b) => readings[b]!.total - readings[a]!.total || a - b);
  const group = (belongs: (r: Reading, i: number) => boolean): Group => {
    const members = bySize.filter((i) => belongs(readings[i]!, i));
    return { count: members.length, examples: members.slice(0, 5).map((i) => panel.ids[i]!) };
  };
  const total = readings.reduce((sum, r) => sum + r.total, 0);
  const fifth = bySize.slice(0, Math.ceil(count / 5)).reduce((sum, i) => sum + readings[i]!.total, 0);
  const lengths = Float64Array.from(panel.ids, (_, i) => lengthOf(panel, i));
  const classes: Record<IntermittencyClass, number> = { smooth: 0, erratic: 0, intermittent: 0, lumpy: 0 };
  for (const name of segments(panel)) classes[name as IntermittencyClass]++;
  const season = panel.freq.seasons[0]!;
  const names = (columns: readonly { name: string }[]): string[] => columns.map((c) => c.name);

  const found: Omit<Profile, 'warnings'> = {
    target: panel.target,
    freq: panel.freq,
    series: count,
    first: label(panel.freq, start),
    last: label(panel.freq, end - 1),
    cells: panel.y.length,
    observed: totals.states[CellState.observed]!,
    missing: totals.states[CellState.missing]!,
    stockOut: totals.states[CellState.stockOut]!,
    closed: totals.states[CellState.closed]!,
    zeros: totals.zeros,
    negatives: totals.negatives,
    total,
    lengths: {
      min: lengths.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
      median: median(lengths),
      max: lengths.reduce((a, b) => Math.max(a, b), 0),
    },
    closedWeekdays: panel.closedWeekdays.map((day) => WEEKDAY_NAMES[day]!),
    columns: {
      knownFuture: names(panel.knownFuture),
      pastOnly: names(panel.pastOnly),
      statics: names(panel.statics),
      reach: panel.reach,
    },
    classes,
    ...measureStrengths(panel),
    topFifth: total > 0 ? fifth / total : Number.NaN,
    largest:
      total > 0
        ? bySize.slice(0, 3).map((i) => ({ unique_id: panel.ids[i]!, share: readings[i]!.total / total }))
        : [],
    dead: group((r) => !r.allZero && r.silence >= floor && r.silence >= 2 * r.longestGap),
    fresh: group(
      (_, i) => end - panel.start[i]! <= 2 * floor && end - start > 4 * floor && lengthOf(panel, i) > 0,
    ),
    short: group((r) => r.observed < Math.max(2 * season, 4)),
    allZero: group((r) => r.allZero),
    constant: group((r) => r.constant && r.observed >= 4),
    withNegatives: group((r) => r.negative),
    changes,
    notes,
  };
  return { ...found, warnings: warningsOf(found, panel) };
}
