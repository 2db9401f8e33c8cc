// What networks tell of their forecasts.
import { describe, expect, it } from 'vitest';
import { frequency } from '../../../src/core/frequency.ts';
import { allocatePanel, CellState, type Panel } from '../../../src/core/panel.ts';
import { random } from '../../../src/core/random.ts';
import { mean, sum } from '../../../src/math/statistics.ts';
import type { DeepState } from '../../../src/models/deep/forecaster.ts';
import type { DeepOptions } from '../../../src/models/deep/options.ts';
import type { Effect, GlobalModel } from '../../../src/models/global-model.ts';
import { createGlobal } from '../../../src/models/registry.ts';
import { panelOf } from '../../panels.ts';
import { promotedShop } from '../promoted-shop.ts';
import { hardPanel } from './hard-panel.ts';

const H = 7;
const QUICK: DeepOptions = { steps: 20, batch: 16, width: 8, window: 16, networks: 2 };
/** Networks that have learned nothing: they say what their plain forecast says. */
const UNTRAINED: DeepOptions = { ...QUICK, networks: 1, steps: 1, rate: 1e-9 };
const TRAINED: DeepOptions = { width: 16, window: 16, networks: 1, steps: 300, drop: 0.1, rate: 0.005 };
const NAMES = ['rnn', 'gru', 'lstm', 'cnn', 'mlp', 'nhits', 'tsmixer', 'patch-transformer', 'tft'];

interface Told {
  readonly effects: Effect[][];
  /** The forecasts of the same series. */
  readonly means: Float64Array[];
}

async function told(
  name: string,
  options: DeepOptions,
  panel: Panel,
  series: readonly number[],
  { h = H, season_length = 7 } = {},
): Promise<Told> {
  const model = createGlobal({ model: name, options: { ...options } }) as GlobalModel<DeepState>;
  const state = await model.fitAll(panel, { h, season_length, seed: 1 });
  const forecasts = await model.forecastAll(state, panel, h);
  const effects = await model.effectsOf!(state, panel, h, series);
  return { effects, means: series.map((i) => forecasts[i]!.mean) };
}

const valuesOf = (effects: readonly Effect[], name: string): Float64Array =>
  effects.find((own) => own.name === name)!.values;

/** How far the effects are from adding up, as a share of the forecast where that is above 1. */
function worst({ effects, means }: Told): number {
  const off = effects.flatMap((own, k) =>
    Array.from(means[k]!, (value, s) => {
      const total = sum(own.map(({ values }) => values[s]!));
      return Math.abs(total - value) / Math.max(1, Math.abs(value));
    }),
  );
  return Math.max(...off);
}

describe.each(NAMES)('the effects that %s tells', (name) => {
  it('add up to the forecast, whatever the panel, with the names that other models have', async () => {
    const found = await told(name, QUICK, hardPanel(), [5, 0, 3, 1, 4, 2]);
    expect(worst(found)).toBeLessThan(1e-6);
    for (const own of found.effects) {
      expect(own.map((effect) => `${effect.part} ${effect.name}`).sort()).toEqual([
        'level kind',
        'level recent values',
        'level size',
        'regressors event',
        'regressors price',
        'regressors visits',
        'seasonal calendar',
        'seasonal season',
      ]);
    }
  }, 60_000);
});

