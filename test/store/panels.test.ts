import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frequency } from '../../src/core/frequency.ts';
import { allocatePanel } from '../../src/core/panel.ts';
import { panelId } from '../../src/store/panel-content.ts';
import { loadPanel, savePanel } from '../../src/store/panels.ts';
import { anyPanel } from './arbitrary-panel.ts';
import { shopPanel } from './samples.ts';
import { temporaryStore } from './temporary.ts';

/** What another program sees in a Parquet file. */
async function rowsOf(path: string): Promise<Record<string, unknown>[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const reader = await connection.runAndReadAll(`SELECT * FROM '${path}'`);
  return reader.getRowObjectsJson() as Record<string, unknown>[];
}

describe('panels in the store', () => {
  it('come back equal, on shared memory', async () => {
    const store = await temporaryStore();
    const panel = shopPanel();
    const loaded = await loadPanel(store, await savePanel(store, panel));
    expect(loaded).toStrictEqual(panel);
    const arrays = [loaded.y, loaded.state, loaded.offsets, loaded.start, loaded.knownFuture[1]!.values];
    for (const array of [...arrays, loaded.statics[0]!.values]) {
      expect(array.buffer).toBeInstanceOf(SharedArrayBuffer);
    }
  });

  it('come back equal, whatever they hold', async () => {
    const store = await temporaryStore();
    await fc.assert(
      fc.asyncProperty(anyPanel, async (panel) => {
        expect(await loadPanel(store, await savePanel(store, panel))).toEqual(panel);
      }),
      { numRuns: 30 },
    );
  });

  it('keep their order over many chunks and row groups', async () => {
    const store = await temporaryStore();
    const ids = Array.from({ length: 3001 }, (_, i) => `sku-${(i * 7919) % 3001}`);
    const panel = allocatePanel(
      { freq: frequency('D'), ids, target: 'units', reach: 1 },
      ids.map((_, i) => (i * 37) % 190),
      { knownFuture: [{ name: 'price' }] },
    );
    panel.y.forEach((_, k) => {
      panel.y[k] = (k * 2654435761) % 1009;
    });
    panel.knownFuture[0]!.values.forEach((_, k, values) => {
      values[k] = k;
    });
    const loaded = await loadPanel(store, await savePanel(store, panel));
    expect(loaded.ids).toEqual(ids);
    expect(Buffer.from(loaded.y.buffer).equals(Buffer.from(panel.y.buffer))).toBe(true);
    expect(loaded.knownFuture[0]!.values.every((value, k) => value === k)).toBe(true);
  });

  it('are named by their content: NaN is NaN, and any change makes another name', () => {
    const id = panelId(shopPanel());
    const otherNaN = shopPanel();
    new Uint32Array(otherNaN.y.buffer, 8, 2).set([1, 0xfff80000]);
    expect(panelId(otherNaN)).toBe(id);
    const changes: ((panel: ReturnType<typeof shopPanel>) => unknown)[] = [
      (panel) => panel.y.fill(4, 0, 1),
      (panel) => panel.state.fill(1, 0, 1),
      (panel) => panel.start.fill(2139, 1),
      (panel) => panel.knownFuture[0]!.values.fill(7, 9),
      (panel) => panel.pastOnly[0]!.values.fill(7, 0, 1),
      (panel) => panel.statics[0]!.values.fill(0, 1),
    ];
    const ids = changes.map((change) => {
      const panel = shopPanel();
      change(panel);
      return panelId(panel);
    });
    ids.push(panelId({ ...shopPanel(), target: 'sales' }), panelId({ ...shopPanel(), closedWeekdays: [6] }));
    expect(new Set([id, ...ids]).size).toBe(9);
  });

  it('are stored once, by however many at once', async () => {
    const store = await temporaryStore();
    const saved = await Promise.all([1, 2, 3].map(() => savePanel(store, shopPanel())));
    expect(new Set(saved).size).toBe(1);
    expect(readdirSync(join(store.root, 'panels'))).toEqual([saved[0]]);
  });

  it('can be read by other programs', async () => {
    const store = await temporaryStore();
    const folder = join(store.root, 'panels', await savePanel(store, shopPanel()));
    const history = await rowsOf(join(folder, 'history.parquet'));
    expect(history.slice(0, 2)).toEqual([
      {
        unique_id: 'Mug, "blue"',
        ds: '2010-12-24 00:00:00',
        y: 3,
        state: 'observed',
        price: 5,
        promotion: 'none',
        State_2: 10,
        unused: null,
      },
      {
        unique_id: 'Mug, "blue"',
        ds: '2010-12-31 00:00:00',
        y: null,
        state: 'missing',
        price: 5,
        promotion: 'none',
        State_2: 11,
        unused: null,
      },
    ]);
    expect(history.map((row) => row.state).slice(3)).toEqual(['stock-out', 'observed', 'closed']);
    const future = await rowsOf(join(folder, 'future.parquet'));
    expect(future[3]).toEqual({
      unique_id: 'Tea towel – 日本',
      ds: '2011-01-28 00:00:00',
      price: 8,
      promotion: 'none',
    });
    const series = await rowsOf(join(folder, 'series.parquet'));
    expect(series[0]).toEqual({
      unique_id: 'Mug, "blue"',
      start: '2138',
      cells: '4',
      brand: '',
      start_2: 0.1,
    });
    expect(JSON.parse(readFileSync(join(folder, 'panel.json'), 'utf8'))).toMatchObject({
      format: 1,
      cells: 6,
    });
  });

  it('refuse categories that could not be told apart again', async () => {
    const store = await temporaryStore();
    const withBrand = (values: number[], levels: string[]) => ({
      ...shopPanel(),
      statics: [{ name: 'brand', values: Float64Array.from(values), levels }],
    });
    await expect(savePanel(store, withBrand([0, 1], ['a', 'a']))).rejects.toThrow(
      'column "brand" has the level "a" twice; give each level once.',
    );
    await expect(savePanel(store, withBrand([0, 2], ['a', 'b']))).rejects.toThrow(
      '"brand" holds 2, which is none',
    );
  });

  it('say which file is damaged', async () => {
    const store = await temporaryStore();
    const id = await savePanel(store, shopPanel());
    const folder = join(store.root, 'panels', id);
    const path = join(folder, 'history.parquet');
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length / 2));
    await expect(loadPanel(store, id)).rejects.toThrow(/history\.parquet cannot be read/);
    rmSync(path);
    await expect(loadPanel(store, id)).rejects.toMatchObject({ name: 'DataError', exitCode: 3 });

    const other = await savePanel(store, { ...shopPanel(), target: 'sales' });
    writeFileSync(path, readFileSync(join(store.root, 'panels', other, 'history.parquet')));
    await expect(loadPanel(store, id)).resolves.toEqual(shopPanel());
    const about = join(folder, 'panel.json');
    writeFileSync(about, readFileSync(about, 'utf8').replace('"units"', '"eaches"'));
    await expect(loadPanel(store, id)).rejects.toThrow(/does not hold what was saved/);
    writeFileSync(about, '{"format": 2}');
    await expect(loadPanel(store, id)).rejects.toThrow(
      /has format 2 and this version reads format 1; install a newer/,
    );
    writeFileSync(about, '{"form');
    await expect(loadPanel(store, id)).rejects.toThrow(/panel\.json is not whole/);
    await expect(loadPanel(store, 'abc')).rejects.toThrow(/has no panel "abc"/);
  });
});
