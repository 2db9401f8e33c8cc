// bellwether doctor: checks this machine and the store, and says what to mend.
import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { openDatabase } from '../../collect/database.ts';
import { readRows } from '../../collect/rows.ts';
import { forecastObservations } from '../../pipeline.ts';
import { threads } from '../../run/threads.ts';
import { listRuns } from '../../store/runs.ts';
import { openStore } from '../../store/store.ts';
import { version } from '../version.ts';
import { size } from './runs.ts';

interface Check {
  readonly name: string;
  /** Returns what was found; throws with the cure in its message. */
  readonly run: () => Promise<string>;
}

/** Node 20 is the oldest that works; it gets no more security fixes. */
async function node(): Promise<string> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Node ${process.versions.node} is too old; install Node 20.19 or later, best 24.`);
  }
  return `${process.versions.node}${major < 22 ? ' (past its end of life: 24 is recommended)' : ''}`;
}

async function machine(): Promise<string> {
  return `${availableParallelism()} cores, ${size(totalmem())} memory, ${process.platform} ${process.arch}`;
}

async function reader(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bellwether-'));
  try {
    const database = await openDatabase(folder);
    const [[answer] = []] = await database.rows('select version()');
    database.close();
    return `DuckDB ${String(answer)}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Forecasts a tiny panel on threads: everything that a real forecast needs, in little. */
async function work(): Promise<string> {
  const rows = Array.from({ length: 60 }, (_, t) => ({
    unique_id: t % 2 ? 'a' : 'b',
    ds: new Date(Date.UTC(2026, 0, 1 + Math.floor(t / 2))),
    y: 10 + (Math.floor(t / 2) % 7),
  }));
  const executor = threads(2);
  const began = performance.now();
  try {
    await forecastObservations(readRows(rows), { h: 7, executor });
    return `two series forecast on two threads in ${((performance.now() - began) / 1000).toFixed(1)} s`;
  } finally {
    await executor.close();
  }
}

async function store(root: string): Promise<string> {
  const exists = await access(root).then(
    () => true,
    () => false,
  );
  if (!exists) return `"${root}" does not exist yet; the first run makes it`;
  await access(root, constants.W_OK).catch(() => {
    throw new Error(
      `the store "${root}" cannot be written to; give yourself the right, or name another with --store.`,
    );
  });
  const runs = await listRuns(await openStore(root));
  const broken = runs.filter((run) => run.error);
  const bytes = runs.reduce((total, run) => total + run.bytes, 0);
  if (broken.length > 0) {
    throw new Error(`${broken.length} of ${runs.length} runs cannot be read: ${broken[0]!.error!.message}`);
  }
  return `"${root}": ${runs.length} runs, ${size(bytes)}`;
}

export async function doctor(flags: { store: string }): Promise<void> {
  const checks: Check[] = [
    { name: 'bellwether', run: async () => version() },
    { name: 'node', run: node },
    { name: 'machine', run: machine },
    { name: 'files', run: reader },
    { name: 'work', run: work },
    { name: 'store', run: () => store(flags.store) },
  ];
  let failures = 0;
  for (const { name, run } of checks) {
    try {
      process.stdout.write(`${pc.green('✓')} ${name.padEnd(11)}${await run()}\n`);
    } catch (error) {
      failures++;
      process.stdout.write(`${pc.red('✗')} ${name.padEnd(11)}${(error as Error).message}\n`);
    }
  }
  if (failures > 0) process.exitCode = 1;
}
