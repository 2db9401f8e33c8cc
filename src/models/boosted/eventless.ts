// The tables of a panel's plans, in which an event that is not planned has never been.
import type { Panel } from '../../core/panel.ts';
import type { FeatureRows, Setting } from '../../features/feature-rows.ts';
import { type FeatureOptions, type FeatureTable, featureTable } from '../../features/feature-table.ts';
import { type History, historyOf } from '../../features/history.ts';
import { plannedColumns, rememberedEvents, type Undone, undoneEvents } from '../events/undone.ts';

/**
 * The table of the rows for each plan of the panel, which differs from it in known-future columns. Where a column of events is other
 * than it was, the past loses its events too: the season of before would tell of them all the same.
 */
export function tablesWithoutEvents(
  panel: Panel,
  rows: FeatureRows,
  { setting, settings }: { readonly setting: Setting; readonly settings: FeatureOptions },
): (planned: Panel) => FeatureTable {
  const history = historyOf(panel);
  const events = rememberedEvents(panel, setting.seasons);
  const undone = undoneEvents(panel, setting.seasons, events);
  const lifts = events?.liftsBefore();
  const known = new Map<Undone, History>();
  return (planned) => {
    const others = planned.knownFuture.filter((column, c) => column !== panel.knownFuture[c]);
    const without = undone(others.map(({ name }) => name));
    if (!without)
      return featureTable(
        planned,
        rows,
        setting,
        { ...settings, liftsBefore: lifts },
        { ...history, panel: planned },
      );
    const own = known.get(without) ?? historyOf(without.panel);
    known.set(without, own);
    const knownFuture = plannedColumns(planned.knownFuture, without.gone, without.panel);
    const plain = { ...without.panel, knownFuture };
    const options = {
      ...settings,
      easter: !without.withoutEaster,
      liftsBefore: events?.liftsBefore(without.gone),
    };
    return featureTable(plain, rows, setting, options, { ...own, panel: plain });
  };
}
