// Frequency detection: reads the spacing of all series together and names the regular grid that they lie on.
import { civilFromDays, daysInMonth, formatTime, MS_PER_DAY, weekday } from '../core/calendar.ts';
import { DataError, UsageError } from '../core/errors.ts';
import { type Frequency, frequency, ordinal, timestamp } from '../core/frequency.ts';
import type { Observations } from '../core/observations.ts';

export interface Spacing {
  readonly freq: Frequency;
  /** What was assumed, one sentence each. */
  readonly notes: readonly string[];
}

const WEEK = 7 * MS_PER_DAY;
const WEEKDAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];
/** Beyond this many different spacings the times are events, not periods. */
const MOST_SPACINGS = 5000;

/** Counts of the gaps between neighbouring times of a series; undefined where there are too many kinds. */
function gapsOf({ series, time }: Observations): Map<number, number> | undefined {
  const counts = new Map<number, number>();
  let run = 0;
  let gap = 0;
  for (let r = 1; r <= time.length; r++) {
    const next = r < time.length && series[r] === series[r - 1] ? time[r]! - time[r - 1]! : 0;
    if (next === gap) {
      run++;
      continue;
    }
    if (gap > 0) counts.set(gap, (counts.get(gap) ?? 0) + run);
    if (counts.size > MOST_SPACINGS) return undefined;
    gap = next;
    run = 1;
  }
  if (counts.size > 0) return counts;
  // Every series has one time only: the spacing is that of the times of all series together.
  const all = Float64Array.from(time).sort();
  for (let r = 1; r < all.length; r++) {
    const between = all[r]! - all[r - 1]!;
    if (between > 0) counts.set(between, (counts.get(between) ?? 0) + 1);
    if (counts.size > MOST_SPACINGS) return undefined;
  }
  return counts;
}

function greatestDivisor(gaps: Iterable<number>): number {
  let divisor = 0;
  for (const gap of gaps) {
    let a = gap;
    while (a > 0) [divisor, a] = [a, divisor % a];
  }
  return divisor;
}

/** The most frequent gap; the smaller one of a tie. */
function modalGap(gaps: ReadonlyMap<number, number>): number {
  let modal = 0;
  let most = 0;
  for (const [gap, count] of gaps) {
    if (count > most || (count === most && gap < modal)) {
      modal = gap;
      most = count;
    }
  }
  return modal;
}

/** What all dates have in common. */
interface DateShape {
  /** Rows by weekday, Monday first. */
  readonly weekdays: Float64Array;
  readonly timeOfDay: 'none' | 'constant' | 'varying';
  /** The day of the month that all dates share, 31 for "the last day"; 0 where they differ. */
  readonly dayOfMonth: number;
  /** Greatest divisor of the months between neighbouring dates of a series; 0 where there is one date. */
  readonly months: number;
}

