// Training that stops when windows that are held out say so.
import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../src/core/checkpoint.ts';
import type { Progress } from '../../../src/core/progress.ts';
import { random } from '../../../src/core/random.ts';
import type { DeepState } from '../../../src/models/deep/forecaster.ts';
import { heldOut } from '../../../src/models/deep/held-out.ts';
import { cutoffsOf } from '../../../src/models/deep/windows.ts';
import type { GlobalModel } from '../../../src/models/global-model.ts';
import { createGlobal } from '../../../src/models/registry.ts';
import { panelOf } from '../../panels.ts';
import { promotedShop } from '../promoted-shop.ts';

const H = 7;
const CONTEXT = { h: H, season_length: 7, seed: 1 };
const OPTIONS = { steps: 400, batch: 16, width: 16, window: 16, networks: 2, rate: 0.01 };
const modelOf = (options: object): GlobalModel<DeepState> =>
  createGlobal({ model: 'mlp', options: { ...OPTIONS, ...options } }) as GlobalModel<DeepState>;

/** Nothing can be learned of it but by heart. */
const noise = (() => {
  const draw = random(11);
  return panelOf(
    Object.fromEntries(
      Array.from({ length: 11 }, (_, i) => [
        `n${i}`,
        Float64Array.from({ length: 50 }, () => 10 + draw.normal()),
      ]),
    ),
  );
})();

describe('windows that are held out', () => {
  const { panel } = promotedShop();

  it('are the last of some series, and no other window of these reaches into them', () => {
    const cutoffs = cutoffsOf(panel, { h: H, window: 16 }, 1);
    const { learned, held } = heldOut(panel, cutoffs, H, 1)!;
    expect(Array.from(held.series)).toEqual([4, 9]);
    expect(Array.from(held.known)).toEqual([113, 113]);
    for (const [k, i] of learned.series.entries()) {
      if (held.series.includes(i)) expect(learned.known[k]! + H).toBeLessThanOrEqual(113);
    }
    // The others are learned from to their end.
    expect(learned.known[learned.series.lastIndexOf(0)]).toBe(119);
    expect(Array.from(heldOut(panel, cutoffs, H, 2)!.held.series)).toEqual([3, 8]);
  });

  it('are of all series where these are few, and of none where nothing would be left to learn from', () => {
    const few = panelOf({ a: new Float64Array(60), b: new Float64Array(60) });
    const cutoffs = cutoffsOf(few, { h: H, window: 16 }, 1);
    expect(Array.from(heldOut(few, cutoffs, H, 1)!.held.series)).toEqual([0, 1]);
    const short = panelOf({ a: new Float64Array(10) });
    expect(heldOut(short, cutoffsOf(short, { h: H, window: 16 }, 1), H, 1)).toBeUndefined();
  });
});

describe('a network with patience', () => {
  it('stops before its steps are done, keeps the best, and says so', async () => {
    const seen: Progress[] = [];
    const state = await modelOf({ patience: 3 }).fitAll(noise, {
      ...CONTEXT,
      onProgress: (progress) => seen.push(progress),
    });
    for (const history of state.histories) {
      const steps = history.map(({ step }) => step);
      expect(steps.at(-1)).toBeLessThan(400);
      const best = history.reduce((least, own) => (own.held < least.held ? own : least));
      expect(steps.indexOf(best.step)).toBe(steps.length - 1 - 3);
    }
    expect(state.notes[0]).toMatch(/400 steps each, stopped at \d+ and \d+ over/);
    expect(seen.at(-1)).toMatchObject({ done: 800, total: 800 });
    expect(seen[0]!.note).toMatch(/^network 1, loss \d\.\d+, held out \d\.\d+$/);
  }, 60_000);

  it('comes to the same when it was cut short', async () => {
    const model = modelOf({ patience: 3 });
    const kept = new Map<string, unknown>();
    let puts = 0;
    const checkpoint: Checkpoint = {
      get: async (key) => structuredClone(kept.get(key)),
      put: async (key, value) => {
        if (++puts === 3) throw new Error('killed');
        kept.set(key, structuredClone(value));
      },
    };
    await expect(model.fitAll(noise, { ...CONTEXT, checkpoint })).rejects.toThrow('killed');
    expect(await model.fitAll(noise, { ...CONTEXT, checkpoint })).toEqual(await model.fitAll(noise, CONTEXT));
  }, 60_000);

  it('takes all steps and holds nothing out by default', async () => {
    const state = await modelOf({ steps: 40 }).fitAll(noise, CONTEXT);
    expect(state.histories[0]!.at(-1)).toMatchObject({ step: 40, held: Number.NaN });
    expect(() => modelOf({ patience: -1 })).toThrow('mlp: patience is -1; give a whole number of 0 or more.');
  }, 60_000);
});
