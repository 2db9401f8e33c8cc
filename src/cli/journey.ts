// From files to an outcome with talk on the way: what forecast, train, backtest and chart have in common.
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { readFiles } from '../collect/files.ts';
import { Interrupted } from '../core/errors.ts';
import type { Executor } from '../core/executor.ts';
import { periodName } from '../core/frequency.ts';
import { capital, plural } from '../core/number-text.ts';
import type { Observations } from '../core/observations.ts';
import { type ForecastOptions, forecastPrepared, type Outcome } from '../pipeline.ts';
import type { Prepared } from '../prepare/preparation.ts';
import { prepare } from '../prepare/prepare.ts';
import { inline } from '../run/inline.ts';
import { threads } from '../run/threads.ts';
import { openStore } from '../store/store.ts';
import { openWork } from '../store/work.ts';
import { type DataFlags, prepareOptionsOf, readOptionsOf } from './data-options.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';
import { forecastOptionsOf, usualHorizon, type WorkFlags } from './work-options.ts';

export interface Journey {
  readonly prepared: Prepared;
  readonly options: ForecastOptions;
  /** What a run says of where its data came from. */
  readonly source: { readonly files: readonly string[]; readonly fingerprint: string };
  /** "sales.csv", or "sales.csv and 2 more files". */
  readonly name: string;
}

/** A short fingerprint of what was read: the same rows give the same one, however the file was packed. */
function fingerprintOf({ ids, series, time, y }: Observations): string {
  const hash = createHash('sha256').update(JSON.stringify(ids));
  for (const column of [series, time, y]) {
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }
  return hash.digest('hex').slice(0, 16);
}

function nameOf(files: readonly string[]): string {
  const first = files[0] === '-' ? 'standard input' : basename(files[0] ?? 'data');
  const more = files.length - 1;
  return more === 0 ? first : `${first} and ${more} more file${more === 1 ? '' : 's'}`;
}

/** Reads and prepares files, saying what was guessed and done. */
export async function readPrepared(
  files: readonly string[],
  flags: DataFlags,
  terminal: Terminal,
): Promise<Pick<Journey, 'prepared' | 'source' | 'name'>> {
  const observations = await readFiles([...files], readOptionsOf(flags));
  const prepared = prepare(observations, prepareOptionsOf(flags));
  for (const note of [...new Set([...observations.notes, ...prepared.notes])]) terminal.say(note);
  for (const { what, cells, series } of prepared.changes) {
    terminal.say(`${capital(what)} (${plural(cells, 'cell')} of ${plural(series, 'series', 'series')}).`);
  }
  const notes = [...new Set([...observations.notes, ...prepared.notes])];
  return {
    prepared: { ...prepared, notes },
    source: { files: [...files], fingerprint: fingerprintOf(observations) },
    name: nameOf(files),
  };
}

/** The same, with the options of the work that follows; the horizon is the usual one where none was given. */
export async function setOut(
  files: readonly string[],
  flags: DataFlags & WorkFlags,
  terminal: Terminal,
): Promise<Journey> {
  const read = await readPrepared(files, flags, terminal);
  const { freq } = read.prepared.panel;
  const h = flags.horizon ?? usualHorizon(freq.unit);
  if (flags.horizon === undefined)
    terminal.say(`Looking ${periodName(freq, h)} ahead; --horizon sets another.`);
  return { ...read, options: forecastOptionsOf(flags, h) };
}

/** Runs work on threads that end with it; Ctrl-C stops it cleanly. */
export async function withExecutor<Result>(
  count: number | undefined,
  work: (executor: Executor, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const executor = count === 1 ? inline() : threads(count);
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop);
  try {
    const result = await work(executor, controller.signal);
    if (controller.signal.aborted) throw new Interrupted();
    return result;
  } finally {
    process.off('SIGINT', stop);
    await executor.close();
  }
}

export interface Arrival {
  readonly outcome: Outcome;
  /** Removes the pieces of the work, once the outcome is safe or not wanted. */
  forget(): Promise<void>;
}

/**
 * Forecasts what was read, on threads. Where runs are saved, finished pieces of long work are kept in the store until
 * `forget` is called, so that the same command goes on where it was cut short.
 */
export async function travel(
  { prepared, options }: Journey,
  flags: WorkFlags,
  terminal: Terminal,
): Promise<Arrival> {
  const save = flags.save !== false;
  const work = save
    ? await openWork(await openStore(flags.store), prepared.panel, { ...options }, version())
    : undefined;
  const before = work?.pieces() ?? 0;
  if (before > 0) {
    terminal.say(
      `Going on where this command was cut short: ${plural(before, 'piece')} of its work ${before === 1 ? 'is' : 'are'} there already.`,
    );
  }
  try {
    const outcome = await withExecutor(flags.threads, (executor, signal) =>
      forecastPrepared(prepared, {
        ...options,
        executor,
        signal,
        ...(work ? { checkpoint: work } : {}),
        keep: save,
        onProgress: terminal.onProgress,
      }),
    );
    terminal.clear();
    for (const note of outcome.notes) if (!prepared.notes.includes(note)) terminal.say(note);
    return { outcome, forget: async () => work?.remove() };
  } catch (error) {
    if (error instanceof Interrupted && work && work.pieces() > 0)
      throw new Interrupted('interrupted; the same command goes on where it stopped');
    throw error;
  }
}
