// npm run examples: runs every example and compares what it prints with what is committed; --update keeps it. Networks are
// rounded differently by other processors, and training carries that on: of theirs, words and numbers are compared, these loosely.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const update = process.argv.includes('--update');
const NETWORKS = ['lstm-sales'];

/** Whether two texts have the same words, and numbers that are a quarter apart at most. */
function isLike(a: string, b: string): boolean {
  const wordsOf = (text: string): string[] => text.match(/[a-z-]+|[\d.]+/gi) ?? [];
  const [one, other] = [wordsOf(a), wordsOf(b)];
  return (
    one.length === other.length &&
    one.every((word, k) => {
      const [x, y] = [Number(word), Number(other[k])];
      return word === other[k] || Math.abs(x - y) <= 0.25 * Math.max(x, y);
    })
  );
}

// What they write goes into a folder that is removed again.
const folder = mkdtempSync(join(tmpdir(), 'bellwether-examples-'));
const loader = import.meta.resolve('tsx');
mkdirSync(join(here, 'output'), { recursive: true });
for (const file of readdirSync(here).filter((name) => name.endsWith('.ts') && name !== 'run.ts')) {
  const name = file.replace('.ts', '');
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', loader, join(here, file)], {
    encoding: 'utf8',
    cwd: folder,
  });
  const kept = join(here, 'output', `${name}.txt`);
  if (update) writeFileSync(kept, stdout);
  const wanted = existsSync(kept) ? readFileSync(kept, 'utf8') : '';
  const same = status === 0 && (NETWORKS.includes(name) ? isLike(wanted, stdout) : wanted === stdout);
  process.stdout.write(`${same ? 'ok  ' : 'FAIL'}  ${name}\n`);
  if (!same) {
    process.stdout.write(stdout + stderr);
    process.exitCode = 1;
  }
}
rmSync(folder, { recursive: true });
