// Keeps what a command made: the run in the store, and the report where one was asked for.

import { writeFile } from 'node:fs/promises';
import { bounds } from '../core/distribution.ts';
import { DataError, UsageError } from '../core/errors.ts';
import { periodName } from '../core/frequency.ts';
import type { Panel } from '../core/panel.ts';
import { forecastPanel } from '../forecast/forecast-part.ts';
import type { ForecastTable } from '../forecast/forecast-table.ts';
import { lengthened } from '../forecast/further-ahead.ts';
import { requireKnownFuture } from '../forecast/requirements.ts';
import { totalRanges } from '../forecast/total-ranges.ts';
import type { Choice } from '../forecast/update.ts';
import { createGlobal, specName } from '../models/registry.ts';
import type { Outcome } from '../pipeline.ts';
import { renderReport } from '../report/report.ts';
import { inline } from '../run/inline.ts';
import { blendName } from '../select/blend.ts';
import type { Calibration } from '../select/conformal.ts';
import { publishFile } from '../store/durable-files.ts';
import type { RunManifest } from '../store/manifest.ts';
import { loadPanel } from '../store/panels.ts';
import { loadModels, saveRun } from '../store/runs.ts';
import type { SavedModels } from '../store/saved-models.ts';
import type { Store } from '../store/store.ts';
import { openStore } from '../store/store.ts';
import type { Journey } from './journey.ts';
import { version } from './version.ts';

/** What a saved run needs, besides its fitted models, to be forecast again. */
type RunSettings = Omit<Choice, 'panel' | 'fitted' | 'global'>;

/** The command line as the user may type it again. */
export const commandText = (argv: readonly string[]): string =>
  ['bellwether', ...argv.map((word) => (/^[\w./:,=@%+-]+$/.test(word) ? word : JSON.stringify(word)))].join(
    ' ',
  );

/** What was chosen for each segment, in words. */
export function selectionOf({
  blend,
}: Pick<Outcome, 'blend'>): { segment: string; series: number; blend: string }[] {
  return blend.segments.map(({ segment, series, weights }) => ({
    segment,
    series,
    blend: blendName(blend.models, weights),
  }));
}

export interface Keeping {
  readonly kind: 'forecast' | 'train' | 'backtest';
  readonly argv: readonly string[];
  readonly started: Date;
  readonly seconds: number;
}

/** Saves an outcome as a run and returns its id. */
export async function keepRun(
  root: string,
  { source, options }: Journey,
  outcome: Outcome,
  { kind, argv, started, seconds }: Keeping,
): Promise<string> {
  const {
    executor: _e,
    onProgress: _p,
    signal: _s,
    prepare: _d,
    keep: _k,
    checkpoint: _c,
    ...plain
  } = options;
  const seed = options.seed ?? 1;
  const { trial, forecast, calibration, scale, season_length, segments, fitted, global } = outcome;
  const settings: RunSettings = {
    calibration,
    scale,
    season_length,
    seed,
    support: options.support ?? {},
    segments,
  };
  return saveRun(
    await openStore(root),
    {
      created: started.toISOString(),
      kind,
      command: commandText(argv),
      version: version(),
      seed,
      source,
      options: plain,
      h: forecast.h,
      level: forecast.level,
      selection: selectionOf(outcome),
      scores: outcome.scores,
      changes: outcome.changes,
      notes: outcome.notes,
      seconds,
    },
    {
      panel: outcome.panel,
      forecast: kind === 'train' ? undefined : forecast,
      models: fitted.length > 0 ? { fitted, global, settings } : undefined,
      backtest: {
        models: ['auto'],
        windows: 1,
        h: trial.h,
        mean: trial.mean,
        sd: trial.sd,
        actual: trial.actual,
        hidden: trial.hidden,
      },
    },
  );
}

/** The fitted models of a run and its settings; throws a DataError where it kept none. */
export async function keptModels(
  store: Store,
  run: RunManifest,
): Promise<SavedModels & { readonly settings: RunSettings }> {
  const models = await loadModels(store, run);
  if (!models)
    throw new DataError(`run ${run.id} kept no models; train it anew with "bellwether train FILE".`);
  return { ...models, settings: models.settings as RunSettings };
}

/** Refuses levels whose bounds a run was not calibrated for. */
export function requireLevels(
  run: RunManifest,
  { probabilities }: Calibration,
  level: readonly number[],
): void {
  for (const l of level) {
    const known = bounds(l).every((p) => probabilities.some((q) => Math.abs(p - q) < 1e-9));
    if (!known) {
      throw new UsageError(
        `run ${run.id} has no ${l}% interval; it was trained for ${run.level.join(', ')}%: choose among these, or train anew with --level ${l}.`,
      );
    }
  }
}

/** A saved run that was forecast again. */
export interface Again {
  readonly panel: Panel;
  readonly forecast: ForecastTable;
  /** A sentence on models that had to be fed back to reach so far; absent where none had to. */
  readonly remark?: string;
}

/** Forecasts a saved run again from its fitted models, without training; h defaults to the run's own. */
export async function forecastAgain(
  store: Store,
  run: RunManifest,
  h: number = run.h,
  level: readonly number[] = run.level,
): Promise<Again> {
  const models = await keptModels(store, run);
  const panel = await loadPanel(store, run.panel);
  requireKnownFuture(panel, h);
  const { calibration, scale, season_length, seed, support } = models.settings;
  requireLevels(run, calibration, level);
  const { fitted, fedBack } = await lengthened(panel, models, run.h, h);
  const { table } = await forecastPanel(
    panel,
    {
      models: [],
      weights: new Float64Array(0),
      h,
      season_length,
      seed,
      support,
      calibration,
      scale,
      keep: false,
      fitted,
    },
    level,
    inline(),
  );
  if (fedBack.length === 0) return { panel, forecast: table };
  const remark =
    `Run ${run.id} was trained for ${periodName(run.freq, run.h)}: beyond them ${fedBack.join(' and ')} took ` +
    `${fedBack.length > 1 ? 'their' : 'its'} own forecasts for what happened, with errors added up. To train for all of them, ` +
    `forecast the files anew with -H ${h}.`;
  return { panel, forecast: table, remark };
}

/** Writes the report of an outcome; the file is replaced whole or not at all. */
export async function writeReport(
  path: string,
  { name, source, options }: Pick<Journey, 'name' | 'source' | 'options'>,
  outcome: Outcome,
  about: readonly { label: string; value: string }[],
): Promise<void> {
  const { panel, forecast, calibration, trial } = outcome;
  const { seed = 1, support = {} } = options;
  const page = renderReport({
    title: `${name}: ${periodName(panel.freq, forecast.h)} ahead`,
    target: panel.target,
    panel,
    forecast,
    totals: totalRanges(forecast, calibration, { seed, support }),
    scores: outcome.scores,
    backtest: { h: trial.h, hidden: trial.hidden, mean: trial.mean, lo80: trial.lo80, hi80: trial.hi80 },
    changes: outcome.changes,
    notes: outcome.notes,
    selection: selectionOf(outcome),
    learning: outcome.global.flatMap(({ spec, state }) => {
      const curves = createGlobal(spec)?.curvesOf?.(state);
      return curves ? [{ name: specName(spec), curves }] : [];
    }),
    segments: outcome.segments,
    season_length: outcome.season_length,
    about: [
      ...about,
      { label: 'Data', value: `${source.files.join(', ')} (fingerprint ${source.fingerprint})` },
      { label: 'Seed', value: String(options.seed ?? 1) },
      { label: 'Bellwether', value: version() },
    ],
  });
  await publishFile(path, (temporary) => writeFile(temporary, page));
}
