// The program as a process of its own: pipes, signals and what is left behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { listRuns } from '../../src/store/runs.ts';
import { openStore } from '../../src/store/store.ts';

const folder = mkdtempSync(join(tmpdir(), 'bellwether-process-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const day = (t: number): string => new Date(Date.UTC(2023, 0, 1 + t)).toISOString().slice(0, 10);
/** Enough work that a signal finds it running. */
const large = join(folder, 'large.csv');
writeFileSync(
  large,
  `date,sku,units\n${Array.from({ length: 300 }, (_, i) =>
    Array.from({ length: 700 }, (_, t) => `${day(t)},s${i},${5 + ((t + i) % 7) + ((t * i) % 5)}\n`).join(''),
  ).join('')}`,
);

const source = JSON.stringify(pathToFileURL('src/cli/main.ts').href);
const tsx = import.meta.resolve('tsx');

function start(store: string): ChildProcess {
  const code = `const { main } = await import(${source}); process.exitCode = await main(process.argv.slice(1));`;
  const args = ['--import', tsx, '--input-type=module', '-e', code];
  return spawn(process.execPath, [
    ...args,
    'forecast',
    large,
    '-H',
    '28',
    '--store',
    store,
    '--threads',
    '2',
  ]);
}

/** Ends the process by a signal as soon as it has said what it took the columns for; the work has then begun. */
async function interrupted(
  signal: NodeJS.Signals,
  store: string,
): Promise<{ code: number | null; talk: string }> {
  const child = start(store);
  let talk = '';
  let sent = false;
  child.stderr!.on('data', (piece) => {
    talk += piece;
    if (sent || !talk.includes('as the target')) return;
    sent = true;
    setTimeout(() => child.kill(signal), 500);
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, talk })));
}

describe('a run that is stopped', () => {
  it('ends with 130 on Ctrl-C and keeps nothing half-done', async () => {
    const store = join(folder, 'int');
    const { code, talk } = await interrupted('SIGINT', store);
    expect(talk).toMatch(/error: interrupted; nothing half-done was kept/);
    expect(code).toBe(130);
    expect(await listRuns(await openStore(store))).toEqual([]);
  }, 60_000);

  it('leaves a readable store when it is killed', async () => {
    const store = join(folder, 'kill');
    const { code } = await interrupted('SIGKILL', store);
    expect(code).toBe(null);
    expect(await listRuns(await openStore(store))).toEqual([]);
    expect(readdirSync(folder)).toContain('large.csv');
  }, 60_000);
});
