import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryName } from '../../src/store/durable-files.ts';
import { collectGarbage } from '../../src/store/garbage.ts';
import { loadPanel, savePanel } from '../../src/store/panels.ts';
import { listRuns, loadRun, removeRun, saveRun } from '../../src/store/runs.ts';
import { draftOf, shopPanel } from './samples.ts';
import { temporaryStore } from './temporary.ts';

const panel = shopPanel();
const other = { ...panel, target: 'sales' };

/** The number of a process that is gone. */
const gone = (): number => spawnSync(process.execPath, ['--version']).pid;
const leftBy = (pid: number, last = ''): string =>
  temporaryName(last).replace(`-${process.pid}-`, `-${pid}-`);

describe('garbage collection', () => {
  it('removes panels that no run refers to, and says how much that freed', async () => {
    const store = await temporaryStore();
    const kept = await saveRun(store, draftOf(), { panel });
    const doomed = await saveRun(store, draftOf(), { panel: other });
    const unused = (await loadRun(store, doomed)).panel;
    expect(await collectGarbage(store)).toEqual({ bytes: 0, panels: [], leftovers: 0, notes: [] });
    await removeRun(store, doomed);
    const collected = await collectGarbage(store);
    expect(collected).toMatchObject({ panels: [unused], leftovers: 0, notes: [] });
    expect(collected.bytes).toBeGreaterThan(1000);
    await expect(loadPanel(store, unused)).rejects.toThrow(/has no panel/);
    await expect(loadPanel(store, (await loadRun(store, kept)).panel)).resolves.toEqual(panel);
  });

  it('finds nothing to do in a store that is not there', async () => {
    const store = await temporaryStore();
    expect(await collectGarbage(store)).toEqual({ bytes: 0, panels: [], leftovers: 0, notes: [] });
    expect(existsSync(store.root)).toBe(false);
  });

  it('removes what dead processes left and spares the living', async () => {
    const store = await temporaryStore();
    await saveRun(store, draftOf(), { panel });
    const runs = join(store.root, 'runs');
    const elsewhere = leftBy(gone()).replace(/^\.tmp-[0-9a-f]{8}/, '.tmp-00000000');
    const [dead, living, old] = [leftBy(gone()), leftBy(process.ppid), leftBy(process.ppid)];
    for (const name of [dead, living, old, elsewhere]) {
      mkdirSync(join(runs, name));
      writeFileSync(join(runs, name, 'forecast.parquet'), 'x'.repeat(100));
    }
    const twoDaysAgo = Date.now() / 1000 - 2 * 86_400;
    utimesSync(join(runs, old), twoDaysAgo, twoDaysAgo);
    expect(await listRuns(store)).toHaveLength(1);
    expect(await collectGarbage(store)).toMatchObject({ bytes: 200, leftovers: 2 });
    expect(readdirSync(runs).filter((name) => name.startsWith('.'))).toEqual([living, elsewhere].sort());
  });

  it('keeps all panels while a run cannot be read', async () => {
    const store = await temporaryStore();
    const id = await saveRun(store, draftOf(), { panel });
    await savePanel(store, other);
    writeFileSync(join(store.root, 'runs', id, 'manifest.json'), '{');
    const { panels, notes } = await collectGarbage(store);
    expect(panels).toEqual([]);
    expect(notes).toEqual(['panels were kept, because a run cannot be read; see "bellwether runs ls".']);
    expect(readdirSync(join(store.root, 'panels'))).toHaveLength(2);
  });

  it('puts a panel back that a killed collection had set aside', async () => {
    const store = await temporaryStore();
    const { panel: id } = await loadRun(store, await saveRun(store, draftOf(), { panel }));
    const panels = join(store.root, 'panels');
    renameSync(join(panels, id), join(panels, leftBy(gone(), id)));
    await collectGarbage(store);
    expect(await loadPanel(store, id)).toEqual(panel);
  });

  it('never takes the panel from a run that is saved at the same time', async () => {
    const store = await temporaryStore();
    for (let k = 0; k < 15; k++) {
      await savePanel(store, panel);
      const saving = Promise.all([1, 2].map((seed) => saveRun(store, draftOf({ seed }), { panel })));
      const collecting = Promise.all([collectGarbage(store), collectGarbage(store), collectGarbage(store)]);
      const [ids] = await Promise.all([saving, collecting]);
      for (const id of ids) {
        await expect(loadPanel(store, (await loadRun(store, id)).panel)).resolves.toEqual(panel);
        await removeRun(store, id);
      }
    }
  });
});
