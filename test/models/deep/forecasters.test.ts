// What every network over a whole panel keeps, whatever its body.
import { describe, expect, it } from 'vitest';
import type { QuantileDistribution } from '../../../src/core/distribution.ts';
import { DataError, UsageError } from '../../../src/core/errors.ts';
import { cutPanel } from '../../../src/core/moved-end.ts';
import type { Panel } from '../../../src/core/panel.ts';
import type { DeepState } from '../../../src/models/deep/forecaster.ts';
import type { DeepOptions } from '../../../src/models/deep/options.ts';
import type { GlobalModel } from '../../../src/models/global-model.ts';
import { createGlobal } from '../../../src/models/registry.ts';
import { decodeState, encodeState } from '../../../src/store/plain-data.ts';
import { panelOf } from '../../panels.ts';
import { promotedShop } from '../promoted-shop.ts';
import { hardPanel } from './hard-panel.ts';

const H = 7;
const CONTEXT = { h: H, season_length: 7, seed: 1 };
const QUICK: DeepOptions = { steps: 20, batch: 16, width: 8, window: 16, networks: 2 };
const NAMES = ['rnn', 'gru', 'lstm', 'cnn', 'mlp', 'nhits', 'tsmixer', 'patch-transformer', 'tft', 'deepar'];

const modelOf = (model: string, options: DeepOptions = QUICK): GlobalModel<DeepState> =>
  createGlobal({ model, options: { ...options } }) as GlobalModel<DeepState>;

async function forecastOf(
  model: GlobalModel<DeepState>,
  panel: Panel,
): Promise<{ state: DeepState; found: QuantileDistribution[] }> {
  const state = await model.fitAll(panel, CONTEXT);
  return { state, found: await model.forecastAll(state, panel, H) };
}

/** Mean absolute error against what is expected, relative to its mean. */
function relativeError(found: readonly QuantileDistribution[], truth: readonly number[][]): number {
  let [error, total] = [0, 0];
  for (const [i, { mean }] of found.entries()) {
    for (const [s, value] of truth[i]!.slice(-H).entries()) {
      error += Math.abs(value - mean[s]!);
      total += value;
    }
  }
  return error / total;
}

describe.each(NAMES)('%s', (name) => {
  const data = promotedShop();
  const model = modelOf(name);
  const plain = forecastOf(model, data.panel);

  it('learns what the plain forecast cannot know: promotions and the products that they move', async () => {
    const untrained = modelOf(name, { ...QUICK, networks: 1, steps: 1, rate: 1e-9 });
    const before = relativeError((await forecastOf(untrained, data.panel)).found, data.truth);
    const trained = modelOf(name, { width: 16, window: 16, networks: 1, steps: 400, drop: 0.1, rate: 0.005 });
    const after = relativeError((await forecastOf(trained, data.panel)).found, data.truth);
    expect(before).toBeGreaterThan(0.2);
    expect(after).toBeLessThan(0.7 * before);
    // The largest network took 20 seconds on a busy machine.
  }, 120_000);

  it('gives the same for the same seed, and after its state was stored', async () => {
    const { state, found } = await plain;
    expect((await forecastOf(model, data.panel)).found).toEqual(found);
    const stored = decodeState(encodeState(state)) as DeepState;
    expect(await model.forecastAll(stored, data.panel, H)).toEqual(found);
    const other = await model.fitAll(data.panel, { ...CONTEXT, seed: 2 });
    expect(await model.forecastAll(other, data.panel, H)).not.toEqual(found);
  }, 60_000);

  it('sees nothing after the cutoff', async () => {
    const spoilt: Panel = { ...data.panel, y: data.panel.y.slice() };
    for (let i = 0; i < spoilt.ids.length; i++)
      spoilt.y.fill(1e6, spoilt.offsets[i + 1]! - H, spoilt.offsets[i + 1]!);
    const [honest, other] = [cutPanel(data.panel, H), cutPanel(spoilt, H)];
    expect((await forecastOf(model, other)).found).toEqual((await forecastOf(model, honest)).found);
  }, 60_000);

  it('serves gaps, single values, no values, zeros, categories and past-only columns', async () => {
    const panel = hardPanel();
    const { found } = await forecastOf(model, panel);
    for (const [i, { mean, values, probabilities }] of found.entries()) {
      const width = probabilities.length;
      expect(mean.length).toBe(H);
      expect(mean.every(Number.isFinite), panel.ids[i]).toBe(true);
      for (let k = 0; k < values.length; k++) {
        if (k % width > 0) expect(values[k]).toBeGreaterThanOrEqual(values[k - 1]!);
        // What was never below zero stays there; the third series was.
        if (i !== 2) expect(values[k]).toBeGreaterThanOrEqual(0);
      }
    }
    expect(found[2]!.values.some((v) => v < 0)).toBe(true);
  }, 60_000);

  it('forecasts fewer periods than it was fitted to, and refuses more', async () => {
    const { state, found } = await plain;
    const fewer = await model.forecastAll(state, data.panel, 3);
    expect(fewer[0]!.mean).toEqual(found[0]!.mean.slice(0, 3));
    const beyond = model.forecastAll(state, data.panel, 8);
    await expect(beyond).rejects.toThrow(UsageError);
    await expect(beyond).rejects.toThrow(
      `${name} was fitted to 7 periods ahead, and 8 are asked for; train anew with -H 8.`,
    );
  }, 60_000);

  it('tells how its loss fell, and what it is', async () => {
    const { state } = await plain;
    expect(state.histories).toHaveLength(2);
    expect(state.histories[0]!.at(-1)!.step).toBe(20);
    expect(state.notes[0]).toMatch(
      new RegExp(
        `^${name}: 2 networks of [\\d,]+ parameters, 20 steps each over [\\d,]+ windows of 16 periods$`,
      ),
    );
  }, 60_000);
});

describe('networks over a panel', () => {
  it('know series by name if they are told to, and serve those that came later', async () => {
    const model = modelOf('mlp', { ...QUICK, identity: true });
    const { panel } = promotedShop();
    const { state } = await forecastOf(model, panel);
    expect(state.identities).toEqual(panel.ids);
    const newcomers: Panel = { ...panel, ids: panel.ids.map((id) => `new ${id}`) };
    const found = await model.forecastAll(state, newcomers, H);
    expect(found[0]!.mean.every(Number.isFinite)).toBe(true);
    expect(found[0]!.mean).not.toEqual((await model.forecastAll(state, panel, H))[0]!.mean);
  }, 60_000);

  it('refuse a panel without a window, and options that make no sense', async () => {
    const model = modelOf('rnn');
    const tiny = panelOf({ a: new Float64Array(1), b: new Float64Array(0) });
    await expect(Promise.resolve(model.fitAll(tiny, CONTEXT))).rejects.toThrow(DataError);
    expect(() => modelOf('rnn', { batch: 0 })).toThrow('rnn: batch is 0; give a whole number of 1 or more.');
    expect(() => modelOf('lstm', { drop: 1 })).toThrow(
      'lstm: drop is 1; give a share of 0 or more, below 1.',
    );
    expect(() => modelOf('mlp', { rate: 0 })).toThrow('mlp: rate is 0; give a number above 0.');
    expect(() => modelOf('cnn', { quantiles: [] })).toThrow(UsageError);
    expect(() => modelOf('cnn', { wdth: 3 } as DeepOptions)).toThrow(/Did you mean "width"/);
  });
});
