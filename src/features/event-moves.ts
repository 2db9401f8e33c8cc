// What was sold on a day of an event, as it would be on another day: an event that moves, as Easter does, stands elsewhere in the season
// of before.

/** The logarithm of what events do to a period; 0 away from them. */
export type Lifts = (period: number) => number;

/** What events do, as far as it was known before period `origin`; undefined where nothing was. */
export type LiftsBefore = (origin: number) => Lifts | undefined;

export const NO_LIFTS: LiftsBefore = () => undefined;

/** By how much what was sold in period `then` is multiplied to stand for `target`. */
export const moveBetween = (lifts: Lifts | undefined, then: number, target: number): number =>
  lifts ? Math.exp(lifts(target) - lifts(then)) : 1;
