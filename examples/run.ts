// npm run examples: runs every example and compares what it prints with what is committed; --update keeps it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const update = process.argv.includes('--update');
mkdirSync(join(here, 'output'), { recursive: true });
for (const file of readdirSync(here).filter((name) => name.endsWith('.ts') && name !== 'run.ts')) {
  const name = file.replace('.ts', '');
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', join(here, file)], {
    encoding: 'utf8',
  });
  const kept = join(here, 'output', `${name}.txt`);
  if (update) writeFileSync(kept, stdout);
  const same = status === 0 && existsSync(kept) && readFileSync(kept, 'utf8') === stdout;
  process.stdout.write(`${same ? 'ok  ' : 'FAIL'}  ${name}\n`);
  if (!same) {
    process.stdout.write(stdout + stderr);
    process.exitCode = 1;
  }
}
