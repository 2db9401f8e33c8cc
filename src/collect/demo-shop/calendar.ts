// The shop's calendar: yearly seasons, holidays with the days around them, and pay days.
import { civilFromDays, daysFromCivil, formatTime, MS_PER_DAY, weekday } from '../../core/calendar.ts';
import { easter, nthWeekday } from '../../core/feasts.ts';

/** The days of a shop: `days` of history, then `horizon` days whose plans are known. Arrays have one value a day. */
export interface ShopCalendar {
  /** Day number (days since 1970-01-01) of day 0. */
  readonly firstDay: number;
  readonly days: number;
  readonly horizon: number;
  /** `YYYY-MM-DD`. */
  readonly dates: readonly string[];
  /** 0 Monday … 6 Sunday. */
  readonly weekday: Uint8Array;
  /** Place in a leap year, 0 (1 January) … 365 (31 December), so that 17 December is the same every year. */
  readonly dayOfYear: Uint16Array;
  /** Name of the holiday on this very day, or ''. */
  readonly holiday: readonly string[];
  /** The holiday whose window covers the day, or ''; the nearest where windows overlap. */
  readonly window: readonly string[];
  /** Days until that holiday (negative after it); 0 where there is none. */
  readonly daysToHoliday: Int16Array;
  /** Days since the last pay day. */
  readonly sincePay: Uint8Array;
  /** 1 on 25 December and 1 January, when every store is shut. */
  readonly shut: Uint8Array;
}

/** A holiday and how it bends demand around itself. */
export interface Holiday {
  readonly name: string;
  /** Day number in a year. */
  readonly on: (year: number) => number;
  /** Shape of the effect from `from` days after the holiday (negative: before); 1 is the full lift. */
  readonly from: number;
  readonly shape: readonly number[];
}

/** Black Friday: the day after the fourth Thursday of November. */
export const blackFriday = (year: number): number => nthWeekday(year, 11, 3, 4) + 1;

const fixed =
  (month: number, day: number) =>
  (year: number): number =>
    daysFromCivil(year, month, day);

/** Rises evenly over `before` days, `onDay` on the day itself, then a dip that fades over `after` days. */
function window(before: number, onDay: number, after: number, dip: number): number[] {
  const rise = Array.from({ length: before }, (_, k) => (k + 1) / before);
  const fall = Array.from({ length: after }, (_, k) => -dip * (1 - k / after));
  return [...rise, onDay, ...fall];
}

export const HOLIDAYS: readonly Holiday[] = [
  { name: "New Year's Day", on: fixed(1, 1), from: 0, shape: [0] },
  { name: "Valentine's Day", on: fixed(2, 14), from: -8, shape: window(8, 0.5, 3, 0.3) },
  { name: 'Good Friday', on: (year) => easter(year) - 2, from: 0, shape: [0] },
  { name: 'Easter Sunday', on: easter, from: -14, shape: window(14, 0.1, 5, 0.4) },
  { name: 'Easter Monday', on: (year) => easter(year) + 1, from: 0, shape: [0] },
  {
    name: "Mother's Day",
    on: (year) => nthWeekday(year, 5, 6, 2),
    from: -10,
    shape: window(10, 0.3, 3, 0.3),
  },
  { name: 'Halloween', on: fixed(10, 31), from: -10, shape: window(10, 0.3, 2, 0.4) },
  {
    name: 'Black Friday',
    on: blackFriday,
    from: -4,
    // People wait for it, buy until Cyber Monday and rest for some days.
    shape: [-0.2, -0.25, -0.3, -0.1, 1, 0.65, 0.6, 0.75, -0.15, -0.15, -0.1],
  },
  { name: 'Cyber Monday', on: (year) => blackFriday(year) + 3, from: 0, shape: [0] },
  { name: 'Christmas Day', on: fixed(12, 25), from: -1, shape: [-0.9, 0, -0.9, -0.6, -0.4, -0.3, -0.2] },
  { name: 'Boxing Day', on: fixed(12, 26), from: 0, shape: [0] },
];

/** Wages come on the 25th, or on the last working day before it. */
function payDay(year: number, month: number): number {
  const day = daysFromCivil(year, month, 25);
  return day - Math.max(0, weekday(day) - 4);
}

