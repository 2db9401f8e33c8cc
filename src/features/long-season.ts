// Which seasons are long: a series grows from one to the next, so that a phase must be told in units of its own season, and neighbours
// of the phase tell of it too.
import type { Frequency } from '../core/frequency.ts';

/** Seasons of so many periods are long whatever the periods. */
export const LONG = 12;

/** Months of one unit of the calendar, where it is made of months. */
const MONTHS: Partial<Record<Frequency['unit'], number>> = { month: 1, quarter: 3, year: 12 };

/**
 * Whether m periods are a long season: twelve and more are, and a year is, be it of four quarters alone. Eight weeks of days are near
 * enough to be told as they are.
 */
export const isLong = (m: number, { unit, multiple }: Frequency): boolean =>
  m >= LONG || m * multiple * (MONTHS[unit] ?? 0) >= 12;
