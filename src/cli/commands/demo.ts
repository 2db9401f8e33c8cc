// bellwether demo: makes up a shop, forecasts it from its files, and opens the report.
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeShop } from '../../collect/demo-shop/files.ts';
import { simulateShop } from '../../collect/demo-shop/shop.ts';
import { forecastPrepared } from '../../pipeline.ts';
import { writeForecastFile } from '../../store/forecast-file.ts';
import { setOut, withExecutor } from '../journey.ts';
import { keepRun, writeReport } from '../keeping.ts';
import { openTerminal } from '../terminal.ts';
import { tellOutcome } from '../views/outcome.ts';
import { chartOf, largest } from '../views/series.ts';

interface DemoFlags {
  folder: string;
  products?: number;
  seed?: number;
  threads?: number;
  open: boolean;
  quiet?: boolean;
}

/** Opens a file with whatever the desktop opens it with; a machine without one is no error. */
function openInBrowser(path: string): void {
  if (process.env.CI !== undefined || process.stdout.isTTY !== true) return;
  const openers: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
    darwin: ['open'],
    win32: ['cmd', '/c', 'start', ''],
  };
  const [command, ...words] = openers[process.platform] ?? ['xdg-open'];
  spawn(command, [...words, path], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

/** Nominal seconds for choosing: a demonstration is over in half a minute. */
const DEMO_BUDGET = 40;

export async function demo(flags: DemoFlags): Promise<void> {
  const terminal = openTerminal(flags);
  const started = new Date();
  const { bold, dim } = terminal.colours;
  const options = {
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(flags.products === undefined ? {} : { products: flags.products }),
  };
  const shop = simulateShop(options);
  await mkdir(flags.folder, { recursive: true });
  await writeShop(shop, flags.folder);
  const sales = join(flags.folder, 'sales.csv');
  const command = ['forecast', sales, '-H', '28', '--known', 'price,promo,holiday', '--stock', 'stock'];
  terminal.say(`Made up a shop in ${flags.folder}/. From here on, this is what you would type for your own:`);
  terminal.say();
  terminal.say(bold(`  bellwether ${command.join(' ')}`));
  terminal.say();

  const dataFlags = { known: 'price,promo,holiday', stock: 'stock', horizon: 28 };
  const journey = await setOut([sales], dataFlags, terminal);
  const outcome = await withExecutor(flags.threads, (executor, signal) =>
    forecastPrepared(journey.prepared, {
      ...journey.options,
      budget: DEMO_BUDGET,
      executor,
      signal,
      keep: true,
      onProgress: terminal.onProgress,
    }),
  );
  terminal.clear();
  tellOutcome(outcome, terminal);
  terminal.say();
  terminal.say(
    chartOf(outcome.panel, outcome.forecast, largest(outcome.panel), {
      width: terminal.columns,
      color: terminal.colour,
    }),
  );
  const seconds = (Date.now() - started.getTime()) / 1000;
  const store = join(flags.folder, '.bellwether');
  const run = await keepRun(store, journey, outcome, { kind: 'forecast', argv: command, started, seconds });
  const report = resolve(flags.folder, 'report.html');
  await writeReport(report, journey, outcome, [{ label: 'Run', value: run }]);
  const forecast = join(flags.folder, 'forecast.csv');
  await writeForecastFile(outcome.forecast, forecast, 'csv');
  terminal.say();
  terminal.say(`${bold('Forecast')}  ${forecast}`);
  terminal.say(`${bold('Report')}    ${report}`);
  terminal.say(
    dim(
      `All of it took ${seconds.toFixed(1)} s. The truth behind the made-up sales is in ${join(flags.folder, 'truth')}/.`,
    ),
  );
  if (flags.open) openInBrowser(report);
}
