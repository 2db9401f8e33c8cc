// bellwether chart: draws series and their forecasts in the terminal.
import { didYouMean, UsageError } from '../../core/errors.ts';
import type { Panel } from '../../core/panel.ts';
import type { ForecastTable } from '../../forecast/forecast-table.ts';
import { forecastPrepared } from '../../pipeline.ts';
import { loadPanel } from '../../store/panels.ts';
import { loadForecast, loadRun } from '../../store/runs.ts';
import { openStore } from '../../store/store.ts';
import type { DataFlags } from '../data-options.ts';
import { setOut, withExecutor } from '../journey.ts';
import { forecastAgain } from '../keeping.ts';
import { openTerminal, type Terminal } from '../terminal.ts';
import { chartOf, largest } from '../views/series.ts';
import type { WorkFlags } from '../work-options.ts';

interface ChartFlags extends DataFlags, WorkFlags {
  run?: string;
  series?: string;
  height?: number;
  ascii?: boolean;
}

interface Drawn {
  readonly panel: Panel;
  readonly forecast: ForecastTable;
}

async function ofRun(word: string, flags: ChartFlags, terminal: Terminal): Promise<Drawn> {
  const store = await openStore(flags.store);
  const run = await loadRun(store, word);
  const forecast = flags.horizon === undefined ? await loadForecast(store, run) : undefined;
  if (forecast) return { panel: await loadPanel(store, run.panel), forecast };
  const again = await forecastAgain(store, run, flags.horizon);
  if (again.remark !== undefined) terminal.say(again.remark);
  return again;
}

async function ofFiles(files: string[], flags: ChartFlags, terminal: Terminal): Promise<Drawn> {
  const { prepared, options } = await setOut(files, flags, terminal);
  return withExecutor(flags.threads, (executor, signal) =>
    forecastPrepared(prepared, { ...options, executor, signal, onProgress: terminal.onProgress }),
  );
}

function wanted(panel: Panel, series: string | undefined): number[] {
  if (series === undefined) return [largest(panel)];
  // An id may hold a comma itself, so the whole word is tried first.
  const names = panel.ids.includes(series) ? [series] : series.split(',').map((name) => name.trim());
  return names.map((name) => {
    const i = panel.ids.indexOf(name);
    if (i < 0)
      throw new UsageError(`no series is called "${name}".${didYouMean(name, panel.ids.slice(0, 2000))}`);
    return i;
  });
}

export async function chart(files: string[], flags: ChartFlags): Promise<void> {
  if ((files.length === 0) === (flags.run === undefined)) {
    throw new UsageError('give a sales file, or a saved run with --run; one of the two.');
  }
  const terminal = openTerminal(flags);
  const drawn =
    flags.run === undefined ? await ofFiles(files, flags, terminal) : await ofRun(flags.run, flags, terminal);
  terminal.clear();
  const color = process.env.NO_COLOR === undefined && process.stdout.isTTY === true;
  for (const i of wanted(drawn.panel, flags.series)) {
    const text = chartOf(drawn.panel, drawn.forecast, i, {
      width: terminal.columns,
      color,
      ...(flags.height ? { height: flags.height } : {}),
      ...(flags.ascii ? { ascii: true } : {}),
    });
    terminal.data(`${text}\n`);
  }
}
