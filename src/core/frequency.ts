// Frequencies: how instants become whole period numbers (ordinals) and back.
import { civilFromDays, daysFromCivil, formatTime, MS_PER_DAY, weekday } from './calendar.ts';
import { UsageError } from './errors.ts';

export type Unit =
  | 'step' // no calendar: 1, 2, 3, …
  | 'second'
  | 'minute'
  | 'hour'
  | 'day'
  | 'business-day'
  | 'week'
  | 'month'
  | 'quarter'
  | 'year';

/** A regular spacing of time. Plain data, so that it crosses threads and is stored as it is. */
export interface Frequency {
  /** The alias it is written with: `D`, `W-FRI`, `MS`, `15min`, `1` for plain steps. */
  readonly alias: string;
  readonly unit: Unit;
  /** Units in one period; 15 for `15min`. */
  readonly multiple: number;
  /** Weeks: the weekday that labels the week (0 Monday … 6 Sunday). Months to years: 1 labels the end. */
  readonly anchor: number;
  /** Default season lengths in periods, shortest first; the first is the usual `season_length`. */
  readonly seasons: readonly number[];
}

const WEEKDAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];
const ALIASES: Record<string, [Unit, anchor: number]> = {
  S: ['second', 0],
  T: ['minute', 0],
  MIN: ['minute', 0],
  H: ['hour', 0],
  D: ['day', 0],
  B: ['business-day', 0],
  W: ['week', 6],
  MS: ['month', 0],
  M: ['month', 1],
  ME: ['month', 1],
  QS: ['quarter', 0],
  Q: ['quarter', 1],
  QE: ['quarter', 1],
  YS: ['year', 0],
  AS: ['year', 0],
  Y: ['year', 1],
  A: ['year', 1],
  YE: ['year', 1],
};
const MS: Partial<Record<Unit, number>> = { second: 1000, minute: 60_000, hour: 3_600_000 };

/** Season lengths that a shop's data of this spacing usually has. */
function seasonsOf(unit: Unit, multiple: number): number[] {
  const cycles: Record<Unit, number[]> = {
    step: [],
    second: [60, 3600],
    minute: [60, 1440, 10_080],
    hour: [24, 168],
    day: [7, 365],
    'business-day': [5, 260],
    week: [52],
    month: [12],
    quarter: [4],
    year: [],
  };
  const whole = cycles[unit].map((cycle) => cycle / multiple).filter((n) => n > 1 && Number.isInteger(n));
  return whole.length > 0 ? whole : [1];
}

/**
 * Reads a pandas-style alias: `D, B, W, W-FRI, MS, M, QS, Q, YS, Y, h, min, s`, with a multiple (`15min`, `2W`),
 * or `1` for series whose time is a plain count.
 */
export function frequency(alias: string): Frequency {
  const text = alias.trim();
  if (/^\d+$/.test(text)) {
    const multiple = Number(text);
    if (multiple < 1) throw new UsageError(`frequency "${alias}" is not positive; use "1" for plain steps.`);
    return { alias: text, unit: 'step', multiple, anchor: 0, seasons: [1] };
  }
  const match = /^(\d*)([A-Za-z]+)(?:-([A-Za-z]{3}))?$/.exec(text);
  const name = match?.[2]?.toUpperCase() ?? '';
  const found = ALIASES[name];
  const day = match?.[3]?.toUpperCase();
  const dayIndex = day === undefined ? -1 : WEEKDAYS.indexOf(day);
  if (!match || !found || (day !== undefined && (name !== 'W' || dayIndex < 0))) {
    throw new UsageError(
      `frequency "${alias}" is not known. Use h, D, B, W, W-MON … W-SUN, MS, M, QS, Q, YS, Y, 15min, s or 1.`,
    );
  }
  const multiple = match[1] ? Number(match[1]) : 1;
  if (multiple < 1)
    throw new UsageError(`frequency "${alias}" has the multiple 0; leave it out or give 1 or more.`);
  const [unit, anchor] = found;
  return {
    alias: text,
    unit,
    multiple,
    anchor: unit === 'week' && dayIndex >= 0 ? dayIndex : anchor,
    seasons: seasonsOf(unit, multiple),
  };
}

/** Business days before a day number, counted from Monday 1969-12-29; a weekend counts as its Friday. */
function businessDays(days: number): number {
  const week = Math.floor((days + 3) / 7);
  return week * 5 + Math.min(weekday(days), 4);
}

/**
 * The ordinal of the period that holds an instant (epoch ms; for steps the step number itself).
 * A week is labelled by its anchor day and holds the seven days that end on it.
 */
export function ordinal(freq: Frequency, ms: number): number {
  const { unit, multiple, anchor } = freq;
  if (unit === 'step') return Math.floor(ms / multiple);
  const perUnit = MS[unit];
  if (perUnit !== undefined) return Math.floor(ms / (perUnit * multiple));
  const days = Math.floor(ms / MS_PER_DAY);
  if (unit === 'day') return Math.floor(days / multiple);
  if (unit === 'business-day') return Math.floor(businessDays(days) / multiple);
  // The label of days d is the next anchor day on or after d; day 0 (1970-01-01) was a Thursday (3).
  if (unit === 'week') return Math.floor(Math.ceil((days + 3 - anchor) / 7) / multiple);
  const { year, month } = civilFromDays(days);
  const months = (year - 1970) * 12 + month - 1;
  const span = unit === 'month' ? 1 : unit === 'quarter' ? 3 : 12;
  return Math.floor(months / (span * multiple));
}

/** The label instant (epoch ms; for steps the step number) of a period. */
export function timestamp(freq: Frequency, period: number): number {
  const { unit, multiple, anchor } = freq;
  const first = period * multiple;
  if (unit === 'step') return first;
  const perUnit = MS[unit];
  if (perUnit !== undefined) return first * perUnit;
  if (unit === 'day') return first * MS_PER_DAY;
  if (unit === 'business-day') {
    const week = Math.floor(first / 5);
    return (week * 7 - 3 + (first - week * 5)) * MS_PER_DAY;
  }
  if (unit === 'week') return (first * 7 - 3 + anchor) * MS_PER_DAY;
  const span = unit === 'month' ? 1 : unit === 'quarter' ? 3 : 12;
  const monthOf = (months: number): number =>
    daysFromCivil(1970 + Math.floor(months / 12), (((months % 12) + 12) % 12) + 1, 1);
  return anchor === 1
    ? (monthOf((first + multiple) * span) - 1) * MS_PER_DAY
    : monthOf(first * span) * MS_PER_DAY;
}

/** The label of a period as text: `2026-11-23`, `2026-11-23 14:00:00`, or the step number. */
export function label(freq: Frequency, period: number): string {
  return freq.unit === 'step' ? String(timestamp(freq, period)) : formatTime(timestamp(freq, period));
}

/** One period in words, for messages: "week", "15 minutes". */
export function periodName(freq: Frequency, count = 1): string {
  const total = count * freq.multiple;
  const noun = freq.unit === 'business-day' ? 'business day' : freq.unit;
  return total === 1 ? noun : `${total} ${noun}s`;
}