describe('the effects of a network', () => {
  it('add up where many values are zero and means are those of quantiles', async () => {
    const draw = random(4);
    const seldom = (): Float64Array =>
      Float64Array.from({ length: 90 }, () => (draw.uniform() < 0.3 ? Math.ceil(5 * draw.uniform()) : 0));
    const panel = panelOf({ a: seldom(), b: seldom(), c: seldom() });
    const found = await told('mlp', { ...QUICK, steps: 100, identity: true }, panel, [2, 0]);
    expect(worst(found)).toBeLessThan(1e-6);
    expect(found.effects[0]!.map((effect) => effect.name)).toContain('the series itself');
  });

  it('are the same for a series alone as among others', async () => {
    const { panel } = promotedShop();
    const model = createGlobal({ model: 'lstm', options: { ...QUICK } }) as GlobalModel<DeepState>;
    const state = await model.fitAll(panel, { h: H, season_length: 7, seed: 1 });
    const [alone] = await model.effectsOf!(state, panel, H, [3]);
    const all = await model.effectsOf!(state, panel, H, [...panel.ids.keys()].reverse());
    for (const { name, values } of all[panel.ids.length - 1 - 3]!)
      for (const [s, value] of values.entries()) expect(value).toBeCloseTo(valuesOf(alone!, name)[s]!, 3);
  });

  it('are those of the plain forecast where nothing was learned, and no season adds to a whole week', async () => {
    const { panel, truth } = promotedShop();
    const { effects, means } = await told('gru', UNTRAINED, panel, [0, 2]);
    for (const [k, own] of effects.entries()) {
      for (const { name, values } of own) {
        if (name === 'recent values' || name === 'season') continue;
        expect(Math.max(...values.map(Math.abs)), name).toBeLessThan(1e-3);
      }
      const season = valuesOf(own, 'season');
      expect(Math.abs(sum([...season]))).toBeLessThan(1e-6);
      // Products of this kind know no promotions.
      const expected = truth[2 * k]!.slice(-H);
      expect(season[expected.indexOf(Math.max(...expected))]).toBeGreaterThan(0.1 * mean([...means[k]!]));
    }
  });

  it('find the products that promotions move, and by how much', async () => {
    const { panel, truth } = promotedShop();
    const series = [...panel.ids.keys()];
    const { effects } = await told('lstm', TRAINED, panel, series);
    // What a promoted day owes to its promotion, in shares of the day, for products that it does and does not move.
    const [flat, moved] = [0, 1].map((kind) => {
      let [owed, days] = [0, 0];
      for (const i of series.filter((k) => k % 2 === kind)) {
        for (const [s, value] of valuesOf(effects[i]!, 'promo').entries()) {
          if (panel.knownFuture[0]!.values[panel.offsets[i + 1]! + i * panel.reach + s] === 1) {
            owed += value / truth[i]!.at(s - H)!;
            days++;
          } else expect(value).toBe(0);
        }
      }
      return owed / days;
    });
    // Half of a doubled day.
    expect(moved!).toBeGreaterThan(0.3);
    expect(moved!).toBeLessThan(0.7);
    expect(Math.abs(flat!)).toBeLessThan(0.15);
  }, 60_000);

  it('tell what happened in a column that is known of the past alone', async () => {
    // A week after one with a campaign, twice as much is sold.
    const [weeks, ids] = [20, Array.from({ length: 20 }, (_, i) => `p${i}`)];
    const panel = allocatePanel(
      { freq: frequency('D'), ids, target: 'units' },
      ids.map(() => 7 * weeks),
      { pastOnly: [{ name: 'campaign' }] },
    );
    const campaigns = ids.map((id, i) => {
      const draw = random(8, id);
      const own = Array.from({ length: weeks }, () => (draw.uniform() < 0.3 ? 1 : 0));
      for (let t = 0; t < 7 * weeks; t++) {
        const [at, week] = [panel.offsets[i]! + t, Math.floor(t / 7)];
        panel.pastOnly[0]!.values[at] = own[week]!;
        panel.y[at] = (10 + i) * (own[week - 1] ? 2 : 1) * (1 + 0.05 * draw.normal());
        panel.state[at] = CellState.observed;
      }
      return own;
    });
    const series = [...ids.keys()];
    const { effects, means } = await told('mlp', TRAINED, panel, series);
    const lifts = series.map((i) => mean([...valuesOf(effects[i]!, 'campaign')]) / mean([...means[i]!]));
    const after = lifts.filter((_, i) => campaigns[i]!.at(-1) === 1);
    expect(after.length).toBeGreaterThan(3);
    expect(mean(after)).toBeGreaterThan(0.25);
    // Where the network sees no campaign, it owes nothing to any.
    const never = lifts.filter((_, i) => !campaigns[i]!.slice(-3).includes(1));
    expect(never.length).toBeGreaterThan(3);
    expect(never.every((lift) => lift === 0)).toBe(true);
  }, 60_000);

  it('count to an event what the plain forecast has of it from the year before', async () => {
    const [weeks, h] = [4 * 52 + 18, 8];
    const ids = Array.from({ length: 12 }, (_, i) => `p${i}`);
    const panel = allocatePanel(
      { freq: frequency('W'), ids, target: 'units', reach: h },
      ids.map(() => weeks),
      { knownFuture: [{ name: 'event', levels: ['', 'feast'] }] },
    );
    for (const [i, id] of ids.entries()) {
      const draw = random(7, id);
      for (let t = 0; t < weeks + h; t++) {
        const isFeast = t % 52 === 22;
        panel.knownFuture[0]!.values[panel.offsets[i]! + i * h + t] = isFeast ? 1 : 0;
        if (t >= weeks) continue;
        panel.y[panel.offsets[i]! + t] = (20 + i) * (isFeast ? 2 : 1) * (1 + 0.05 * draw.normal());
        panel.state[panel.offsets[i]! + t] = CellState.observed;
      }
    }
    const { effects, means } = await told('mlp', UNTRAINED, panel, [0, 5], { h, season_length: 52 });
    for (const [k, own] of effects.entries()) {
      const event = valuesOf(own, 'event');
      expect(event[4]! / means[k]![4]!).toBeGreaterThan(0.3);
      expect(Math.abs(event[0]! / means[k]![0]!)).toBeLessThan(0.05);
      expect(valuesOf(own, 'season')[4]! / means[k]![4]!).toBeLessThan(0.2);
    }
    expect(worst({ effects, means })).toBeLessThan(1e-6);
  });
});