/** Builds the calendar of `days` days that end on day number `end`, and of the `horizon` days after it. */
export function shopCalendar(end: number, days: number, horizon: number): ShopCalendar {
  const length = days + horizon;
  const firstDay = end - days + 1;
  const dates: string[] = [];
  const holiday = new Array<string>(length).fill('');
  const near = new Array<string>(length).fill('');
  const weekdays = new Uint8Array(length);
  const dayOfYear = new Uint16Array(length);
  const daysToHoliday = new Int16Array(length);
  const sincePay = new Uint8Array(length);
  const shut = new Uint8Array(length);
  for (let t = 0; t < length; t++) {
    const day = firstDay + t;
    const { year, month, day: dayOfMonth } = civilFromDays(day);
    dates.push(formatTime(day * MS_PER_DAY));
    weekdays[t] = weekday(day);
    dayOfYear[t] = daysFromCivil(2024, month, dayOfMonth) - daysFromCivil(2024, 1, 1);
    const pay = payDay(year, month);
    const before = month === 1 ? payDay(year - 1, 12) : payDay(year, month - 1);
    sincePay[t] = day >= pay ? day - pay : day - before;
    shut[t] = (month === 12 && dayOfMonth === 25) || (month === 1 && dayOfMonth === 1) ? 1 : 0;
  }
  forEachHoliday(firstDay, length, (event, at) => {
    if (at >= 0 && at < length) holiday[at] = event.name;
    if (event.shape.length === 1) return;
    for (let k = 0; k < event.shape.length; k++) {
      const t = at + event.from + k;
      if (t < 0 || t >= length) continue;
      const distance = at - t;
      if (near[t] !== '' && Math.abs(daysToHoliday[t]!) <= Math.abs(distance)) continue;
      near[t] = event.name;
      daysToHoliday[t] = distance;
    }
  });
  return {
    firstDay,
    days,
    horizon,
    dates,
    weekday: weekdays,
    dayOfYear,
    holiday,
    window: near,
    daysToHoliday,
    sincePay,
    shut,
  };
}

function forEachHoliday(firstDay: number, length: number, visit: (event: Holiday, at: number) => void): void {
  const lastYear = civilFromDays(firstDay + length).year;
  // A window may reach over the turn of the year.
  for (let year = civilFromDays(firstDay).year - 1; year <= lastYear + 1; year++) {
    for (const event of HOLIDAYS) visit(event, event.on(year) - firstDay);
  }
}

/** Log effect of the holidays on each day, given the full log lift of each by name; unnamed ones have none. */
export function holidayEffect(calendar: ShopCalendar, lifts: Readonly<Record<string, number>>): Float64Array {
  const effect = new Float64Array(calendar.days + calendar.horizon);
  forEachHoliday(calendar.firstDay, effect.length, (event, at) => {
    const lift = lifts[event.name] ?? 0;
    for (let k = 0; k < event.shape.length; k++) {
      const t = at + event.from + k;
      if (t >= 0 && t < effect.length) effect[t]! += lift * event.shape[k]!;
    }
  });
  return effect;
}

/** One swell of the year, on the log scale: it peaks on `peak` and has a bell's shape with two widths. */
export interface Swell {
  /** `MM-DD`. */
  readonly peak: string;
  /** Standard deviations in days, before and after the peak. */
  readonly rise: number;
  readonly fall: number;
  readonly height: number;
}

/** Multiplier of each of a leap year's 366 days; their mean is 1. */
export function seasonProfile(swells: readonly Swell[]): Float64Array {
  const profile = new Float64Array(366);
  let total = 0;
  for (let d = 0; d < 366; d++) {
    let log = 0;
    for (const { peak, rise, fall, height } of swells) {
      const [month, day] = peak.split('-').map(Number);
      const centre = daysFromCivil(2024, month!, day!) - daysFromCivil(2024, 1, 1);
      const away = ((d - centre + 366 + 183) % 366) - 183;
      log += height * Math.exp(-0.5 * (away / (away < 0 ? rise : fall)) ** 2);
    }
    profile[d] = Math.exp(log);
    total += profile[d]!;
  }
  return profile.map((value) => (value * 366) / total);
}
