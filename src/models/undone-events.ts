// A panel in which events that are not planned have never been: the season of before would tell of them all the same.
import type { Column, Panel } from '../core/panel.ts';
import { LONG } from '../features/long-season.ts';
import { eventEffects } from './event-effects.ts';

export interface Undone {
  /** The panel without what the events did in the past, and without their dates. */
  readonly panel: Panel;
  /** The columns whose events are gone. */
  readonly gone: readonly string[];
  /** Whether Easter has gone with them. */
  readonly withoutEaster: boolean;
}

/**
 * Takes the events of columns that are planned to be as usual out of the past; undefined where none of the columns tells of
 * events. Only a long season remembers events: without one they are left in.
 */
export function undoneEvents(
  panel: Panel,
  seasons: readonly number[],
): (asUsual: readonly string[]) => Undone | undefined {
  const events = seasons.some((m) => m >= LONG) ? eventEffects(panel, seasons[0]!) : undefined;
  const known = new Map<string, Undone>();
  return (asUsual) => {
    const gone = events?.names.filter((name) => asUsual.includes(name)) ?? [];
    if (!events || gone.length === 0) return undefined;
    const key = gone.join();
    const undone = known.get(key) ?? {
      panel: events.without(gone),
      gone,
      withoutEaster: events.tellsEaster(gone),
    };
    known.set(key, undone);
    return undone;
  };
}

/** The columns of a plan, but for those whose events are gone. */
export const plannedColumns = (plan: readonly Column[], gone: readonly string[], without: Panel): Column[] =>
  plan.map((column, c) => (gone.includes(column.name) ? without.knownFuture[c]! : column));
