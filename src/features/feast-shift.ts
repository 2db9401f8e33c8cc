// Easter moves by up to five weeks: near it, the same place in last year's season is another week than a year ago.
import { civilFromDays, MS_PER_DAY } from '../core/calendar.ts';
import { easter } from '../core/feasts.ts';
import { type Frequency, timestamp } from '../core/frequency.ts';

/** Days before and after Easter Sunday in which it is felt. */
const BEFORE = 24;
const AFTER = 10;

/** Days of a period of the units in which Easter shows. */
const DAYS: Partial<Record<Frequency['unit'], number>> = { day: 1, week: 7 };

/**
 * Periods by which the period that stood to last year's Easter as this one stands to this year's is later than `season`
 * periods ago; 0 away from Easter, and for seasons that are not a year.
 */
export function feastShift(freq: Frequency, period: number, season: number): number {
  const length = (DAYS[freq.unit] ?? 0) * freq.multiple;
  const year = length * season;
  if (year < 360 || year > 370) return 0;
  const day = Math.floor(timestamp(freq, period) / MS_PER_DAY);
  const { year: now } = civilFromDays(day);
  const off = day - easter(now);
  if (off < -BEFORE || off > AFTER) return 0;
  const then = easter(now - 1) + off;
  return Math.round((then - (day - year)) / length);
}
