// Holidays of a country or region, year by year, out of the compact table.
import { daysFromCivil } from '../../core/calendar.ts';
import { didYouMean, UsageError } from '../../core/errors.ts';
import { readDays, readRules } from './rules.ts';
import { LISTS, NAMES, RULES } from './table.ts';

/** `public`: a day off by law; `bank`: for banks and offices; `optional`: some take it; `observance`: nobody is off. */
export type HolidayKind = 'public' | 'bank' | 'optional' | 'observance';

export interface Holiday {
  /** Day number (days since 1970-01-01) of its first day. */
  readonly day: number;
  /** Days it lasts. */
  readonly length: number;
  readonly name: string;
  readonly kind: HolidayKind;
}

interface Entry {
  readonly name: string;
  readonly kind: HolidayKind;
  readonly length: number;
  readonly days: (year: number) => number[];
}

const KINDS: Readonly<Record<string, HolidayKind>> = {
  p: 'public',
  b: 'bank',
  o: 'optional',
  v: 'observance',
};

/** The countries (ISO 3166, `DE`) and regions (`DE-BY`) whose holidays are known. */
export const holidayPlaces = (): string[] => Object.keys(RULES);

// Reading the rules costs more than evaluating them; what was read once is kept. The table never changes.
const read = new Map<string, readonly Entry[]>();
let names: readonly string[] | undefined;
const lists: (readonly number[] | undefined)[] = [];

const listAt = (index: number): readonly number[] => {
  lists[index] ??= readDays(LISTS[index]!);
  return lists[index];
};

function nameAt(index: string): string {
  names ??= NAMES.split('|');
  return names[Number.parseInt(index, 36)]!;
}

function readEntry(text: string): Entry {
  const colon = text.indexOf(':');
  const [index, length = '1'] = text.slice(0, colon).split('*') as [string, string?];
  return {
    name: nameAt(index),
    kind: KINDS[text[colon + 1]!]!,
    length: Number(length),
    days: readRules(text.slice(colon + 2), listAt),
  };
}

/** A place's entries: a region has its country's, less those it drops (`!`), and its own. */
function entriesOf(place: string): readonly Entry[] {
  const known = read.get(place);
  if (known) return known;
  const dash = place.indexOf('-');
  const whole = dash < 0 ? [] : entriesOf(place.slice(0, dash));
  const parts = RULES[place]!.split(';');
  const dropped = new Set(parts.filter((part) => part.startsWith('!')).map((part) => nameAt(part.slice(1))));
  const entries = [
    ...whole.filter(({ name }) => !dropped.has(name)),
    ...parts.filter((part) => part !== '' && !part.startsWith('!')).map(readEntry),
  ];
  read.set(place, entries);
  return entries;
}

/** The place in the table's spelling; throws a UsageError for one that is not there. */
export function holidayPlace(text: string): string {
  const place = text.trim().toUpperCase();
  if (place in RULES) return place;
  const known = holidayPlaces();
  const country = place.slice(0, Math.max(0, place.indexOf('-')));
  // A region that keeps what its whole country keeps has no rules of its own.
  const choices = country in RULES ? known.filter((name) => name.startsWith(country)) : known;
  const hint = place.length <= 3 || country in RULES ? didYouMean(place, choices) : '';
  throw new UsageError(
    `the holidays of "${text}" are not known; name a country by its two letters (DE) or a region as DE-BY.${choices.length < 60 ? hint : ''}`,
  );
}

/**
 * The holidays of a country or region from one year to another (both with their whole year), in the order of their
 * days. The table was made for 2000 to 2040: before and after, what follows from a rule goes on and what does not, such as
 * feasts by the moon, is missing.
 */
export function holidaysOf(place: string, fromYear: number, toYear: number): Holiday[] {
  const entries = entriesOf(holidayPlace(place));
  const first = daysFromCivil(fromYear, 1, 1);
  const last = daysFromCivil(toYear + 1, 1, 1);
  const found: Holiday[] = [];
  for (const { name, kind, length, days } of entries) {
    // A substitute may lie on the other side of the turn of the year.
    for (let year = fromYear - 1; year <= toYear + 1; year++) {
      for (const day of days(year)) if (day >= first && day < last) found.push({ day, length, name, kind });
    }
  }
  return found.sort((a, b) => a.day - b.day || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
