// 100,000 products through the built command line: time by stage, CPU, peak memory; then killed midway and resumed.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Result, Row, Run } from '../harness.ts';
import { writeSales } from './shop.ts';

const WEEKS = 104;
const HORIZON = 13;
const LIMIT_MEGABYTES = 3000;
/** Linux counts processor time in hundredths of a second. */
const TICKS = 100;
const WATCH_MS = 50;

/** What was seen of a process while it ran; moments in seconds from its start. */
interface Watched {
  readonly code: number | null;
  readonly talk: string;
  readonly wall: number;
  /** Processor seconds of all threads, and the most memory held in MB; NaN where the system does not tell. */
  readonly cpu: number;
  readonly memory: number;
  /** When each piece of work appeared, and when each kind of line was said. */
  readonly moments: ReadonlyMap<string, number>;
}

const pieces = (store: string): string[] => {
  const work = join(store, 'work');
  if (!existsSync(work)) return [];
  return readdirSync(work, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(/[\\/]/).at(-1)!)
    .filter((name) => name.endsWith('.piece') && !name.startsWith('.'));
};

/** Lines of the talk that end a stage. */
const SAID: readonly [string, RegExp][] = [
  ['read', /took "sku"/],
  ['chosen', /^On the last periods/m],
  ['written', /^Wrote /m],
  ['kept', /^Kept as run/m],
];

function usage(pid: number): { cpu: number; memory: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return {
      cpu: (Number(stat[11]) + Number(stat[12])) / TICKS,
      memory: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024,
    };
  } catch {
    return { cpu: Number.NaN, memory: Number.NaN };
  }
}

/** Watches a process to its end; it is killed without warning where `kill` says so of the pieces that are there. */
async function watch(
  child: ChildProcess,
  store: string,
  kill?: (there: string[]) => boolean,
): Promise<Watched> {
  const began = performance.now();
  const moments = new Map<string, number>();
  const note = (name: string): void => {
    if (!moments.has(name)) moments.set(name, (performance.now() - began) / 1000);
  };
  let talk = '';
  child.stderr!.on('data', (piece) => {
    talk += piece;
    for (const [name, pattern] of SAID) if (pattern.test(talk)) note(name);
  });
  let last = { cpu: Number.NaN, memory: Number.NaN };
  const timer = setInterval(() => {
    const now = usage(child.pid!);
    if (now.memory > 0) last = now;
    const there = pieces(store);
    there.forEach(note);
    if (kill?.(there)) child.kill('SIGKILL');
  }, WATCH_MS);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(timer);
  return { code, talk, wall: (performance.now() - began) / 1000, ...last, moments };
}

/** The seconds of each stage, from the moments at which they ended. */
function stages({ moments, wall }: Watched): Row[] {
  const lastOf = (kind: string): number =>
    Math.max(...[...moments].filter(([name]) => name.startsWith(kind)).map(([, at]) => at));
  const ends: [string, number][] = [
    ['read and prepare', moments.get('read') ?? Number.NaN],
    ['pilot', lastOf('pilot')],
    ['blocks', lastOf('block')],
    ['forecast', moments.get('chosen') ?? Number.NaN],
    ['write the CSV', moments.get('written') ?? Number.NaN],
    ['keep the run', moments.get('kept') ?? wall],
  ];
  let before = 0;
  return ends
    .filter(([, end]) => Number.isFinite(end))
    .map(([stage, end]) => {
      const row = { stage, wall_s: end - before };
      before = end;
      return row;
    });
}

export const run: Run = async ({ seed, quick, rest }): Promise<Result> => {
  execFileSync(process.execPath, ['scripts/build.js'], { stdio: 'ignore' });
  const products = quick ? 5000 : 100_000;
  const budget = Number(rest[0] ?? (quick ? 10 : 300));
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-scale-'));
  try {
    const sales = join(folder, 'sales.csv');
    const rows = await writeSales(sales, products, WEEKS, seed);
    const start = (store: string, output: string, threads: number): ChildProcess => {
      const work = ['forecast', sales, '-H', String(HORIZON), '--budget', String(budget)];
      const where = ['--threads', String(threads), '--store', store, '--output', output];
      return spawn(process.execPath, ['bin/bellwether.js', ...work, ...where]);
    };
    const stored = (name: string): string => join(folder, name);

    const whole = await watch(start(stored('one'), stored('whole.csv'), 2), stored('one'));
    if (whole.code !== 0) throw new Error(whole.talk);
    const blocks = [...whole.moments.keys()].filter((name) => name.startsWith('block')).length;
    rmSync(stored('one'), { recursive: true });
    const killed = await watch(start(stored('two'), stored('resumed.csv'), 2), stored('two'), (there) => {
      return there.filter((name) => name.startsWith('block')).length >= Math.max(1, blocks / 2);
    });
    // Another number of threads must not matter.
    const resumed = await watch(start(stored('two'), stored('resumed.csv'), 1), stored('two'));
    const same =
      resumed.code === 0 && readFileSync(stored('whole.csv')).equals(readFileSync(stored('resumed.csv')));
    const said = /Going on where this command was cut short/.test(resumed.talk);
    const memory = Math.max(whole.memory, resumed.memory);
    return {
      claim: `${products.toLocaleString('en')} products of ${WEEKS} weeks (${rows.toLocaleString('en')} rows) are forecast ${HORIZON} weeks ahead within a budget of ${budget} nominal seconds and ${LIMIT_MEGABYTES} MB, and a killed run goes on to the same bytes.`,
      rows: [
        ...stages(whole),
        { stage: 'all, two threads', wall_s: whole.wall, cpu_s: whole.cpu, peak_mb: whole.memory },
        { stage: 'killed midway', wall_s: killed.wall, cpu_s: killed.cpu, peak_mb: killed.memory },
        { stage: 'resumed, one thread', wall_s: resumed.wall, cpu_s: resumed.cpu, peak_mb: resumed.memory },
      ],
      notes: [
        `Bytes after the kill ${same ? 'are the same' : 'DIFFER'}.`,
        ...whole.talk.split('\n').filter((line) => !/^(backtest|forecast) \d+%|^Wrote|^Kept|^$/.test(line)),
      ],
      failed: !same || !said || killed.code !== null || memory > LIMIT_MEGABYTES,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
