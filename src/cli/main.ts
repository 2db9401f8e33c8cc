// The command line: what each command is called, takes and says; the work is in `commands/`, loaded when needed.
import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { addDataOptions } from './data-options.ts';
import { version } from './version.ts';
import { addQuiet, addStoreOptions, addWorkOptions } from './work-options.ts';

const FILES = 'CSV, TSV, JSON, NDJSON or Parquet files, gzipped or not; a glob; or - for stdin';

const FROM =
  'go on from a saved run with newer data: its choice stays, networks learn on, other models are fitted anew';

function program(argv: readonly string[]): Command {
  const root = new Command('bellwether')
    .description('Forecasts what a shop will sell, with honest intervals, from a sales file.')
    .version(version(), '-V, --version')
    .showSuggestionAfterError()
    .configureHelp({ helpWidth: Math.min(process.stdout.columns ?? 100, 110) })
    .addHelpText(
      'after',
      `
Examples:
  bellwether demo                              a made-up shop, from its files to a report
  bellwether inspect sales.csv                 what is in the file, and what will go wrong
  bellwether forecast sales.csv -H 28 > f.csv  28 periods ahead, as CSV
  bellwether forecast sales.csv -H 28 --report report.html

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 data refused, 130 interrupted.`,
    );

  addQuiet(
    addStoreOptions(addWorkOptions(addDataOptions(root.command('forecast').argument('[files...]', FILES))))
      .description('Forecast the sales in a file and print them as CSV')
      .option('--run <id>', 'forecast a saved run again, without training; "latest" for the newest')
      .option('--from <id>', FROM)
      .option('--format <name>', 'csv, json, ndjson, parquet, table', 'csv')
      .option('-o, --output <file>', 'write the forecast there instead of to stdout')
      .option('--show-model', 'add a column with the models that made each series')
      .option('--json', 'the same as --format json'),
  ).action(async (files: string[], flags) =>
    (await import('./commands/forecast.ts')).forecast(files, flags, argv),
  );

  addQuiet(
    addStoreOptions(addWorkOptions(addDataOptions(root.command('train').argument('<files...>', FILES))))
      .description('Choose and fit models and keep them as a run; no forecast is printed')
      .option('--from <id>', FROM),
  ).action(async (files: string[], flags) => (await import('./commands/train.ts')).train(files, flags, argv));

  addQuiet(
    addStoreOptions(addWorkOptions(addDataOptions(root.command('backtest').argument('<files...>', FILES))))
      .description('Try models on past windows and print how far off they were')
      .option('--by <scope>', 'overall, segment or series', 'segment')
      .option('--json', 'print the scores as JSON'),
  ).action(async (files: string[], flags) => (await import('./commands/backtest.ts')).backtest(files, flags));

  addQuiet(
    addDataOptions(root.command('inspect').argument('<files...>', FILES))
      .description('Tell what is in a file, what will go wrong, and what would be done about it')
      .option('--json', 'print it as JSON'),
  ).action(async (files: string[], flags) => (await import('./commands/inspect.ts')).inspect(files, flags));

  addQuiet(
    addStoreOptions(addWorkOptions(addDataOptions(root.command('chart').argument('[files...]', FILES))))
      .description('Draw a series and its forecast in the terminal')
      .option('--run <id>', 'draw a saved run; "latest" for the newest')
      .option('--series <id>', 'the series to draw; repeatable by commas (default: the largest)')
      .option('--height <lines>', 'height of a chart', (text) => Number(text))
      .option('--ascii', 'plain characters only'),
  ).action(async (files: string[], flags) => (await import('./commands/chart.ts')).chart(files, flags));

  addQuiet(
    root
      .command('compare')
      .argument('<runs...>', 'ids of saved runs; a unique beginning will do; "latest" for the newest')
      .description('Set the scores and forecasts of saved runs side by side')
      .option('--store <folder>', 'where runs are kept', '.bellwether')
      .option('--json', 'print it as JSON'),
  ).action(async (ids: string[], flags) => (await import('./commands/compare.ts')).compare(ids, flags));

  addQuiet(
    root
      .command('explain')
      .argument('<run>', 'a saved run; "latest" for the newest')
      .argument('[id]', 'the series to explain (default: the sum of all)')
      .description('Tell what a forecast is made of, and what changed since the one before it')
      .option('--since <run>', 'the run to compare it with (default: the newest before it on other data)')
      .option('--no-since', 'compare it with none')
      .option('--store <folder>', 'where runs are kept', '.bellwether')
      .option('--json', 'print it as JSON, period by period'),
  ).action(async (run: string, id: string | undefined, flags) =>
    (await import('./commands/explain.ts')).explain(run, id, flags),
  );

  const runs = root.command('runs').description('List, show and remove saved runs');
  const store = (command: Command): Command =>
    addQuiet(command.option('--store <folder>', 'where runs are kept', '.bellwether'));
  store(
    runs.command('ls', { isDefault: true }).description('List saved runs, newest first').option('--json'),
  ).action(async (flags) => (await import('./commands/runs.ts')).list(flags));
  store(runs.command('show').argument('<id>').description('Show one run').option('--json')).action(
    async (id: string, flags) => (await import('./commands/runs.ts')).show(id, flags),
  );
  store(runs.command('rm').argument('<ids...>').description('Remove runs')).action(
    async (ids: string[], flags) => (await import('./commands/runs.ts')).remove(ids, flags),
  );
  store(runs.command('gc').description('Free what no run refers to')).action(async (flags) =>
    (await import('./commands/runs.ts')).collect(flags),
  );

  root
    .command('models')
    .description('List the models')
    .option('--json', 'print them as JSON')
    .action(async (flags) => (await import('./commands/models.ts')).models(flags));

  addQuiet(
    root
      .command('demo')
      .description('Make up a shop, forecast it and write the report')
      .option('--folder <folder>', 'where the shop and the report go', 'bellwether-demo')
      .option('--products <count>', 'how many products', (text) => Number(text))
      .option('--seed <number>', 'another seed is another shop', (text) => Number(text))
      .option('--threads <count>', 'worker threads (default: all cores)', (text) => Number(text))
      .option('--no-open', 'do not open the report in a browser'),
  ).action(async (flags) => (await import('./commands/demo.ts')).demo(flags));

  root
    .command('doctor')
    .description('Check this machine and the store')
    .option('--store <folder>', 'where runs are kept', '.bellwether')
    .action(async (flags) => (await import('./commands/doctor.ts')).doctor(flags));

  return root;
}

/** Commander's own errors are wrong usage; help and version are none. */
const usageCode = (error: CommanderError): number => (error.exitCode === 0 ? 0 : 2);

/** Runs the command line and returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const root = program(argv);
  const quiet = (command: Command): void => {
    command.exitOverride();
    command.commands.forEach(quiet);
  };
  quiet(root);
  if (argv.length === 0) {
    root.outputHelp();
    return 0;
  }
  try {
    await root.parseAsync(argv as string[], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return usageCode(error);
    const { message, exitCode, stack } = error as Error & { exitCode?: number };
    const mark = process.stderr.isTTY && process.env.NO_COLOR === undefined ? pc.red('error') : 'error';
    // An error without an exit code is a defect of ours: the stack helps whoever reports it.
    process.stderr.write(
      `${mark}: ${exitCode === undefined ? `${stack ?? message}\nThis is a defect; please report it.` : message}\n`,
    );
    return exitCode ?? 1;
  }
}
