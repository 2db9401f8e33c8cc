// bellwether explain: what a saved forecast is made of, and what changed since the one before it.
import { DataError, didYouMean, UsageError } from '../../core/errors.ts';
import { type Change, changeSince } from '../../explain/change.ts';
import {
  addedUp,
  type Contributions,
  contributionsOf,
  currentSeries,
  type Explainable,
} from '../../explain/contributions.ts';
import { untoldModels } from '../../explain/effects.ts';
import { explanationOf } from '../../explain/explanation.ts';
import { paragraph } from '../../explain/paragraph.ts';
import type { RunManifest } from '../../store/manifest.ts';
import { loadPanel } from '../../store/panels.ts';
import { listRuns, loadForecast, loadModels, loadRun } from '../../store/runs.ts';
import { openStore, type Store } from '../../store/store.ts';
import { forecastAgain } from '../keeping.ts';
import { openTerminal } from '../terminal.ts';

interface ExplainFlags {
  store: string;
  /** A run, or false for none. */
  since?: string | false;
  json?: boolean;
  quiet?: boolean;
}

/** How many runs are looked at, from the newest on, to find the forecast before. */
const LOOK_BACK = 20;

async function loadExplainable(store: Store, run: RunManifest): Promise<Explainable> {
  const models = await loadModels(store, run);
  if (!models)
    throw new DataError(`run ${run.id} kept no models; make one that does with "bellwether forecast FILE".`);
  const forecast = await loadForecast(store, run);
  const made = forecast
    ? { panel: await loadPanel(store, run.panel), forecast }
    : await forecastAgain(store, run);
  return { ...made, fitted: models.fitted, global: models.global };
}

/** What is explained: series of a run, taken apart in the same order. */
interface Subject {
  readonly now: Explainable;
  readonly series: readonly number[];
  readonly contributions: readonly Contributions[];
}

interface Compared {
  readonly run: RunManifest;
  readonly change: Change;
}

/** The change since an earlier run over the series that both have; undefined where they share no series or no period. */
async function changeFrom(
  store: Store,
  run: RunManifest,
  { now, series, contributions }: Subject,
): Promise<Compared | undefined> {
  const before = await loadExplainable(store, run);
  const places = new Map(before.panel.ids.map((id, k) => [id, k]));
  const shared = [...series.keys()].filter((k) => places.has(now.panel.ids[series[k]!]!));
  const change = changeSince(
    now.panel,
    shared.map((k) => series[k]!),
    await contributionsOf(
      before,
      shared.map((k) => places.get(now.panel.ids[series[k]!]!)!),
    ),
    shared.map((k) => contributions[k]!),
  );
  return change && { run, change };
}

/** The newest run before this one that forecast the same thing on other data. */
async function changeBefore(store: Store, run: RunManifest, subject: Subject): Promise<Compared | undefined> {
  const earlier = (await listRuns(store))
    .flatMap(({ manifest }) => manifest ?? [])
    .filter((other) => other.created < run.created && other.panel !== run.panel)
    .filter((other) => other.models && other.target === run.target && other.freq.alias === run.freq.alias)
    .slice(-LOOK_BACK)
    .reverse();
  for (const other of earlier) {
    const found = await changeFrom(store, other, subject);
    if (found) return found;
  }
  return undefined;
}

export async function explain(word: string, id: string | undefined, flags: ExplainFlags): Promise<void> {
  const terminal = openTerminal(flags);
  const store = await openStore(flags.store);
  const run = await loadRun(store, word);
  const now = await loadExplainable(store, run);
  const { ids, freq } = now.panel;
  const place = id === undefined ? -1 : ids.indexOf(id);
  if (id !== undefined && place < 0) {
    throw new UsageError(`run ${run.id} has no series "${id}".${didYouMean(id, ids.slice(0, 2000))}`);
  }
  const series = id === undefined ? currentSeries(now.forecast) : [place];
  for (const model of untoldModels(now, series)) {
    terminal.say(`${model} cannot tell what its forecasts are made of: its share is told as level.`);
  }
  const contributions = await contributionsOf(now, series);
  const subject: Subject = { now, series, contributions };
  let found: Compared | undefined;
  if (typeof flags.since === 'string') {
    const since = await loadRun(store, flags.since);
    found = await changeFrom(store, since, subject);
    if (!found) {
      throw new UsageError(`runs ${since.id} and ${run.id} share no series and period; name another run.`);
    }
  } else if (flags.since !== false) {
    found = await changeBefore(store, run, subject);
  }
  const explanation = explanationOf(now.panel, series, addedUp(contributions), {
    ...(place >= 0 ? { model: now.forecast.model[place]! } : { ended: ids.length - series.length }),
    ...(found ? { change: found.change, run: found.run.id } : {}),
  });
  const text = paragraph(explanation, freq);
  terminal.data(
    flags.json ? `${JSON.stringify({ run: run.id, ...explanation, text }, null, 2)}\n` : `${text}\n`,
  );
}
