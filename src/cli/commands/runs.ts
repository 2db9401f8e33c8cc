// bellwether runs: lists, shows and removes saved runs.

import { periodName } from '../../core/frequency.ts';
import type { ScoreRow } from '../../evaluate/scores.ts';
import { collectGarbage } from '../../store/garbage.ts';
import { listRuns, loadRun, removeRun } from '../../store/runs.ts';
import { openStore } from '../../store/store.ts';
import { openTerminal } from '../terminal.ts';
import { scoresView } from '../views/scores.ts';
import { textTable } from '../views/table.ts';

interface RunsFlags {
  store: string;
  json?: boolean;
  quiet?: boolean;
}

const auto = (scores: readonly ScoreRow[]): ScoreRow | undefined =>
  scores.find((row) => row.model === 'auto' && row.segment === 'all');

const percent = (share: number | undefined): string =>
  share === undefined || Number.isNaN(share) ? '' : `${(100 * share).toFixed(1)}%`;

/** Bytes in a unit that people read: 3.4 MB. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const k = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return `${(bytes / 1000 ** k).toFixed(k === 0 ? 0 : 1)} ${units[k]}`;
}

export async function list(flags: RunsFlags): Promise<void> {
  const terminal = openTerminal(flags);
  const runs = (await listRuns(await openStore(flags.store))).reverse();
  if (flags.json) {
    const plain = runs.map(({ id, bytes, manifest, error }) => ({
      ...(manifest ?? { id }),
      bytes,
      error: error?.message,
    }));
    terminal.data(`${JSON.stringify(plain, null, 2)}\n`);
    return;
  }
  if (runs.length === 0) {
    terminal.say(`The store "${flags.store}" has no runs; "bellwether forecast FILE -H 28" makes one.`);
    return;
  }
  const rows = runs.map(({ id, bytes, manifest, error }) =>
    manifest
      ? [
          id,
          manifest.kind,
          manifest.source.files.join(', '),
          manifest.series,
          periodName(manifest.freq, manifest.h),
          percent(auto(manifest.scores)?.wape),
          percent(auto(manifest.scores)?.skill),
          size(bytes),
        ]
      : [id, 'unreadable', error?.message ?? '', '', '', '', '', size(bytes)],
  );
  terminal.data(
    textTable(['run', 'kind', 'files', 'series', 'ahead', 'WAPE', 'skill', 'size'], rows, terminal.columns),
  );
}

export async function show(word: string, flags: RunsFlags): Promise<void> {
  const terminal = openTerminal(flags);
  const run = await loadRun(await openStore(flags.store), word);
  if (flags.json) {
    terminal.data(`${JSON.stringify(run, null, 2)}\n`);
    return;
  }
  const lines: [string, string][] = [
    ['run', run.id],
    ['command', run.command],
    ['made', `${run.created} by bellwether ${run.version}, in ${run.seconds.toFixed(1)} s`],
    ['data', `${run.source.files.join(', ')} (fingerprint ${run.source.fingerprint})`],
    ['panel', `${run.series} series of ${run.target}, frequency ${run.freq.alias}`],
    ['horizon', periodName(run.freq, run.h)],
    ['seed', String(run.seed)],
  ];
  for (const [name, value] of lines) terminal.data(`${name.padEnd(9)}${value}\n`);
  terminal.data(`\n${scoresView(run.scores, terminal.columns)}`);
  const chosen = run.selection as { segment: string; series: number; blend: string }[] | undefined;
  if (chosen) {
    terminal.data('\nchosen\n');
    for (const { segment, series, blend } of chosen)
      terminal.data(`  ${segment} (${series} series): ${blend}\n`);
  }
  for (const note of run.notes) terminal.data(`\n${note}`);
  if (run.notes.length > 0) terminal.data('\n');
}

export async function remove(words: string[], flags: RunsFlags): Promise<void> {
  const terminal = openTerminal(flags);
  const store = await openStore(flags.store);
  for (const word of words) terminal.say(`Removed run ${await removeRun(store, word)}.`);
  terminal.say('"bellwether runs gc" frees the panels that no run refers to any more.');
}

export async function collect(flags: RunsFlags): Promise<void> {
  const terminal = openTerminal(flags);
  const { bytes, panels, leftovers, notes } = await collectGarbage(await openStore(flags.store));
  for (const note of notes) terminal.say(note);
  terminal.say(
    `Freed ${size(bytes)}: ${panels.length} panels and ${leftovers} leftovers of interrupted work.`,
  );
}
