// Days that move an online shop's sales though nobody is off work: Black Friday, Mother's Day, Ramadan, pay days.
import { daysFromCivil, daysInMonth, weekday } from '../../core/calendar.ts';
import { didYouMean, UsageError } from '../../core/errors.ts';
import { readDays, readRules } from './rules.ts';
import { FEASTS } from './table.ts';

/** One occurrence. */
export interface Span {
  /** Day number of its first day. */
  readonly day: number;
  readonly length: number;
  /** Its own name, where an event is a whole calendar of them. */
  readonly name?: string;
}

/** An event and the days around it on which it may be felt. */
export interface EventDays {
  readonly name: string;
  /** First days of its occurrences from one year to another, and how long each lasts. */
  readonly spans: (fromYear: number, toYear: number) => readonly Span[];
  /** Days before its first and after its last day that are told apart. */
  readonly before: number;
  readonly after: number;
}

interface ShopEvent {
  /** Rule by country; `''` is everywhere else, and an event without it is kept by the named countries alone. */
  readonly rules: Readonly<Record<string, string>>;
  readonly length?: number;
  readonly before?: number;
  readonly after?: number;
}

/** One rule for several countries. */
const shared = (countries: string, rule: string): Record<string, string> =>
  Object.fromEntries(countries.split(' ').map((country) => [country, rule]));

const THIRD_SUNDAY_OF_JUNE = '6/15~6543210';
const SECOND_SUNDAY_OF_MAY = '5/8~6543210';

/** The events by name. Dates by country are those of custom in 2026; few of them are laid down anywhere. */
export const SHOP_EVENTS: Readonly<Record<string, ShopEvent>> = {
  // The day after the fourth Thursday of November, and the Monday after it.
  'Black Friday': { rules: { '': '11/23~4321065' }, before: 4, after: 1 },
  'Cyber Monday': { rules: { '': '11/26~0654321' }, after: 2 },
  "Singles' Day": { rules: { '': '11/11' }, before: 2, after: 1 },
  '618 Festival': { rules: { CN: '6/18' }, before: 3, after: 1 },
  "Valentine's Day": { rules: { '': '2/14', BR: '6/12' }, before: 7, after: 1 },
  "Women's Day": { rules: shared('RU UA BY KZ CN RO BG IT PL CZ RS', '3/8'), before: 5, after: 1 },
  "Mother's Day": {
    rules: {
      '': SECOND_SUNDAY_OF_MAY,
      ...shared('GB IE NG', 'e-21'),
      // The last Sunday of May, in France a week later where that is Whitsun.
      ...shared('SE FR DZ MA TN DO HT SN CI CM MG', '5/25~6543210'),
      ...shared('ES PT HU RO LT AO MZ CV', '5/1~6543210'),
      ...shared('MX GT SV', '5/10'),
      ...shared('AE SA EG JO LB QA KW BH OM IQ SY', '3/21'),
      NO: '2/8~6543210',
      PL: '5/26',
      TH: '8/12',
      AR: '10/15~6543210',
      RU: '11/24~6543210',
      CR: '8/15',
      ID: '12/22',
    },
    before: 7,
    after: 1,
  },
  "Father's Day": {
    rules: {
      '': THIRD_SUNDAY_OF_JUNE,
      ...shared('ES IT PT BE HR HN BO', '3/19'),
      DE: 'e+39',
      ...shared('AU NZ FJ PG', '9/1~6543210'),
      ...shared('SE NO FI EE IS', '11/8~6543210'),
      ...shared('AE EG JO LB KW SY', '6/21'),
      BR: '8/8~6543210',
      AT: '6/8~6543210',
      ...shared('CH LT', '6/1~6543210'),
      DK: '6/5',
      PL: '6/23',
      RO: '5/8~6543210',
      RU: '10/15~6543210@21-',
      TW: '8/8',
      TH: '12/5',
    },
    before: 7,
    after: 1,
  },
  Easter: {
    rules: { '': 'e', ...shared('GR CY RO BG RS UA RU BY GE MK MD ME ET EG', 'o') },
    before: 7,
    after: 2,
  },
  Halloween: { rules: { '': '10/31' }, before: 7, after: 1 },
  // Presents are bought from the first of December on; after it come returns and vouchers.
  Christmas: { rules: { '': '12/25' }, before: 24, after: 6 },
  'Back to school': {
    rules: {
      '': '8/18',
      ...shared('US CA', '8/4'),
      ...shared('AU NZ', '1/16'),
      ...shared('BR AR CL UY PY', '2/8'),
      ...shared('JP KR', '3/18'),
      IN: '5/25',
    },
    length: 21,
  },
  'Chinese New Year': { rules: {}, before: 14, after: 7 },
  'Mid-Autumn Festival': { rules: {}, before: 7, after: 1 },
  Ramadan: { rules: {}, length: 30, before: 7 },
  'Eid al-Fitr': { rules: {}, length: 3, before: 3, after: 2 },
  'Eid al-Adha': { rules: {}, length: 4, before: 3, after: 2 },
  Diwali: { rules: {}, before: 14, after: 2 },
  Holi: { rules: {}, before: 3, after: 1 },
};

/** One of the events above as it falls in a country ('' for no country). Throws a UsageError for an unknown one. */
export function shopEvent(name: string, country: string): EventDays {
  const event = SHOP_EVENTS[name];
  if (!event) {
    throw new UsageError(`event "${name}" is not known.${didYouMean(name, Object.keys(SHOP_EVENTS))}`);
  }
  const { rules, length = 1, before = 0, after = 0 } = event;
  const feast = FEASTS[name];
  if (feast !== undefined) {
    const days = readDays(feast);
    const spans = (from: number, to: number): Span[] =>
      days
        .filter((day) => day >= daysFromCivil(from, 1, 1) && day < daysFromCivil(to + 1, 1, 1))
        .map((day) => ({ day, length }));
    return { name, spans, before, after };
  }
  const rule = rules[country.slice(0, 2)] ?? rules[''];
  if (rule === undefined) {
    throw new UsageError(
      `event "${name}" is not kept in "${country}"; give its dates as { name, dates: ['2026-06-18'] }.`,
    );
  }
  const days = readRules(rule, () => []);
  return {
    name,
    spans: (from, to) => {
      const found: Span[] = [];
      for (let year = from; year <= to; year++) {
        for (let day of days(year)) {
          // France keeps Mother's Day off Whitsun.
          if (name === "Mother's Day" && country.startsWith('FR') && isWhitsun(day, year)) day += 7;
          found.push({ day, length });
        }
      }
      return found;
    },
    before,
    after,
  };
}

function isWhitsun(day: number, year: number): boolean {
  return readRules('e+49', () => [])(year)[0] === day;
}

/** When wages come: a day of the month, or its last day. */
export type PayDay = number | 'month-end';

/** Day numbers of the pay days of some years. One that falls on a weekend is paid on the Friday before. */
export function payDays(on: readonly PayDay[], fromYear: number, toYear: number): number[] {
  const days: number[] = [];
  for (let year = fromYear; year <= toYear; year++) {
    for (let month = 1; month <= 12; month++) {
      const end = daysInMonth(year, month);
      for (const payDay of on) {
        const day = daysFromCivil(year, month, payDay === 'month-end' ? end : Math.min(payDay, end));
        days.push(day - Math.max(0, weekday(day) - 4));
      }
    }
  }
  return days.sort((a, b) => a - b);
}
