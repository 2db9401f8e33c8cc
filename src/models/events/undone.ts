// A panel in which events that are not planned have never been: the season of before would tell of them all the same.
import type { Column, Panel } from '../../core/panel.ts';
import type { LiftsBefore } from '../../features/event-moves.ts';
import { LONG } from '../../features/long-season.ts';
import { type EventEffects, eventEffects } from './effects.ts';

export interface Undone {
  /** The panel without what the events did in the past, and without their dates. */
  readonly panel: Panel;
  /** The columns whose events are gone. */
  readonly gone: readonly string[];
  /** Whether Easter has gone with them. */
  readonly withoutEaster: boolean;
}

/** What is known of the events of a panel that a long season remembers; undefined where there are none. */
export const rememberedEvents = (panel: Panel, seasons: readonly number[]): EventEffects | undefined =>
  seasons.some((m) => m >= LONG) ? eventEffects(panel, seasons[0]!) : undefined;

/** What the events of a panel do, as far as it was known before each period. */
export const liftsFor = (panel: Panel, seasons: readonly number[]): LiftsBefore | undefined =>
  rememberedEvents(panel, seasons)?.liftsBefore();

/**
 * Takes the events of columns that are planned to be as usual out of the past; undefined where none of the columns tells of
 * events. Only a long season remembers events: without one they are left in.
 */
export function undoneEvents(
  panel: Panel,
  seasons: readonly number[],
  events: EventEffects | undefined = rememberedEvents(panel, seasons),
): (asUsual: readonly string[]) => Undone | undefined {
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
