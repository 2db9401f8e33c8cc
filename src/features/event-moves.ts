// What was sold on a day of an event, as it would be on another day: an event that moves, as Easter does, stands elsewhere in the season
// of before.
import type { Grouping } from './group-features.ts';

/** The logarithm of what events do to a period; 0 away from them. */
export type Lift = (period: number) => number;

/** What events do to each series, and to all series of a group together. */
export interface Lifts {
  readonly of: (series: number) => Lift;
  readonly within: (grouping: Grouping, group: number) => Lift;
}

/** What events do, as far as it was known before period `origin`; undefined where nothing was. */
export type LiftsBefore = (origin: number) => Lifts | undefined;

export const NO_LIFTS: LiftsBefore = () => undefined;

/** By how much what was sold in period `then` is multiplied to stand for `target`. */
export const moveBetween = (lift: Lift | undefined, then: number, target: number): number =>
  lift ? Math.exp(lift(target) - lift(then)) : 1;
