// Axes: round values for the vertical one, calendar boundaries for the horizontal one.
import { civilFromDays, MS_PER_DAY } from '../core/calendar.ts';
import { type Frequency, timestamp } from '../core/frequency.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** 1, 2 or 5 times a power of ten: the smallest that cuts `span` into at most `count` steps. */
function niceStep(span: number, count: number): number {
  const raw = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = raw / power;
  return (step <= 1.0000001 ? 1 : step <= 2.0000001 ? 2 : step <= 5.0000001 ? 5 : 10) * power;
}

/** Round values from `lo` to `hi`, both included where round: about `count` of them, ascending. */
export function valueTicks(lo: number, hi: number, count: number): number[] {
  if (!(hi > lo)) return Number.isFinite(lo) ? [lo] : [];
  const step = niceStep(hi - lo, count);
  if (!(step > 0) || !Number.isFinite(step)) return [lo, hi];
  const ticks: number[] = [];
  const first = Math.ceil(lo / step - 1e-9);
  const last = Math.floor(hi / step + 1e-9);
  // Multiplying keeps 0.3 from becoming 0.30000000000000004 where adding would not; + 0 turns −0 into 0.
  for (let k = first; k <= last; k++) ticks.push(Number((k * step).toPrecision(12)) + 0);
  return ticks;
}

/** Values that all lie within this share of the largest are far from zero. */
const FAR = 0.7;

/**
 * The range of values a chart shows for data between `lo` and `hi`.
 * Zero is included unless the data stay far from it, so that heights can be compared as amounts.
 */
export function valueDomain(lo: number, hi: number): [lo: number, hi: number] {
  if (!(lo <= hi)) return [0, 1];
  // Below a billionth of the values themselves their differences are rounding.
  const flat = hi - lo <= Math.max(1e-9 * Math.max(Math.abs(lo), Math.abs(hi)), 1e-200);
  let from = lo > 0 && (lo < FAR * hi || flat) ? 0 : lo;
  let to = hi < 0 && (hi > FAR * lo || flat) ? 0 : hi;
  if (to - from < 1e-200) to = from + 1;
  const step = niceStep(to - from, 8);
  // The lower end goes to a round value, so that the chart stands on a line; the upper end gets some air.
  from = Math.floor(from / step + 1e-9) * step;
  return [from + 0, to === 0 ? 0 : to + 0.04 * (to - from)];
}

/** One boundary of the calendar: which bucket an instant is in, and how a tick there is labelled. */
interface Grain {
  readonly bucket: (ms: number) => number;
  /** `fresh`: the year (or the day, for hours) is new at this tick and should be said. */
  readonly text: (ms: number, fresh: boolean) => string;
  readonly context: (ms: number) => number;
}

const dayOf = (ms: number): number => Math.floor(ms / MS_PER_DAY);
const yearOf = (ms: number): number => civilFromDays(dayOf(ms)).year;
const two = (n: number): string => String(n).padStart(2, '0');

function monthDay(ms: number): string {
  const { month, day } = civilFromDays(dayOf(ms));
  return `${day} ${MONTHS[month - 1]}`;
}

