// The terminal: data goes to stdout, talk to stderr, colour only where it is wanted.
import { once } from 'node:events';
import pc from 'picocolors';
import type { Progress, ProgressListener } from '../core/progress.ts';

export interface Terminal {
  /** Writes data. */
  data(text: string): void;
  /** Writes pieces of data, no faster than they are taken. */
  stream(pieces: Iterable<string>): Promise<void>;
  /** Writes a line of talk, unless quiet. */
  say(line?: string): void;
  /** Writes a warning, even when quiet. */
  warn(line: string): void;
  readonly onProgress: ProgressListener;
  /** Removes the progress bar from the screen. */
  clear(): void;
  readonly colour: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly colours: ReturnType<typeof pc.createColors>;
}

const BAR = 24;
/** Share of the work from which on the time left is told: before, it is a guess from next to nothing. */
const TOLD = 0.05;

/** A bar on a terminal, one plain line a quarter in a pipe. */
function progressView(quiet: boolean): { onProgress: ProgressListener; clear: () => void } {
  const live = process.stderr.isTTY === true;
  let drawn = false;
  /** The last quarter that a line was written for, one a stage. */
  const told = new Map<string, string>();
  /** When each stage was first heard of, and how far it was then: work that is taken up again does not begin at 0. */
  const started = new Map<string, { readonly at: number; readonly done: number }>();
  const clear = (): void => {
    if (drawn) process.stderr.write('\r\u001b[2K');
    drawn = false;
  };
  /** Where each unfinished stage stands, the one that moved last at the end: several may go on at the same time. */
  const standing = new Map<string, Progress>();
  const draw = ({ stage, unit = 'series', done, total, note }: Progress, rest: string): void => {
    const filled = Math.round((done / total) * BAR);
    const bar = `${'━'.repeat(filled)}${'╌'.repeat(BAR - filled)} `;
    const words = `${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${unit}${note ? `, ${note}` : ''}${rest}`;
    const name = `${stage.padEnd(9)} `;
    // A line that is broken cannot be written over: where there is little room, words tell more than a bar.
    const room = (process.stderr.columns || 80) - 1;
    const line = name.length + bar.length + words.length <= room ? name + bar + words : name + words;
    process.stderr.write(`\r\u001b[2K${line.slice(0, room)}`);
    drawn = true;
  };
  const onProgress = (progress: Progress): void => {
    const { stage, done, total } = progress;
    if (quiet || total === 0) return;
    const now = Date.now();
    if (!started.has(stage)) started.set(stage, { at: now, done });
    standing.delete(stage);
    if (done < total) standing.set(stage, progress);
    const shown = [...standing.values()].at(-1);
    if (!shown) {
      clear();
      return;
    }
    const since = started.get(shown.stage)!;
    const share = shown.done / shown.total;
    const each = (now - since.at) / (shown.done - since.done);
    const rest = Number.isFinite(each)
      ? `, ${Math.ceil((each * (shown.total - shown.done)) / 1000)} s left`
      : '';
    if (live) {
      draw(shown, now - since.at > 2000 && share >= TOLD ? rest : '');
      return;
    }
    // In a pipe only long work is worth a line.
    const quarter = `${shown.stage} ${Math.floor(share * 4) * 25}%`;
    if (share >= 0.25 && now - since.at > 5000 && quarter !== told.get(shown.stage)) {
      told.set(shown.stage, quarter);
      process.stderr.write(`${quarter}${shown.note ? `, ${shown.note}` : ''}${rest}\n`);
    }
  };
  return { onProgress, clear };
}

export function openTerminal({ quiet = false }: { quiet?: boolean } = {}): Terminal {
  const colour = process.env.NO_COLOR === undefined && process.stderr.isTTY === true;
  const { onProgress, clear } = progressView(quiet);
  const line = (text: string): void => {
    clear();
    process.stderr.write(`${text}\n`);
  };
  return {
    data: (text) => {
      clear();
      process.stdout.write(text);
    },
    stream: async (pieces) => {
      clear();
      for (const piece of pieces) if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
    },
    say: (text = '') => {
      if (!quiet) line(text);
    },
    warn: line,
    onProgress,
    clear,
    colour,
    columns: Math.min(process.stderr.columns ?? process.stdout.columns ?? 96, 140),
    rows: process.stdout.rows ?? 30,
    colours: pc.createColors(colour),
  };
}
