import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectGarbage } from '../../src/store/garbage.ts';
import { openWork } from '../../src/store/work.ts';
import { shopPanel } from './samples.ts';
import { temporaryStore } from './temporary.ts';

const panel = shopPanel();
const value = { weights: Float64Array.of(0.1, Number.NaN, -0), names: ['a', undefined], nested: { k: 1n } };

describe('unfinished work', () => {
  it('gives back what was kept, to the bit', async () => {
    const store = await temporaryStore();
    const work = await openWork(store, panel, { h: 3 }, '1.0.0');
    expect(await work.get('block-0')).toBeUndefined();
    expect(existsSync(store.root)).toBe(false);
    await work.put('block-0', value);
    const again = await openWork(store, shopPanel(), { h: 3 }, '1.0.0');
    expect(again.pieces()).toBe(1);
    expect(await again.get('block-0')).toEqual(value);
  });

  it('is not taken for that of other data, options or versions', async () => {
    const store = await temporaryStore();
    await (await openWork(store, panel, { h: 3 }, '1.0.0')).put('pilot', value);
    const changed = shopPanel();
    changed.y[0] = 4;
    for (const other of [
      openWork(store, changed, { h: 3 }, '1.0.0'),
      openWork(store, panel, { h: 4 }, '1.0.0'),
      openWork(store, panel, { h: 3 }, '1.0.1'),
    ])
      expect(await (await other).get('pilot')).toBeUndefined();
  });

  it('is worked out again where a piece is damaged', async () => {
    const store = await temporaryStore();
    const work = await openWork(store, panel, {}, '1.0.0');
    await work.put('pilot', value);
    const [name] = readdirSync(join(store.root, 'work'));
    writeFileSync(join(store.root, 'work', name!, 'pilot.piece'), 'half of it');
    expect(await work.get('pilot')).toBeUndefined();
  });

  it('is gone once the run is saved, and collected when nobody takes it up for a week', async () => {
    const store = await temporaryStore();
    const work = await openWork(store, panel, {}, '1.0.0');
    await work.put('pilot', value);
    expect((await collectGarbage(store)).leftovers).toBe(0);
    const [name] = readdirSync(join(store.root, 'work'));
    const old = Date.now() / 1000 - 8 * 86_400;
    utimesSync(join(store.root, 'work', name!), old, old);
    const { bytes, leftovers } = await collectGarbage(store);
    expect(leftovers).toBe(1);
    expect(bytes).toBeGreaterThan(50);
    await work.put('pilot', value);
    await work.remove();
    expect(readdirSync(join(store.root, 'work'))).toEqual([]);
  });
});