function clock(ms: number): string {
  const seconds = Math.floor((ms - dayOf(ms) * MS_PER_DAY) / 1000);
  const time = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}`;
  return seconds % 60 === 0 ? time : `${time}:${two(seconds % 60)}`;
}

const monthsOf = (ms: number): number => {
  const { year, month } = civilFromDays(dayOf(ms));
  return year * 12 + month - 1;
};

const clocks = (ms: number): Grain => ({
  bucket: (t) => Math.floor(t / ms),
  text: (t, fresh) => (fresh ? monthDay(t) : clock(t)),
  context: dayOf,
});
const days = (count: number): Grain => ({
  // Buckets of days start on Mondays; day 4 of the epoch was one.
  bucket: (ms) => Math.floor((dayOf(ms) - 4) / count),
  text: (ms, fresh) => (fresh ? `${monthDay(ms)} ${yearOf(ms)}` : monthDay(ms)),
  context: yearOf,
});
const months = (count: number): Grain => ({
  bucket: (ms) => Math.floor(monthsOf(ms) / count),
  text: (ms, fresh) => {
    const month = MONTHS[monthsOf(ms) % 12]!;
    return fresh ? `${month} ${yearOf(ms)}` : month;
  },
  context: yearOf,
});
const years = (count: number): Grain => ({
  bucket: (ms) => Math.floor(yearOf(ms) / count),
  text: (ms) => String(yearOf(ms)),
  context: () => 0,
});

const MINUTE = 60_000;
const GRAINS: readonly Grain[] = [
  ...[1000, 10_000, MINUTE, 10 * MINUTE, 30 * MINUTE].map(clocks),
  ...[1, 3, 6, 12].map((hours) => clocks(hours * 60 * MINUTE)),
  ...[1, 2, 7, 14].map(days),
  ...[1, 2, 3, 6].map(months),
  ...[1, 2, 5, 10, 20, 50, 100].map(years),
];

export interface TimeTick {
  /** Ordinal of the period at the tick. */
  readonly period: number;
  readonly label: string;
}

/**
 * At most about `count` ticks on the periods from … to (both included), at the finest calendar boundaries that fit.
 * Plain steps are ticked at round numbers.
 */
export function timeTicks(freq: Frequency, from: number, to: number, count: number): TimeTick[] {
  if (to <= from) return [{ period: from, label: formatPeriod(freq, from) }];
  if (freq.unit === 'step') {
    const step = Math.max(1, niceStep(to - from, count));
    const first = Math.ceil(from / step) * step;
    const ticks: TimeTick[] = [];
    for (let p = first; p <= to; p += step) ticks.push({ period: p, label: String(timestamp(freq, p)) });
    return ticks;
  }
  const span = timestamp(freq, to) - timestamp(freq, from);
  const finest = span / (to - from);
  for (const grain of GRAINS) {
    // Too fine for the room, or finer than the periods themselves: on to the next grain.
    const buckets = grain.bucket(timestamp(freq, to)) - grain.bucket(timestamp(freq, from - 1));
    if (buckets > count * 1.3 || (buckets > (to - from + 1) * 1.01 && finest > 0)) continue;
    const ticks: TimeTick[] = [];
    let before = grain.bucket(timestamp(freq, from - 1));
    let context = Number.NaN;
    for (let p = from; p <= to; p++) {
      const ms = timestamp(freq, p);
      const bucket = grain.bucket(ms);
      if (bucket !== before) {
        const now = grain.context(ms);
        // Where the second tick says a new year, the first need not say the old one beside it.
        if (ticks.length === 1 && now !== context) {
          const { period } = ticks[0]!;
          ticks[0] = { period, label: grain.text(timestamp(freq, period), false) };
        }
        ticks.push({ period: p, label: grain.text(ms, now !== context) });
        context = now;
      }
      before = bucket;
    }
    if (ticks.length > 0) return ticks;
  }
  return [{ period: from, label: formatPeriod(freq, from) }];
}

/** A period in words of its own size: 5 Jan 2026 · Jan 2026 · Q1 2026 · 2026 · 5 Jan 2026, 14:00 · step 12. */
export function formatPeriod(freq: Frequency, period: number): string {
  const ms = timestamp(freq, period);
  switch (freq.unit) {
    case 'step':
      return `step ${ms}`;
    case 'second':
    case 'minute':
    case 'hour':
      return `${monthDay(ms)} ${yearOf(ms)}, ${clock(ms)}`;
    case 'month':
      return `${MONTHS[monthsOf(ms) % 12]} ${yearOf(ms)}`;
    case 'quarter':
      return `Q${Math.floor((monthsOf(ms) % 12) / 3) + 1} ${yearOf(ms)}`;
    case 'year':
      return String(yearOf(ms));
    default:
      return `${monthDay(ms)} ${yearOf(ms)}`;
  }
}

/** The periods from … to (both included) in words; what both ends share is said once. */
export function formatSpan(freq: Frequency, from: number, to: number): string {
  const left = formatPeriod(freq, from);
  const right = formatPeriod(freq, to);
  if (left === right) return right;
  const year = right.slice(-5);
  const shared = freq.unit !== 'year' && /^ \d{4}$/.test(year) && left.endsWith(year);
  return `${shared ? left.slice(0, -5) : left} – ${right}`;
}

/** Periods in one year that keep weekdays in place (364 days for daily data); undefined where there is none. */
export function yearLag(freq: Frequency): number | undefined {
  const perYear: Partial<Record<Frequency['unit'], number>> = {
    hour: 24 * 364,
    day: 364,
    'business-day': 260,
    week: 52,
    month: 12,
    quarter: 4,
  };
  const lag = (perYear[freq.unit] ?? Number.NaN) / freq.multiple;
  return Number.isInteger(lag) ? lag : undefined;
}
