// The search for settings of a network on an earlier window.
import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../src/core/checkpoint.ts';
import { cutPanel } from '../../../src/core/moved-end.ts';
import type { Progress } from '../../../src/core/progress.ts';
import { flatten } from '../../../src/learn/network/layers/chain.ts';
import { usualRuntime } from '../../../src/learn/network/runtime.ts';
import { deepEfforts } from '../../../src/models/deep/cost.ts';
import { direct } from '../../../src/models/deep/direct.ts';
import type { DeepState } from '../../../src/models/deep/forecaster.ts';
import { groundOf } from '../../../src/models/deep/ground.ts';
import type { Body } from '../../../src/models/deep/network.ts';
import { USUAL } from '../../../src/models/deep/options.ts';
import { searchSettings } from '../../../src/models/deep/search.ts';
import { decoded } from '../../../src/models/deep/steps.ts';
import type { GlobalModel } from '../../../src/models/global-model.ts';
import { createGlobal } from '../../../src/models/registry.ts';
import { panelOf } from '../../panels.ts';
import { promotedShop } from '../promoted-shop.ts';

const H = 7;
const CONTEXT = { h: H, season_length: 7, seed: 1 };
const OPTIONS = { steps: 60, batch: 16, networks: 1, trials: 5 };
const { panel } = promotedShop();
const modelOf = (options: object): GlobalModel<DeepState> =>
  createGlobal({ model: 'mlp', options: { ...OPTIONS, ...options } }) as GlobalModel<DeepState>;

/** As plain as can be. */
const body: Body = ({ past, future, statics }, scope, { width, drop }) =>
  decoded(flatten(past, scope), future, statics, scope, { width, drop });

describe('a search for settings', () => {
  it('finds the rate that learns where the usual one hardly moves, and changes nothing that is given', async () => {
    const { runtime } = await usualRuntime();
    const settings = { ...USUAL, ...OPTIONS, rate: 1e-4, width: 8, window: 16 };
    const scheme = direct(body);
    const traits = scheme.traitsOf(panel);
    const search = { name: 'plain', scheme, traits, ground: groundOf(panel, H, 7, false), settings };
    const found = await searchSettings({ ...search, free: ['rate', 'drop'] }, runtime, CONTEXT);
    expect(found).toMatchObject({ rate: 2e-4, width: 8, window: 16 });
    const alone = await searchSettings({ ...search, free: [] }, runtime, CONTEXT);
    expect(alone).toEqual(settings);
  }, 60_000);

  it('halves its candidates, the same for the same seed, and is taken up where it was cut short', async () => {
    const told: Progress[] = [];
    const state = await modelOf({ width: 8 }).fitAll(panel, {
      ...CONTEXT,
      onProgress: (progress) => told.push(progress),
    });
    const rounds = told.filter(({ unit }) => unit === 'trials');
    expect(rounds.map(({ total }) => total)).toEqual([5, 5, 5, 5, 5, 3, 3, 3, 2, 2]);
    expect(state.settings.width).toBe(8);
    expect(state.settings.window).toBe(state.sizes.window);
    expect(state.notes[1]).toMatch(
      /^mlp: window \d+, width 8, rate [\d.]+, drop [\d.]+, chosen on an earlier window$/,
    );

    const kept = new Map<string, unknown>();
    let puts = 0;
    const checkpoint: Checkpoint = {
      get: async (key) => structuredClone(kept.get(key)),
      put: async (key, value) => {
        if (++puts === 7) throw new Error('killed');
        kept.set(key, structuredClone(value));
      },
    };
    const model = modelOf({ width: 8 });
    await expect(model.fitAll(panel, { ...CONTEXT, checkpoint })).rejects.toThrow('killed');
    expect(await model.fitAll(panel, { ...CONTEXT, checkpoint })).toEqual(state);
  }, 60_000);

  it('takes over what another fit found, weights aside, and searches nothing where series are short', async () => {
    const model = modelOf({});
    const like = await model.fitAll(panel, CONTEXT);
    const told: Progress[] = [];
    const earlier = cutPanel(panel, 20);
    const state = await model.fitAll(
      earlier,
      { ...CONTEXT, onProgress: (progress) => told.push(progress) },
      like,
    );
    expect(told.some(({ unit }) => unit === 'trials')).toBe(false);
    const { window, width, rate, drop } = like.settings;
    expect(state.settings).toMatchObject({ window, width, rate, drop });
    const plain = await modelOf({ trials: 1, window, width, rate, drop }).fitAll(earlier, CONTEXT);
    expect(state.networks).toEqual(plain.networks);

    const short = panelOf({ a: Float64Array.from({ length: 12 }, (_, t) => t % 3) });
    expect((await model.fitAll(short, CONTEXT)).settings).toEqual({ ...USUAL, ...OPTIONS, layers: 2 });
  }, 60_000);

  it('is told in the cost, and refused where it makes no sense', () => {
    const plan = { h: H, windows: 3, season_length: 7 };
    const [plain, searched] = [1, 8].map((trials) => deepEfforts('lstm', panel, plan, { trials })[0]!.cost);
    expect(searched! / plain!).toBeGreaterThan(3);
    expect(searched! / plain!).toBeLessThan(4);
    expect(() => modelOf({ trials: 0 })).toThrow('mlp: trials is 0; give a whole number of 1 or more.');
  });
});
