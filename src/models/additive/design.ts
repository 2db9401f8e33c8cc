// The columns of the additive model: a line with kinks, smooth seasons, holidays, known-future columns.
import type { Frequency } from '../../core/frequency.ts';
import { exactSeason } from '../../features/calendar.ts';
import { fourierColumns, mostPairs } from '../../features/fourier.ts';
import { type HolidayOptions, holidayColumns } from '../../features/holidays/holiday-columns.ts';
import { FREE } from '../../learn/linear/shrunken.ts';
import { calendarColumns } from '../calendar-columns.ts';
import { type CovariateTerm, termColumns, termNames } from '../regression-terms.ts';

/** Which part of the sum a column belongs to. */
export type Part = 'trend' | 'seasonal' | 'regressors';

/** A plan of columns: plain data, so that a forecast makes the same ones as the fit did. */
export interface Plan {
  readonly growth: 'linear' | 'flat';
  /** First period of the fit, and periods to its last. */
  readonly origin: number;
  readonly span: number;
  /** Ordinals at which the slope may change. */
  readonly changepoints: readonly number[];
  /** Whether a change of slope lasts for ever, or only until the next changepoint. */
  readonly slopes: 'lasting' | 'reverting';
  readonly seasons: readonly { readonly season: number; readonly period: number; readonly pairs: number }[];
  readonly holidays: HolidayOptions | undefined;
  /** Names of the holiday columns that the fit has seen. */
  readonly holidayNames: readonly string[];
  readonly calendar: boolean;
  readonly covariates: readonly CovariateTerm[];
}

export interface AdditiveColumns {
  readonly names: readonly string[];
  readonly parts: readonly Part[];
  readonly columns: readonly Float64Array[];
  /** Penalty group of each column; FREE for the level and the first slope. */
  readonly groups: Int32Array;
  readonly groupCount: number;
}

/** Name of the trend's bends among the columns. */
export const KINK = 'change of slope';
/** Seasons up to here have all their harmonics alike; of longer ones the higher count less. */
const SHORT_SEASON = 24;

/** Pairs of a season: all of a short one, up to `most` of a long one. */
export function seasonPlan(
  freq: Frequency,
  season: number,
  most: number,
): { season: number; period: number; pairs: number } {
  const period = exactSeason(freq, season);
  return {
    season,
    period,
    pairs: season <= SHORT_SEASON ? mostPairs(period) : Math.min(most, mostPairs(period)),
  };
}

/** The columns of a plan over the periods start … start + n − 1. */
export function additiveColumns(
  plan: Plan,
  freq: Frequency,
  start: number,
  n: number,
  known: readonly Float64Array[],
): AdditiveColumns {
  const names: string[] = [];
  const parts: Part[] = [];
  const columns: Float64Array[] = [];
  const groups: number[] = [];
  let group = 0;
  const add = (name: string, part: Part, column: Float64Array, of: number): void => {
    names.push(name);
    parts.push(part);
    columns.push(column);
    groups.push(of);
  };
  const time = (t: number): number => (start + t - plan.origin) / plan.span;
  add('level', 'trend', new Float64Array(n).fill(1), FREE);
  if (plan.growth === 'linear')
    add(
      'slope',
      'trend',
      Float64Array.from({ length: n }, (_, t) => time(t)),
      FREE,
    );
  for (const [k, at] of plan.changepoints.entries()) {
    const next =
      plan.slopes === 'reverting' ? (plan.changepoints[k + 1] ?? plan.origin + plan.span) : Infinity;
    const most = plan.slopes === 'reverting' ? 1 : Infinity;
    const width = plan.slopes === 'reverting' ? next - at : plan.span;
    const kink = Float64Array.from({ length: n }, (_, t) =>
      Math.min(most, Math.max(0, (start + t - at) / width)),
    );
    add(KINK, 'trend', kink, group);
  }
  if (plan.changepoints.length > 0) group++;
  for (const { season, period, pairs } of plan.seasons) {
    const made = fourierColumns(start, n, period, pairs);
    for (let j = 0; j < made.length; j++) {
      // A smooth season has small high harmonics: the kth is expected to be 1/k as large as the first.
      const scale = season <= SHORT_SEASON ? 1 : 1 / (1 + Math.floor(j / 2));
      add(
        `season ${season}`,
        'seasonal',
        made[j]!.map((value) => value * scale),
        group,
      );
    }
    group++;
  }
  if (plan.holidayNames.length > 0 && plan.holidays) {
    const made = holidayColumns(freq, start, n, plan.holidays);
    const place = new Map(made.names.map((name, j) => [name, j]));
    for (const name of plan.holidayNames) {
      const j = place.get(name);
      add(name, 'regressors', j === undefined ? new Float64Array(n) : made.columns[j]!, group);
    }
    group++;
  }
  if (plan.calendar) {
    const made = calendarColumns(freq, start, n);
    for (const [j, name] of made.names.entries()) add(name, 'regressors', made.columns[j]!, group);
    if (made.names.length > 0) group++;
  }
  for (const term of plan.covariates) {
    const made = termColumns(term, start, n, known);
    for (const [j, name] of termNames(term).entries()) add(name, 'regressors', made[j]!, group);
    group++;
  }
  return { names, parts, columns, groups: Int32Array.from(groups), groupCount: group };
}