function shapeOf({ series, time }: Observations): DateShape {
  const weekdays = new Float64Array(7);
  const firstClock = ((time[0]! % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY;
  let constant = true;
  let day = 0;
  let sameDay = true;
  let lastDay = true;
  let months = 0;
  let before = 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let r = 0; r < time.length; r++) {
    const days = Math.floor(time[r]! / MS_PER_DAY);
    weekdays[weekday(days)]!++;
    if (time[r]! - days * MS_PER_DAY !== firstClock) constant = false;
    if (!sameDay && !lastDay) continue;
    const civil = civilFromDays(days);
    if (r === 0) day = civil.day;
    if (civil.day !== day) sameDay = false;
    if (civil.day !== daysInMonth(civil.year, civil.month)) lastDay = false;
    const month = civil.year * 12 + civil.month;
    lowest = Math.min(lowest, month);
    highest = Math.max(highest, month);
    if (r > 0 && series[r] === series[r - 1] && month > before) {
      months = greatestDivisor([months, month - before]);
    }
    before = month;
  }
  return {
    weekdays,
    timeOfDay: !constant ? 'varying' : firstClock === 0 ? 'none' : 'constant',
    dayOfMonth: highest === lowest ? 0 : lastDay ? 31 : sameDay ? day : 0,
    months: months === 0 ? Math.max(0, highest - lowest) : months,
  };
}

/** Refuses times that lie on no grid, naming the first that falls off it. */
function refuseMixed(observations: Observations, modal: number, unit: number, noun: string): never {
  const { series, time, ids, where } = observations;
  const spelled = (gap: number): string => String(Number((gap / unit).toFixed(2)));
  for (let r = 1; r < time.length; r++) {
    const gap = time[r]! - time[r - 1]!;
    if (series[r] !== series[r - 1] || gap === 0 || gap % modal === 0) continue;
    const at = observations.stepped ? String(time[r]) : formatTime(time[r]!);
    throw new DataError(
      `${where(r)}: the spacing of series "${ids[series[r]!]}" changes from ${spelled(modal)} to ${spelled(gap)} ${noun} ` +
        `at ${at}; pass --freq (D, W, MS, …) to sum the rows by a period, or correct the date.`,
    );
  }
  throw new DataError('the series lie on different grids; pass --freq (D, W, MS, …).');
}

/** Whether gaps other than whole multiples of the modal one are few: a slip in a regular grid. */
function offGrid(gaps: ReadonlyMap<number, number>, modal: number): { share: number; modalShare: number } {
  let off = 0;
  let total = 0;
  for (const [gap, count] of gaps) {
    total += count;
    if (gap % modal !== 0) off += count;
  }
  return { share: off / total, modalShare: (gaps.get(modal) ?? 0) / total };
}

/** Months, quarters or years, where all dates share their day of the month. */
function monthly({ dayOfMonth, months }: DateShape): Spacing | undefined {
  if (dayOfMonth === 0 || months === 0) return undefined;
  const end = dayOfMonth === 31 ? 1 : 0;
  const [per, name] = months % 12 === 0 ? [12, 'Y'] : months % 3 === 0 ? [3, 'Q'] : [1, 'M'];
  const multiple = months / per;
  const alias = `${multiple > 1 ? multiple : ''}${name}${end === 1 ? '' : 'S'}`;
  const notes =
    dayOfMonth > 1 && dayOfMonth < 31
      ? [`all dates fall on day ${dayOfMonth} of a month; the months are labelled by their first day.`]
      : [];
  return { freq: frequency(alias), notes };
}

/** Weeks, days or business days, for dates without a time of day. */
function daily(observations: Observations, shape: DateShape, gaps: ReadonlyMap<number, number>): Spacing {
  const { weekdays } = shape;
  const rows = observations.time.length;
  const modal = modalGap(gaps) / MS_PER_DAY;
  const { share, modalShare } = offGrid(gaps, modal * MS_PER_DAY);
  const clock =
    shape.timeOfDay === 'constant' ? ['The time of day is the same in every row and is left out.'] : [];
  const busiest = weekdays.indexOf(Math.max(...weekdays));
  const divisor = greatestDivisor(gaps.keys());
  if (divisor % WEEK === 0) {
    const multiple = modalShare > 0.5 && modal * MS_PER_DAY === divisor ? divisor / WEEK : 1;
    const alias = `${multiple > 1 ? multiple : ''}W-${WEEKDAYS[busiest]}`;
    const mixed =
      weekdays[busiest] === rows ? [] : [`weeks begin on different weekdays; all are put on ${alias}.`];
    return { freq: frequency(alias), notes: [...clock, ...mixed] };
  }
  if (modal === 1) {
    const weekend = weekdays[5]! + weekdays[6]!;
    // Daily rows never fall on a weekend by chance over three weeks of them.
    const alias = weekend === 0 && rows >= 15 && !observations.transactions ? 'B' : 'D';
    return { freq: frequency(alias), notes: clock };
  }
  if (modalShare > 0.5 && share > 0) refuseMixed(observations, modal * MS_PER_DAY, MS_PER_DAY, 'days');
  if (modalShare > 0.5) {
    return {
      freq: frequency(`${modal}D`),
      notes: [...clock, `rows are ${modal} days apart; pass --freq D or W if that is not meant.`],
    };
  }
  return {
    freq: frequency('D'),
    notes: [...clock, 'days without a row are taken as gaps in a daily series.'],
  };
}

const EVENTS: Spacing = {
  freq: frequency('D'),
  notes: ['the times are irregular: rows are taken as events and put together by day.'],
};

/** Hours, minutes or seconds, for times that vary within the day. */
function withinDay(observations: Observations, gaps: ReadonlyMap<number, number>): Spacing {
  const modal = modalGap(gaps);
  const { share, modalShare } = offGrid(gaps, modal);
  if (modalShare <= 0.5 || modal % 1000 !== 0 || share > 0.2) return EVENTS;
  // A local midnight written in UTC moves by an hour twice a year.
  if (modal % MS_PER_DAY === 0) {
    const { weekdays } = shapeOf(observations);
    const alias = modal === WEEK ? `W-${WEEKDAYS[weekdays.indexOf(Math.max(...weekdays))]}` : 'D';
    return { freq: frequency(alias), notes: ['The time of day is left out; dates are taken as UTC.'] };
  }
  if (share > 0) refuseMixed(observations, modal, 60_000, 'minutes');
  const [size, name] =
    modal % 3_600_000 === 0 ? [3_600_000, 'h'] : modal % 60_000 === 0 ? [60_000, 'min'] : [1000, 's'];
  const multiple = modal / size;
  return { freq: frequency(`${multiple > 1 ? multiple : ''}${name}`), notes: [] };
}

/** Says aloud where the grid's labels differ from the file's own dates. */
function shiftedLabels({ time }: Observations, { freq, notes }: Spacing): Spacing {
  const first = time[0]!;
  const shown = timestamp(freq, ordinal(freq, first));
  if (shown === first || notes.length > 0) return { freq, notes };
  const text = (at: number): string => (freq.unit === 'step' ? String(at) : formatTime(at));
  return {
    freq,
    notes: [
      ...notes,
      `periods are labelled by the grid of ${freq.alias}: ${text(first)} became ${text(shown)}.`,
    ],
  };
}

/**
 * Detects the frequency from the spacing of all series together: plain steps; years, quarters and months by start or
 * end; weeks with their weekday; business days; days; hours to seconds. Order lines and irregular times give days.
 * Throws a DataError, naming the row, where the spacing changes inside a series, and where there is one date only.
 */
export function detectFrequency(observations: Observations): Spacing {
  const { time, stepped, transactions } = observations;
  if (time.length === 0) throw new DataError('there are no rows, so no frequency can be found.');
  const gaps = gapsOf(observations);
  if (stepped) {
    const step = gaps && gaps.size > 0 ? greatestDivisor(gaps.keys()) : 1;
    return shiftedLabels(observations, { freq: frequency(String(Math.max(1, Math.round(step)))), notes: [] });
  }
  const shape = shapeOf(observations);
  if (gaps && gaps.size === 0) {
    if (transactions) return { freq: frequency('D'), notes: [] };
    throw new DataError(
      `all rows carry the one date ${formatTime(time[0]!)}, which shows no frequency; pass --freq (D, W, MS, …).`,
    );
  }
  const byMonth = shape.timeOfDay === 'varying' ? undefined : monthly(shape);
  if (byMonth) return shiftedLabels(observations, byMonth);
  if (transactions) {
    const busiest = shape.weekdays.indexOf(Math.max(...shape.weekdays));
    const oneWeekday = shape.weekdays[busiest] === time.length && shape.timeOfDay !== 'varying';
    const severalWeeks = oneWeekday && time.length >= 3;
    return { freq: frequency(severalWeeks ? `W-${WEEKDAYS[busiest]}` : 'D'), notes: [] };
  }
  if (!gaps) return EVENTS;
  return shiftedLabels(
    observations,
    shape.timeOfDay === 'varying' ? withinDay(observations, gaps) : daily(observations, shape, gaps),
  );
}

/** The frequency an alias names, refused where it does not fit the kind of time the file has. */
export function chosenFrequency(alias: string, { stepped, names }: Observations): Frequency {
  const freq = frequency(alias);
  if (stepped && freq.unit !== 'step') {
    throw new UsageError(
      `column "${names.time}" holds step numbers, not dates, so --freq ${alias} does not apply; use --freq 1.`,
    );
  }
  if (!stepped && freq.unit === 'step') {
    throw new UsageError(
      `column "${names.time}" holds dates, so --freq ${alias} does not apply; use D, W, MS or another calendar frequency.`,
    );
  }
  return freq;
}
