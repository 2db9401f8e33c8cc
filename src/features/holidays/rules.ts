// The rules of holiday dates: a small notation that the table is written in, read and evaluated.
import { daysFromCivil, weekday } from '../../core/calendar.ts';
import { easter, orthodoxEaster } from '../../core/feasts.ts';

/**
 * One rule. Its notation is a base, a shift and a range of years: `6/19@21-` is every 19 June from 2021 on,
 * `11/22~3210654` the Thursday on or after 22 November, `e-2` Good Friday, `L7+1` the day after each date of list 7,
 * `=0i50su` single days.
 */
interface Rule {
  /** Days of a year. */
  readonly days: (year: number) => readonly number[];
  readonly from: number;
  readonly to: number;
}

const EPOCH = daysFromCivil(2000, 1, 1);
const NOTATION = /^(?:(\d+)\/(\d+)(?:~(.{7}))?|([eo])([+-]\d+)?|L(\d+)([+-]\d+)?|=(\w*))(?:@(\d*)-(\d*))?$/;

/** Reads days since 2000-01-01, three digits of base 36 each, as day numbers. */
export function readDays(text: string): number[] {
  const days: number[] = [];
  for (let i = 0; i < text.length; i += 3) days.push(EPOCH + Number.parseInt(text.slice(i, i + 3), 36));
  return days;
}

/** Days that a letter of a weekday's shift moves a date: 0 … 9 on, a … f back by 1 … 6; NaN where it falls away. */
const shiftOf = (letter: string): number =>
  letter === '.' ? Number.NaN : letter >= 'a' ? 96 - letter.charCodeAt(0) : Number(letter);

/** Those of sorted days that lie in a year. */
const daysIn = (days: readonly number[], year: number): number[] => {
  const first = daysFromCivil(year, 1, 1);
  const last = daysFromCivil(year + 1, 1, 1);
  return days.filter((day) => day >= first && day < last);
};

function readRule(text: string, list: (index: number) => readonly number[]): Rule {
  const match = NOTATION.exec(text);
  if (!match) throw new Error(`"${text}" is not a rule of a holiday`);
  const [, month, date, shifts, feast, feastShift, index, listShift, single, from, to] = match;
  const years = { from: from ? 2000 + Number(from) : -Infinity, to: to ? 2000 + Number(to) : Infinity };
  if (month !== undefined) {
    const moves = Array.from(shifts ?? '0000000', shiftOf);
    return {
      days: (year) => {
        const base = daysFromCivil(year, Number(month), Number(date));
        const move = moves[weekday(base)]!;
        return Number.isNaN(move) ? [] : [base + move];
      },
      ...years,
    };
  }
  if (feast !== undefined) {
    const sunday = feast === 'e' ? easter : orthodoxEaster;
    return { days: (year) => [sunday(year) + Number(feastShift ?? 0)], ...years };
  }
  if (index !== undefined) {
    const days = list(Number(index));
    return { days: (year) => daysIn(days, year).map((day) => day + Number(listShift ?? 0)), ...years };
  }
  const days = readDays(single!);
  return { days: (year) => daysIn(days, year), ...years };
}

/**
 * Reads rules separated by blanks into a function that gives the days of a year, unsorted. A shift may move a day over
 * the turn of the year: then it belongs to the year of its rule.
 */
export function readRules(
  text: string,
  list: (index: number) => readonly number[],
): (year: number) => number[] {
  const rules = text.split(' ').map((rule) => readRule(rule, list));
  return (year) => rules.flatMap(({ days, from, to }) => (year >= from && year <= to ? days(year) : []));
}
