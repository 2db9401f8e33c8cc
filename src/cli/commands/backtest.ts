// bellwether backtest: tries models on past windows and prints how far off they were.
import { didYouMean, UsageError } from '../../core/errors.ts';
import { BASELINE, scoreTable } from '../../evaluate/score-table.ts';
import type { ScoreRow } from '../../evaluate/scores.ts';
import { evaluate } from '../../pipeline.ts';
import { weighedSentences } from '../../select/effort.ts';
import type { DataFlags } from '../data-options.ts';
import { setOut, withExecutor } from '../journey.ts';
import { openTerminal } from '../terminal.ts';
import { effortSentences, qualitySentences } from '../views/outcome.ts';
import { scoresView } from '../views/scores.ts';
import type { WorkFlags } from '../work-options.ts';

interface BacktestFlags extends DataFlags, WorkFlags {
  by: string;
  json?: boolean;
}

const SCOPES = ['overall', 'segment', 'series'];

export async function backtest(files: string[], flags: BacktestFlags): Promise<void> {
  if (!SCOPES.includes(flags.by))
    throw new UsageError(`--by "${flags.by}" is not known.${didYouMean(flags.by, SCOPES)}`);
  const terminal = openTerminal(flags);
  const { prepared, options } = await setOut(files, flags, terminal);
  const { panel } = prepared;
  const result = await withExecutor(flags.threads, (executor, signal) =>
    evaluate(panel, { ...options, executor, signal, onProgress: terminal.onProgress }),
  );
  terminal.clear();
  const { scores, errors } = result;
  const bySeries = (): ScoreRow[] =>
    scoreTable(errors.reported, panel.ids, errors).filter(
      (row) => row.segment !== 'all' || panel.ids.length === 1,
    );
  const wanted =
    flags.by === 'series'
      ? bySeries()
      : flags.by === 'overall'
        ? scores.filter((row) => row.segment === 'all')
        : scores;
  if (flags.json) {
    terminal.data(`${JSON.stringify(wanted, null, 2)}\n`);
    return;
  }
  terminal.data(scoresView(wanted, terminal.columns));
  if (errors.everywhere.some(({ model }) => model === BASELINE) && errors.windows > 1) {
    const rows = scoreTable(
      errors.everywhere,
      panel.ids.map(() => 'all'),
      errors,
    );
    terminal.data(`\nover all ${errors.windows} windows (the earlier ones are what auto chooses from)\n`);
    terminal.data(scoresView(rows, terminal.columns));
  }
  for (const sentence of [...weighedSentences(result.effort), ...effortSentences(result.effort)])
    terminal.say(sentence);
  for (const sentence of qualitySentences(scores, result.season_length)) terminal.say(sentence);
}
