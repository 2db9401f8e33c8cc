// Long work that is killed without warning goes on where it stopped, and comes to the same bytes.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'bellwether-resume-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const day = (t: number): string => new Date(Date.UTC(2026, 0, 1 + t)).toISOString().slice(0, 10);
const sales = join(folder, 'sales.csv');
writeFileSync(
  sales,
  `date,sku,units\n${Array.from({ length: 900 }, (_, i) =>
    Array.from({ length: 40 }, (_, t) => `${day(t)},s${i},${5 + ((t + i) % 7) + ((t * i) % 5)}\n`).join(''),
  ).join('')}`,
);

const source = JSON.stringify(pathToFileURL('src/cli/main.ts').href);
const code = `const { main } = await import(${source}); process.exitCode = await main(process.argv.slice(1));`;
const node = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', code];

const BLOCKS = ['forecast', sales, '-H', '7', '--budget', '2', '--threads', '1'];

function start(store: string, output: string, work: readonly string[] = BLOCKS): ChildProcess {
  return spawn(process.execPath, [...node, ...work, '--store', store, '--output', output]);
}

/** Waits for the end of a process and returns its talk. */
function ended(child: ChildProcess): Promise<{ code: number | null; talk: string }> {
  let talk = '';
  child.stderr!.on('data', (piece) => {
    talk += piece;
  });
  return new Promise((resolve) => child.on('close', (status) => resolve({ code: status, talk })));
}

const pieces = (store: string): string[] => {
  const work = join(store, 'work');
  if (!existsSync(work)) return [];
  return readdirSync(work, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(^|[\\/])[a-z0-9-]+\.piece$/.test(name),
  );
};

it('goes on after kill -9 with the same bytes, says so, and tidies up', async () => {
  const whole = join(folder, 'whole.csv');
  expect((await ended(start(join(folder, 'one'), whole))).code).toBe(0);
  expect(pieces(join(folder, 'one'))).toEqual([]);

  const store = join(folder, 'two');
  const output = join(folder, 'resumed.csv');
  const child = start(store, output);
  const killed = ended(child);
  const watch = setInterval(() => {
    if (pieces(store).length >= 2) child.kill('SIGKILL');
  }, 5);
  expect((await killed).code).toBeNull();
  clearInterval(watch);
  expect(pieces(store).length).toBeGreaterThanOrEqual(2);
  expect(existsSync(output)).toBe(false);

  const { code, talk } = await ended(start(store, output));
  expect(code).toBe(0);
  expect(talk).toMatch(
    /Going on where this command was cut short: \d+ pieces of its work are there already\./,
  );
  expect(talk).toMatch(/the budget is 2 s: they were tried on a sample of/);
  expect(readFileSync(output)).toEqual(readFileSync(whole));
  expect(pieces(store)).toEqual([]);
}, 120_000);

it('goes on within the training of a network, on threads, with the same bytes', async () => {
  const few = join(folder, 'few.csv');
  const lines = readFileSync(sales, 'utf8').split('\n');
  writeFileSync(few, `${lines.slice(0, 1 + 6 * 40).join('\n')}\n`);
  // Batches are no larger than there are windows; their size here only makes the work count as long.
  const model = 'lstm(steps=200,batch=20000,width=8,networks=1)';
  const work = ['forecast', few, '-H', '7', '--models', model, '--windows', '2', '--threads', '2'];
  const whole = join(folder, 'whole-network.csv');
  expect((await ended(start(join(folder, 'three'), whole, work))).code).toBe(0);

  const store = join(folder, 'four');
  const output = join(folder, 'resumed-network.csv');
  const child = start(store, output, work);
  const killed = ended(child);
  const watch = setInterval(() => {
    if (pieces(store).some((name) => name.includes('training'))) child.kill('SIGKILL');
  }, 5);
  expect((await killed).code).toBeNull();
  clearInterval(watch);
  // Half-done trainings, and no fit that is whole.
  expect(pieces(store).every((name) => name.includes('training'))).toBe(true);

  const { code, talk } = await ended(start(store, output, work));
  expect(code).toBe(0);
  expect(talk).toMatch(
    /Going on where this command was cut short: \d+ pieces? of its work (is|are) there already\./,
  );
  expect(readFileSync(output)).toEqual(readFileSync(whole));
  expect(pieces(store)).toEqual([]);
}, 120_000);
