import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { random } from '../../src/core/random.ts';
import { collectGarbage } from '../../src/store/garbage.ts';
import { loadPanel } from '../../src/store/panels.ts';
import { listRuns, loadForecast, loadModels } from '../../src/store/runs.ts';
import type { Store } from '../../src/store/store.ts';
import { temporaryStore } from './temporary.ts';

/** Two processes are killed in each; BELLWETHER_KILL_ROUNDS asks for more. */
const ROUNDS = Number(process.env.BELLWETHER_KILL_ROUNDS ?? 4);
const CHILD = fileURLToPath(new URL('save-in-a-loop.ts', import.meta.url));

/** Runs the child and kills it without warning `after` ms from its first saved run; returns what it printed. */
function killed(store: Store, after: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', CHILD, store.root], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    let complaint = '';
    child.stderr.on('data', (data) => {
      complaint += data;
    });
    child.stdout.on('data', (data) => {
      if (printed === '') setTimeout(() => child.kill('SIGKILL'), after);
      printed += data;
    });
    child.on('exit', (code) => (code === null ? resolve(printed) : reject(new Error(complaint))));
  });
}

/** Ids in the lines that begin with a word; the last line may have been cut. */
const told = (printed: string, word: string): string[] =>
  printed
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith(`${word} `))
    .map((line) => line.slice(word.length + 1));

it('survives being killed at any moment, by two processes at once', async () => {
  const store = await temporaryStore();
  const draw = random(11);
  const saved = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const delays = [draw.uniform() * 120, draw.uniform() * 120];
    for (const printed of await Promise.all(delays.map((after) => killed(store, after)))) {
      for (const id of told(printed, 'saved')) saved.add(id);
      for (const id of told(printed, 'removing')) saved.delete(id);
    }
    const listed = await listRuns(store);
    expect(listed.filter((run) => run.error)).toEqual([]);
    const ids = listed.map((run) => run.id);
    // What was reported as saved is there; what was being saved may be there too, and is then whole.
    expect([...saved].filter((id) => !ids.includes(id))).toEqual([]);
  }
  const leftovers = (): string[] =>
    ['runs', 'panels'].flatMap((folder) =>
      readdirSync(join(store.root, folder)).filter((n) => n.startsWith('.')),
    );
  await collectGarbage(store);
  expect(leftovers()).toEqual([]);
  for (const { manifest } of await listRuns(store)) {
    const panel = await loadPanel(store, manifest!.panel);
    expect((await loadForecast(store, manifest!))!.ids).toEqual(panel.ids);
    expect((await loadModels(store, manifest!))!.fitted).toHaveLength(2);
  }
  expect(saved.size).toBeGreaterThan(ROUNDS);
}, 120_000);
