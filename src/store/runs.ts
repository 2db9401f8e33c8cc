// Runs in the store: each a folder with a manifest and its parts, which appears whole or not at all.
import { createHash } from 'node:crypto';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, didYouMean, nearest, UsageError } from '../core/errors.ts';
import type { Panel } from '../core/panel.ts';
import type { ForecastTable } from '../forecast/forecast-table.ts';
import { readBacktest, type SavedBacktest, writeBacktest } from './backtests.ts';
import {
  exists,
  folderBytes,
  isTemporary,
  moveFolder,
  publishFolder,
  storeError,
  temporaryName,
} from './durable-files.ts';
import { readForecast, writeForecast } from './forecasts.ts';
import { manifestText, type RunDraft, type RunManifest, readManifest } from './manifest.ts';
import { hasPanel, savePanel } from './panels.ts';
import { encodeState } from './plain-data.ts';
import { readModels, type SavedModels, writeModels } from './saved-models.ts';
import { ensureStore, FORMAT, runsFolder, type Store } from './store.ts';

/** What a run leaves behind. */
export interface RunParts {
  /** The panel it ran on; saved with it where the store has it not. */
  readonly panel: Panel;
  readonly forecast?: ForecastTable | undefined;
  readonly models?: SavedModels | undefined;
  readonly backtest?: SavedBacktest | undefined;
}

