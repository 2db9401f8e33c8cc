// Moving feasts that follow from a formula: Easter, Orthodox Easter, the nth weekday of a month.
import { daysFromCivil, weekday } from './calendar.ts';

/** Day number of Easter Sunday, by the anonymous Gregorian algorithm (Meeus 1991, Astronomical Algorithms, chapter 8). */
export function easter(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const leap = b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3);
  const h = (19 * a + leap + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return daysFromCivil(year, Math.floor(n / 31), (n % 31) + 1);
}

/**
 * Day number of Orthodox Easter Sunday, by Meeus's Julian algorithm, brought to the Gregorian calendar (13 days from
 * 1900 to 2099, one less or more a century around).
 */
export function orthodoxEaster(year: number): number {
  const d = (19 * (year % 19) + 15) % 30;
  const e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7;
  const n = d + e + 114;
  const gap = Math.floor(year / 100) - Math.floor(year / 400) - 2;
  return daysFromCivil(year, Math.floor(n / 31), (n % 31) + 1) + gap;
}

/** Day number of the nth given weekday (0 Monday … 6 Sunday) of a month. */
export function nthWeekday(year: number, month: number, day: number, nth: number): number {
  const first = daysFromCivil(year, month, 1);
  return first + ((day - weekday(first) + 7) % 7) + 7 * (nth - 1);
}
