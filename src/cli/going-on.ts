// Going on from a saved run with newer data: its choice stays, its models learn what has come since.
import { UsageError } from '../core/errors.ts';
import { periodName } from '../core/frequency.ts';
import { updateForecast } from '../forecast/update.ts';
import type { RunManifest } from '../store/manifest.ts';
import { loadPanel } from '../store/panels.ts';
import { loadRun, saveRun } from '../store/runs.ts';
import { openStore } from '../store/store.ts';
import { openWork } from '../store/work.ts';
import type { DataFlags } from './data-options.ts';
import { readPrepared, withExecutor } from './journey.ts';
import { commandText, type Keeping, keptModels, requireLevels } from './keeping.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';
import { forecastOptionsOf, type WorkFlags } from './work-options.ts';

/** Options that a saved run has settled. */
const SETTLED = [
  ['models', '--models'],
  ['seasonLength', '--season-length'],
  ['windows', '--windows'],
  ['step', '--step'],
  ['budget', '--budget'],
  ['seed', '--seed'],
  ['min', '--min'],
  ['max', '--max'],
  ['whole', '--whole'],
] as const satisfies readonly (readonly [keyof WorkFlags, string])[];

export interface GoingOn extends DataFlags, WorkFlags {
  /** The run to go on from. */
  from?: string;
}

/** What the run after an earlier one came to. */
export interface Continued extends Pick<Awaited<ReturnType<typeof updateForecast>>, 'forecast'> {
  /** Absent where no run is kept. */
  readonly id?: string;
}

function refuseSettled(flags: GoingOn): void {
  for (const [name, option] of SETTLED) {
    if (flags[name] !== undefined)
      throw new UsageError(
        `--from keeps what the run was made with; leave out ${option}, or leave out --from.`,
      );
  }
  if (flags.report !== undefined)
    throw new UsageError('--report shows a backtest, and --from makes none; leave one of them out.');
}

/** Forecasts files as the run `flags.from` chose, and keeps that as a run of its own unless it is not wanted. */
export async function goOn(
  files: readonly string[],
  flags: GoingOn & { readonly from: string },
  { kind, argv, started }: Omit<Keeping, 'seconds'>,
  terminal: Terminal,
): Promise<Continued> {
  refuseSettled(flags);
  const store = await openStore(flags.store);
  const run: RunManifest = await loadRun(store, flags.from);
  const models = await keptModels(store, run);
  const { h, level = run.level } = forecastOptionsOf(flags, flags.horizon ?? run.h);
  const { segments, ...settings } = models.settings;
  requireLevels(run, settings.calibration, level);
  const { prepared, source } = await readPrepared(files, flags, terminal);
  const { panel } = prepared;
  const save = flags.save !== false;
  const options = { h, level, from: run.id };
  const work = save ? await openWork(store, panel, options, version()) : undefined;
  const choice = {
    ...settings,
    segments,
    panel: await loadPanel(store, run.panel),
    fitted: models.fitted,
    global: models.global,
  };
  const made = await withExecutor(flags.threads, (executor, signal) =>
    updateForecast(panel, choice, { h, level }, executor, { signal, onProgress: terminal.onProgress }, work),
  );
  terminal.clear();
  for (const note of made.notes) terminal.say(note);
  terminal.say(
    `Went on from run ${run.id}, ${periodName(panel.freq, h)} ahead: its weights and intervals stay, and how good they are was tried on its data.`,
  );
  const { forecast } = made;
  if (!save) return { forecast };
  const { panel: _p, fitted, global, ...kept } = made.choice;
  const id = await saveRun(
    store,
    {
      created: started.toISOString(),
      kind,
      command: commandText(argv),
      version: version(),
      seed: run.seed,
      source,
      options,
      h,
      level,
      selection: run.selection,
      scores: run.scores,
      changes: prepared.changes,
      notes: [...prepared.notes, ...made.notes, `Scores are those of run ${run.id}, whose choice this is.`],
      seconds: (Date.now() - started.getTime()) / 1000,
    },
    {
      panel,
      forecast: kind === 'train' ? undefined : forecast,
      models: { fitted, global, settings: { ...kept } },
    },
  );
  await work?.remove();
  return { forecast, id };
}