/** A run as a listing shows it: its manifest, or why it cannot be read. */
export interface ListedRun {
  readonly id: string;
  /** Size of its folder. */
  readonly bytes: number;
  readonly manifest?: RunManifest;
  readonly error?: DataError;
}

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** `20261123-1415-k3f9`: the time in UTC and four letters drawn from the content. */
function runId(created: string, content: string, attempt: number): string {
  const time = new Date(created);
  if (Number.isNaN(time.getTime())) {
    throw new UsageError(`created is "${created}"; give a time as ISO text, such as 2026-11-23T14:15:00Z.`);
  }
  const [date = '', clock = ''] = time.toISOString().split('T');
  const digest = createHash('sha256').update(`${content} ${attempt}`).digest();
  const letters = [...digest.subarray(0, 4)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
  return `${date.replaceAll('-', '')}-${clock.slice(0, 5).replace(':', '')}-${letters}`;
}

/**
 * Saves a run with its panel and returns its id. The run appears at once with all its parts; an interruption at
 * any moment leaves none of it in the listing. A full or forbidden disk is a StoreError.
 */
export async function saveRun(store: Store, draft: RunDraft, parts: RunParts): Promise<string> {
  const { panel, forecast, models, backtest } = parts;
  const content = encodeState(draft);
  runId(draft.created, content, 0);
  const panelId = await savePanel(store, panel);
  await ensureStore(store);
  for (let attempt = 0; ; attempt++) {
    const id = runId(draft.created, `${panelId} ${content}`, attempt);
    const published = await publishFolder(runsFolder(store), id, async (folder) => {
      if (forecast) await writeForecast(join(folder, 'forecast.parquet'), forecast);
      if (models) await writeModels(folder, panel.ids, models);
      const rows = backtest ? await writeBacktest(join(folder, 'backtest.parquet'), panel, backtest) : 0;
      const manifest: RunManifest = {
        ...draft,
        format: FORMAT,
        id,
        panel: panelId,
        target: panel.target,
        freq: panel.freq,
        series: panel.ids.length,
        ...(forecast && {
          forecast: { h: forecast.h, level: forecast.level, probabilities: forecast.probabilities },
        }),
        ...(models && {
          models: { members: models.fitted.reduce((total, blend) => total + blend.length, 0) },
        }),
        ...(backtest && {
          backtest: {
            models: backtest.models,
            windows: backtest.windows,
            h: backtest.h,
            rows,
            intervals: backtest.lo80 !== undefined && backtest.hi80 !== undefined,
          },
        }),
      };
      await writeFile(join(folder, 'manifest.json'), manifestText(manifest));
    });
    if (!published) continue;
    // Another process may have collected the panel as garbage before the run was there to hold it.
    if (!(await hasPanel(store, panelId))) await savePanel(store, panel);
    return id;
  }
}

/** Digits of a time that sort: 20261123141500000, or as many as the id of an unreadable run tells. */
const timeDigits = ({ id, manifest }: ListedRun): string =>
  manifest ? new Date(manifest.created).toISOString().replace(/\D/g, '') : id.slice(0, 13).replace('-', '');

const byTime = (a: ListedRun, b: ListedRun): number => {
  const [x, y] = [timeDigits(a) + a.id, timeDigits(b) + b.id];
  return x < y ? -1 : x > y ? 1 : 0;
};

/** The ids of all runs, readable or not, in the order of their names. */
async function runIds(store: Store): Promise<string[]> {
  const names = await readdir(runsFolder(store), { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw storeError(error, runsFolder(store));
    },
  );
  return names
    .filter((entry) => entry.isDirectory() && !isTemporary(entry.name))
    .map((entry) => entry.name)
    .sort();
}

/** All runs, oldest first. A run that cannot be read is listed with the reason and does not hide the others. */
export async function listRuns(store: Store): Promise<ListedRun[]> {
  const listed: ListedRun[] = [];
  for (const id of await runIds(store)) {
    const folder = join(runsFolder(store), id);
    const bytes = await folderBytes(folder);
    try {
      listed.push({ id, bytes, manifest: await readManifest(join(folder, 'manifest.json'), id) });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      // Removed by another process since its name was read.
      if (!(await exists(folder))) continue;
      listed.push({ id, bytes, error });
    }
  }
  return listed.sort(byTime);
}

/** The one run that a word means: its id, the beginning of it, its last four letters, or `latest`. */
async function resolveRun(store: Store, word: string): Promise<string> {
  const ids = await runIds(store);
  if (ids.length === 0) {
    throw new UsageError(
      `the store "${store.root}" has no runs; make one with "bellwether forecast FILE -H 28".`,
    );
  }
  if (word === 'latest') {
    const readable = (await listRuns(store)).filter((run) => run.manifest);
    return (readable.at(-1) ?? { id: ids.at(-1)! }).id;
  }
  if (ids.includes(word)) return word;
  const meant = word === '' ? [] : ids.filter((id) => id.startsWith(word) || id.endsWith(`-${word}`));
  if (meant.length === 1) return meant[0]!;
  if (meant.length > 1) {
    const some = meant.slice(0, 5).join(', ');
    throw new UsageError(
      `"${word}" begins ${meant.length} runs (${some}${meant.length > 5 ? ', …' : ''}); give more of it.`,
    );
  }
  const hint = nearest(word, ids) === undefined ? ` See "bellwether runs ls".` : didYouMean(word, ids);
  throw new UsageError(`no run is called "${word}".${hint}`);
}

/**
 * The manifest of a run, given its id, the beginning of it, its last four letters, or `latest`. Throws a
 * UsageError where no run or several are meant, a DataError where the manifest is damaged or of a later format.
 */
export async function loadRun(store: Store, word: string): Promise<RunManifest> {
  const id = await resolveRun(store, word);
  return readManifest(join(runsFolder(store), id, 'manifest.json'), id);
}

const partPath = (store: Store, run: RunManifest, file: string): string =>
  join(runsFolder(store), run.id, file);

/** The forecast of a run; undefined where it made none. */
export async function loadForecast(store: Store, run: RunManifest): Promise<ForecastTable | undefined> {
  const { freq, series, forecast } = run;
  return forecast && readForecast(partPath(store, run, 'forecast.parquet'), { freq, series, ...forecast });
}

/** The fitted models of a run; undefined where they were not kept. */
export async function loadModels(store: Store, run: RunManifest): Promise<SavedModels | undefined> {
  return run.models && readModels(partPath(store, run, ''), run.series, run.models.members);
}

/** The backtest forecasts of a run; undefined where they were not kept. */
export async function loadBacktest(store: Store, run: RunManifest): Promise<SavedBacktest | undefined> {
  const { series, backtest } = run;
  return backtest && readBacktest(partPath(store, run, 'backtest.parquet'), { series, ...backtest });
}

/** Removes a run, damaged or not, and returns its id. Its panel stays until `collectGarbage`. */
export async function removeRun(store: Store, word: string): Promise<string> {
  const id = await resolveRun(store, word);
  const doomed = join(runsFolder(store), temporaryName());
  try {
    // Out of the listing in one step; a removal that is cut short leaves only a leftover.
    await moveFolder(join(runsFolder(store), id), doomed);
    await rm(doomed, { recursive: true, force: true });
  } catch (error) {
    throw storeError(error, join(runsFolder(store), id));
  }
  return id;
}
