// The tables of a panel's plans, in which an event that is not planned has never been.
import type { Panel } from '../../core/panel.ts';
import type { FeatureRows, Setting } from '../../features/feature-rows.ts';
import { type FeatureOptions, type FeatureTable, featureTable } from '../../features/feature-table.ts';
import { type History, historyOf } from '../../features/history.ts';
import { LONG } from '../../features/lag-features.ts';
import { eventEffects } from './event-effects.ts';

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
  const isLong = setting.seasons.some((m) => m >= LONG);
  const events = isLong ? eventEffects(panel, setting.seasons[0]!) : undefined;
  const known = new Map<string, History>();
  return (planned) => {
    const isOther = (name: string): boolean => {
      const c = panel.knownFuture.findIndex((column) => column.name === name);
      return planned.knownFuture[c] !== panel.knownFuture[c];
    };
    const gone = events?.names.filter(isOther) ?? [];
    if (!events || gone.length === 0) {
      return featureTable(planned, rows, setting, settings, { ...history, panel: planned });
    }
    const key = gone.join();
    const own = known.get(key) ?? historyOf(events.without(gone));
    known.set(key, own);
    const knownFuture = planned.knownFuture.map((column, c) =>
      gone.includes(column.name) ? own.panel.knownFuture[c]! : column,
    );
    const plain = { ...own.panel, knownFuture };
    const options = { ...settings, easter: !events.tellsEaster(gone) };
    return featureTable(plain, rows, setting, options, { ...own, panel: plain });
  };
}
