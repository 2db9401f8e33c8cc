// bellwether forecast: from files (or a saved run) to a forecast on stdout.
import { didYouMean, UsageError } from '../../core/errors.ts';
import { periodName } from '../../core/frequency.ts';
import type { ForecastTable } from '../../forecast/forecast-table.ts';
import {
  type ForecastFormat,
  forecastCsv,
  forecastJson,
  forecastNdjson,
  writeForecastFile,
} from '../../store/forecast-file.ts';
import { loadRun } from '../../store/runs.ts';
import { openStore } from '../../store/store.ts';
import { requireFolders } from '../destinations.ts';
import { type GoingOn, goOn } from '../going-on.ts';
import { setOut, travel } from '../journey.ts';
import { forecastAgain, keepRun, writeReport } from '../keeping.ts';
import { openTerminal, type Terminal } from '../terminal.ts';
import { forecastTable } from '../views/forecast.ts';
import { tellOutcome } from '../views/outcome.ts';
import { forecastOptionsOf } from '../work-options.ts';

export interface ForecastFlags extends GoingOn {
  run?: string;
  format: string;
  json?: boolean;
  output?: string;
  showModel?: boolean;
}

const FORMATS = ['csv', 'json', 'ndjson', 'parquet', 'table'];

function formatOf({ format, json, output }: ForecastFlags): string {
  const chosen = json ? 'json' : format;
  if (!FORMATS.includes(chosen))
    throw new UsageError(`--format "${chosen}" is not known.${didYouMean(chosen, FORMATS)}`);
  if (chosen === 'parquet' && output === undefined) {
    throw new UsageError('--format parquet is binary; say where it goes with --output forecast.parquet.');
  }
  return chosen;
}

async function write(table: ForecastTable, flags: ForecastFlags, terminal: Terminal): Promise<void> {
  const format = formatOf(flags);
  if (format === 'table') {
    terminal.data(forecastTable(table));
    return;
  }
  const options = { model: flags.showModel ?? false };
  if (flags.output !== undefined) {
    await writeForecastFile(table, flags.output, format as ForecastFormat, options);
    terminal.say(`Wrote ${flags.output}.`);
    return;
  }
  const pieces = { csv: forecastCsv, json: forecastJson, ndjson: forecastNdjson }[format as 'csv'](
    table,
    options,
  );
  await terminal.stream(pieces);
}

export async function forecast(
  files: string[],
  flags: ForecastFlags,
  argv: readonly string[],
): Promise<void> {
  formatOf(flags);
  await requireFolders(flags.output, flags.report);
  const terminal = openTerminal(flags);
  if (flags.run !== undefined) {
    if (flags.from !== undefined)
      throw new UsageError(
        '--run forecasts a run as it is, --from goes on from it with new data; give one of them.',
      );
    if (files.length > 0) throw new UsageError('give files or --run, not both: a run has its own data.');
    const store = await openStore(flags.store);
    const run = await loadRun(store, flags.run);
    const { level } = forecastOptionsOf(flags, run.h);
    const again = await forecastAgain(store, run, flags.horizon, level);
    terminal.say(
      `Forecast run ${run.id} again, ${periodName(run.freq, again.forecast.h)} ahead, without training.`,
    );
    if (again.remark !== undefined) terminal.say(again.remark);
    await write(again.forecast, flags, terminal);
    return;
  }
  if (files.length === 0)
    throw new UsageError(
      'give a sales file: bellwether forecast sales.csv -H 28; or a saved run: --run latest.',
    );

  const started = new Date();
  const { from } = flags;
  if (from !== undefined) {
    const { forecast, id } = await goOn(
      files,
      { ...flags, from },
      { kind: 'forecast', argv, started },
      terminal,
    );
    await write(forecast, flags, terminal);
    if (id !== undefined) terminal.say(`Kept as run ${id}; "--from ${id}" goes on from it.`);
    return;
  }
  const journey = await setOut(files, flags, terminal);
  const { outcome, forget } = await travel(journey, flags, terminal);
  tellOutcome(outcome, terminal);
  const seconds = (Date.now() - started.getTime()) / 1000;
  await write(outcome.forecast, flags, terminal);
  let id: string | undefined;
  if (flags.save !== false) {
    id = await keepRun(flags.store ?? '.bellwether', journey, outcome, {
      kind: 'forecast',
      argv,
      started,
      seconds,
    });
    await forget();
    terminal.say(`Kept as run ${id}; "bellwether forecast --run ${id} -H …" forecasts it again.`);
  }
  if (flags.report !== undefined) {
    await writeReport(flags.report, journey, outcome, [
      { label: 'Made', value: `${started.toISOString().slice(0, 16).replace('T', ' ')} UTC` },
      ...(id === undefined ? [] : [{ label: 'Run', value: id }]),
    ]);
    terminal.say(`Wrote the report to ${flags.report}.`);
  }
}
