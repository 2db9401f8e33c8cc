// npm run bench -- NAME: runs a benchmark, prints its table and keeps bench/NAME/result.json. Without a name: a list.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { didYouMean } from '../src/core/errors.ts';
import { cpuSeconds, machine, peakMemory, type Run, roundNumbers, textTable } from './harness.ts';

const here = dirname(fileURLToPath(import.meta.url));
const HELP = 'npm run bench -- NAME [--seed 1] [--quick] [--date 2026-11-23] [what NAME understands]';

const benchmarks = (): string[] =>
  readdirSync(here, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(here, entry.name, 'run.ts')))
    .map(({ name }) => name)
    .sort();

/** The first heading of a benchmark's README. */
function title(name: string): string {
  const file = join(here, name, 'README.md');
  const heading = existsSync(file) ? /^# (.+)$/m.exec(readFileSync(file, 'utf8')) : undefined;
  return heading?.[1] ?? '';
}

function list(): void {
  const names = benchmarks();
  const width = Math.max(...names.map((name) => name.length));
  process.stdout.write(
    `${HELP}\n\n${names.map((name) => `${name.padEnd(width)}  ${title(name)}\n`).join('')}`,
  );
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '1' },
      quick: { type: 'boolean', default: false },
      date: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [name, ...rest] = positionals;
  if (name === undefined || values.help) {
    list();
    return 0;
  }
  if (!benchmarks().includes(name)) {
    process.stderr.write(`benchmark "${name}" is not known.${didYouMean(name, benchmarks())}\n`);
    return 2;
  }
  const seed = Number(values.seed);
  if (!Number.isInteger(seed)) {
    process.stderr.write(`--seed is "${values.seed}"; give a whole number.\n`);
    return 2;
  }
  const { run } = (await import(pathToFileURL(join(here, name, 'run.ts')).href)) as { run: Run };
  const wall = performance.now();
  const result = await run({ seed, quick: values.quick, rest });
  const seconds = (performance.now() - wall) / 1000;
  process.stdout.write(`${result.claim}\n\n${textTable(result.rows)}\n`);
  for (const note of result.notes ?? []) process.stdout.write(`\n${note}\n`);
  const spent = { seconds, cpu_seconds: cpuSeconds(), peak_memory_mb: peakMemory() };
  process.stderr.write(
    `\n${seconds.toFixed(1)} s, ${spent.cpu_seconds.toFixed(1)} CPU s, ${spent.peak_memory_mb} MB at most\n`,
  );
  if (values.quick) return result.failed ? 1 : 0;

  // A quick run is a sample: only a full one is kept.
  const { version } = JSON.parse(readFileSync(join(here, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const kept = {
    benchmark: name,
    version,
    ...(values.date === undefined ? {} : { date: values.date }),
    seed,
    machine: machine(),
    ...spent,
    ...result,
  };
  writeFileSync(join(here, name, 'result.json'), `${JSON.stringify(roundNumbers(kept), null, 2)}\n`);
  return result.failed ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  // An error made for people says all in its message; anything else is a defect and keeps its stack.
  if (!(error instanceof Error && 'exitCode' in error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = Number(error.exitCode);
}
