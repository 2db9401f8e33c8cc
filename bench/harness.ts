// The frame of a benchmark: what it is given, what it returns, how that is printed and kept.
import { cpus, totalmem } from 'node:os';

export interface RunOptions {
  /** Seeds whatever is random; 1 unless `--seed` says otherwise. */
  readonly seed: number;
  /** `--quick`: a sample instead of everything, to see that it runs. */
  readonly quick: boolean;
  /** What follows the benchmark's own name, for its own use. */
  readonly rest: readonly string[];
}

/** One line of a result: cells by column name. */
export type Row = Readonly<Record<string, string | number | boolean>>;

export interface Result {
  /** What the benchmark says, as a sentence that the rows can confirm or deny. */
  readonly claim: string;
  readonly rows: readonly Row[];
  /** What a reader must know to judge the rows. */
  readonly notes?: readonly string[];
  /** Whether something that must hold does not: the program then exits with code 1. */
  readonly failed?: boolean;
}

/** What `bench/NAME/run.ts` exports as `run`. */
export type Run = (options: RunOptions) => Promise<Result>;

/** The machine a result was taken on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memory_gb: number;
  readonly node: string;
  readonly platform: string;
}

export const machine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memory_gb: Math.round(totalmem() / 1e9),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
});

/** Processor seconds (user and system, all threads of this process) spent since `since`. */
export function cpuSeconds(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

/** Most memory this process has held, in MB. */
export const peakMemory = (): number => Math.round(process.resourceUsage().maxRSS / 1024);

/** The middle of several measurements; the mean of the two middle ones of an even number. */
export function medianOf(values: readonly number[]): number {
  const ascending = [...values].sort((a, b) => a - b);
  const middle = (ascending.length - 1) / 2;
  return (ascending[Math.floor(middle)]! + ascending[Math.ceil(middle)]!) / 2;
}

/** A cell as text: whole numbers as they are, others to five significant digits, small ones to two. */
function cell(value: string | number | boolean | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'NO';
  if (typeof value === 'string' || Number.isInteger(value)) return String(value);
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) < 0.001) return value.toPrecision(2).replace(/\.?0+$/, '');
  const whole = Math.max(1, Math.ceil(Math.log10(Math.abs(value) + 1e-300)));
  return value.toFixed(Math.min(6, Math.max(2, 5 - whole)));
}

/** Rows as a table in plain text, numbers to the right; the columns are those of all rows, in order of appearance. */
export function textTable(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [names, ...rows.map((row) => names.map((name) => cell(row[name])))];
  const width = names.map((_, j) => Math.max(...lines.map((line) => line[j]!.length)));
  const right = names.map((name) => rows.every((row) => typeof row[name] !== 'string'));
  const rule = width.map((w) => '-'.repeat(w));
  return [lines[0]!, rule, ...lines.slice(1)]
    .map((line) =>
      line
        .map((text, j) => (right[j] ? text.padStart(width[j]!) : text.padEnd(width[j]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Shortens numbers to eight significant digits, so that a kept result differs only where something changed. */
export function roundNumbers(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? Number(value.toPrecision(8)) : null;
  if (Array.isArray(value)) return value.map(roundNumbers);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, roundNumbers(inner)]));
  }
  return value;
}
