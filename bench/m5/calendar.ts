// The calendar of the M5: its days with their weeks, events and the days on which food benefits are paid (SNAP).
import { parseIso } from '../../src/core/calendar.ts';
import { readGzip } from '../m-competitions.ts';

export const STATES = ['CA', 'TX', 'WI'] as const;

export interface Day {
  /** Midnight UTC, epoch ms. */
  readonly ms: number;
  /** `2011-01`. */
  readonly month: string;
  /** Walmart's name of the week, Saturday to Friday. */
  readonly week: string;
  /** Name of the day's first event; empty where there is none. */
  readonly event: string;
  /** Whether benefits are paid, in the order of `STATES`. */
  readonly snap: readonly boolean[];
}

/** All 1,969 days from 29 January 2011, d_1, in order. */
export function calendar(): Day[] {
  return readGzip('forecast/m5_calendar.csv.gz')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [date, week, , , , , , event, , , , ...snap] = line.trim().split(',');
      return {
        ms: parseIso(date!),
        month: date!.slice(0, 7),
        week: week!,
        event: event!,
        snap: snap.map((paid) => paid === '1'),
      };
    });
}
