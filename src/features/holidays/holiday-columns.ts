// Holidays, shop events and pay days as columns of a regression, for any frequency that has dates.
import { civilFromDays, MS_PER_DAY, parseIso, weekday } from '../../core/calendar.ts';
import { refuseUnknownOptions, UsageError } from '../../core/errors.ts';
import { type Frequency, ordinal, timestamp } from '../../core/frequency.ts';
import { type HolidayKind, holidayPlace, holidaysOf } from './holidays.ts';
import { type EventDays, type PayDay, payDays, shopEvent } from './shop-events.ts';

/** An event of the user's own. */
export interface OwnEvent {
  readonly name: string;
  /** First days of its occurrences, past and to come, as ISO dates. */
  readonly dates: readonly string[];
  /** Days it lasts; defaults to 1. */
  readonly length?: number;
  /** Days before and after that may feel it; default to 0. */
  readonly before?: number;
  readonly after?: number;
}

export interface HolidayOptions {
  /** A country by its two letters, or a region such as `DE-BY`; none for events alone. */
  readonly country?: string;
  /** Which kinds of the country's holidays count; defaults to public and bank holidays. */
  readonly kinds?: readonly HolidayKind[];
  /** Days before and after each holiday that may feel it; default to 0. */
  readonly before?: number;
  readonly after?: number;
  /** Shop events by name, with windows of their own, and own events. */
  readonly events?: readonly (string | OwnEvent)[];
  /** Days of the month on which wages come, and days after them that may feel it (defaults to 3). */
  readonly pay_days?: readonly PayDay[];
  readonly pay_after?: number;
}

export interface HolidayColumns {
  /** One name a column; only what falls into the periods asked for has one. */
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
}

const OPTIONS = ['country', 'kinds', 'before', 'after', 'events', 'pay_days', 'pay_after'];
const OWN_OPTIONS = ['name', 'dates', 'length', 'before', 'after'];
const KINDS: readonly HolidayKind[] = ['public', 'bank', 'optional', 'observance'];
/** Up to so many days before or after are told apart one by one; more share a ramp. */
const APART = 3;

function days(what: string, value: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= 60) return value;
  throw new UsageError(`holidays: ${what} is ${value}; give whole days, 0 to 60.`);
}

function ownEvent(event: OwnEvent): EventDays {
  refuseUnknownOptions('an event', event, OWN_OPTIONS);
  const { name, dates, length = 1, before = 0, after = 0 } = event;
  if (!name || !Array.isArray(dates)) {
    throw new UsageError('an event of your own needs a name and dates: { name, dates: ["2026-07-08"] }.');
  }
  const firsts = dates.map((date: string) => {
    const ms = parseIso(date);
    if (Number.isNaN(ms))
      throw new UsageError(`event "${name}" has the date "${date}"; write it as 2026-07-08.`);
    return Math.floor(ms / MS_PER_DAY);
  });
  days(`length of "${name}"`, length);
  return {
    name,
    spans: () => firsts.map((day: number) => ({ day, length })),
    before: days(`before of "${name}"`, before),
    after: days(`after of "${name}"`, after),
  };
}

/** All that the options name, without dates yet. Throws a UsageError for what is not known. */
function eventsOf(options: HolidayOptions): EventDays[] {
  refuseUnknownOptions('holidays', options, OPTIONS);
  const { country, kinds = ['public', 'bank'], before = 0, after = 0, events = [], pay_days = [] } = options;
  const found: EventDays[] = [];
  const place = country === undefined ? '' : holidayPlace(country);
  for (const kind of kinds) {
    if (!KINDS.includes(kind))
      throw new UsageError(`holidays of kind "${kind}" are not known; choose from ${KINDS.join(', ')}.`);
  }
  if (place) {
    found.push({
      name: '',
      spans: (from, to) => holidaysOf(place, from, to).filter(({ kind }) => kinds.includes(kind)),
      before: days('before', before),
      after: days('after', after),
    });
  }
  for (const event of events)
    found.push(typeof event === 'string' ? shopEvent(event, place) : ownEvent(event));
  for (const day of pay_days) {
    if (day !== 'month-end' && !(Number.isInteger(day) && day >= 1 && day <= 31)) {
      throw new UsageError(`holidays: a pay day is ${day}; give days of the month, 1 to 31, or "month-end".`);
    }
  }
  if (pay_days.length > 0) {
    found.push({
      name: 'pay day',
      spans: (from, to) => payDays(pay_days, from, to).map((day) => ({ day, length: 1 })),
      before: 0,
      after: days('pay_after', options.pay_after ?? 3),
    });
  }
  return found;
}

/** Throws a UsageError where options name what is not known. */
export function checkHolidays(options: HolidayOptions): void {
  eventsOf(options);
}

/**
 * Columns over the periods start … start + length − 1. A day is 1 where the event falls on it, 0 elsewhere; each of up to
 * three days before or after it has a column of its own (`Easter Monday, 1 day after`), longer windows a ramp that rises
 * to the event or falls from it. Longer periods hold the sum of their days, so a week with two days off has 2; shorter
 * ones have the value of their day, and in a series of business days a holiday on a weekend is not there.
 */
export function holidayColumns(
  freq: Frequency,
  start: number,
  length: number,
  options: HolidayOptions,
): HolidayColumns {
  if (freq.unit === 'step') {
    throw new UsageError(
      'holidays need dates, and this series counts plain steps; give its frequency, such as D.',
    );
  }
  const found = new Map<string, Float64Array>();
  const within = ['hour', 'minute', 'second'].includes(freq.unit);
  const put = (name: string, day: number, value: number): void => {
    if (freq.unit === 'business-day' && weekday(day) > 4) return;
    const first = ordinal(freq, day * MS_PER_DAY) - start;
    const last = within ? ordinal(freq, (day + 1) * MS_PER_DAY - 1) - start : first;
    if (last < 0 || first >= length) return;
    let column = found.get(name);
    if (!column) {
      column = new Float64Array(length);
      found.set(name, column);
    }
    for (let t = Math.max(0, first); t <= Math.min(last, length - 1); t++) {
      // A day that two of the same name cover is still one day; a period sums its days.
      column[t] = within || freq.unit === 'day' ? Math.max(column[t]!, value) : column[t]! + value;
    }
  };
  const yearAt = (period: number): number =>
    civilFromDays(Math.floor(timestamp(freq, period) / MS_PER_DAY)).year;
  // Labels may stand at the end of a period and windows reach 60 days: a year on each side covers both.
  const from = yearAt(start) - 1;
  const to = yearAt(start + length) + 1;
  for (const { name: shared, spans, before, after } of eventsOf(options)) {
    for (const span of spans(from, to)) {
      const name = span.name ?? shared;
      for (let k = 0; k < span.length; k++) put(name, span.day + k, 1);
      for (let k = 1; k <= before; k++) {
        if (before <= APART) put(`${name}, ${k} day${k > 1 ? 's' : ''} before`, span.day - k, 1);
        else put(`${name}, run-up`, span.day - k, 1 - (k - 1) / before);
      }
      const end = span.day + span.length - 1;
      for (let k = 1; k <= after; k++) {
        if (after <= APART) put(`${name}, ${k} day${k > 1 ? 's' : ''} after`, end + k, 1);
        else put(`${name}, days after`, end + k, 1 - (k - 1) / after);
      }
    }
  }
  return { names: [...found.keys()], columns: [...found.values()] };
}
