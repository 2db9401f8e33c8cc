// bellwether compare: sets the scores and forecasts of saved runs side by side.

import { UsageError } from '../../core/errors.ts';
import type { ScoreRow } from '../../evaluate/scores.ts';
import type { ForecastTable } from '../../forecast/forecast-table.ts';
import type { RunManifest } from '../../store/manifest.ts';
import { loadForecast, loadRun } from '../../store/runs.ts';
import { openStore } from '../../store/store.ts';
import { openTerminal } from '../terminal.ts';
import { textTable } from '../views/table.ts';

const METRICS = ['mase', 'wape', 'rmsse', 'smape', 'crps', 'bias', 'skill', 'win_rate'] as const;

const autoOf = (run: RunManifest): ScoreRow | undefined =>
  run.scores.find((row) => row.model === 'auto' && row.segment === 'all');

/** Total and largest differences of two forecasts over the series and periods that both have. */
function difference(a: ForecastTable, b: ForecastTable) {
  const other = new Map(b.ids.map((id, i) => [id, i]));
  let [totalA, totalB, absolute, shared] = [0, 0, 0, 0];
  const changes: { id: string; from: number; to: number }[] = [];
  for (const [i, id] of a.ids.entries()) {
    const k = other.get(id);
    if (k === undefined) continue;
    let [from, to, cells] = [0, 0, 0];
    for (let s = 0; s < a.h; s++) {
      const step = a.start[i]! + s - b.start[k]!;
      if (step < 0 || step >= b.h) continue;
      const [x, y] = [a.mean[i * a.h + s]!, b.mean[k * b.h + step]!];
      from += x;
      to += y;
      absolute += Math.abs(x - y);
      cells++;
    }
    if (cells === 0) continue;
    shared++;
    totalA += from;
    totalB += to;
    changes.push({ id, from, to });
  }
  changes.sort((x, y) => Math.abs(y.to - y.from) - Math.abs(x.to - x.from));
  return { shared, totalA, totalB, absolute, changes };
}

const number = (value: number): string =>
  Number.isFinite(value)
    ? value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 0 })
    : '';

export async function compare(
  words: string[],
  flags: { store: string; json?: boolean; quiet?: boolean },
): Promise<void> {
  if (words.length < 2)
    throw new UsageError('give two or more runs to compare; "bellwether runs ls" lists them.');
  const terminal = openTerminal(flags);
  const store = await openStore(flags.store);
  const runs: RunManifest[] = [];
  for (const word of words) runs.push(await loadRun(store, word));
  const rows = METRICS.map((metric) => [metric, ...runs.map((run) => autoOf(run)?.[metric] ?? Number.NaN)]);
  const coverage = [80, 95].map((level) => [
    `coverage ${level}%`,
    ...runs.map((run) => autoOf(run)?.coverage[level] ?? Number.NaN),
  ]);
  if (flags.json) {
    terminal.data(
      `${JSON.stringify(
        runs.map((run) => ({ id: run.id, auto: autoOf(run) })),
        null,
        2,
      )}\n`,
    );
    return;
  }
  terminal.data(
    textTable(
      ['', ...runs.map((run) => run.id)],
      [...rows, ...coverage].map((row) =>
        row.map((cell) => (typeof cell === 'number' ? (Number.isNaN(cell) ? '' : cell.toFixed(4)) : cell)),
      ),
      terminal.columns,
    ),
  );
  if (new Set(runs.map((run) => run.panel)).size > 1) {
    terminal.say('The runs are on different data: their scores are of different series or periods.');
  }
  const [first, ...others] = runs;
  const base = first && (await loadForecast(store, first));
  for (const run of others) {
    const table = await loadForecast(store, run);
    if (!base || !table) continue;
    const { shared, totalA, totalB, absolute, changes } = difference(base, table);
    if (shared === 0) {
      terminal.data(`\n${first.id} and ${run.id} forecast no period in common.\n`);
      continue;
    }
    const moved = totalA === 0 ? '' : ` (${(100 * (totalB / totalA - 1)).toFixed(1)}%)`;
    terminal.data(
      `\n${first.id} → ${run.id}: total ${number(totalA)} → ${number(totalB)}${moved} over ${shared} shared series; ` +
        `cell by cell they differ by ${((100 * absolute) / Math.max(totalA, 1e-12)).toFixed(1)}% of the total.\n`,
    );
    terminal.data(
      textTable(
        ['largest changes', 'before', 'after'],
        changes.slice(0, 8).map(({ id, from, to }) => [id, number(from), number(to)]),
        terminal.columns,
      ),
    );
  }
}
