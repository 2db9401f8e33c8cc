import { describe, expect, it } from 'vitest';
import type { ModelSpec } from '../../src/models/model.ts';
import { effortsOf } from '../../src/models/registry.ts';
import { planGlobals } from '../../src/select/global-candidates.ts';
import { panelOf, weeklySeries } from '../panels.ts';

const panel = panelOf(weeklySeries(60, 120));
const plan = { h: 7, windows: 4, step: 3, season_length: 7 };
const planned = (models: readonly ModelSpec[], budget: number, asked?: (spec: ModelSpec) => boolean) =>
  planGlobals(panel, models, plan, budget, asked);

describe('models of the whole panel within a budget', () => {
  it.each(['boosted', 'lstm', 'tsmixer'])(
    '%s is tried more cheaply where it must be, or not at all',
    (model) => {
      const efforts = effortsOf({ model }, panel, plan);
      const dearest = efforts[0]!.cost;
      const cheapest = Math.min(...efforts.map(({ cost }) => cost));
      expect(cheapest).toBeLessThan(dearest);
      expect(planned([{ model }], 3 * dearest)).toEqual({
        specs: [{ model, options: efforts[0]!.options }],
        dropped: [],
        cost: dearest,
        granted: 0,
      });
      const thrifty = planned([{ model }], 3 * cheapest);
      expect(thrifty.cost).toBe(cheapest);
      expect(thrifty.specs[0]).not.toEqual({ model, options: efforts[0]!.options });
      expect(planned([{ model }], 2.9 * cheapest)).toEqual({
        specs: [undefined],
        dropped: [0],
        cost: 0,
        granted: 0,
      });
    },
  );

  it('keep the options of the user, and cost what those ask for', () => {
    const spec = { model: 'gru', options: { networks: 5, steps: 40 } };
    const { specs } = planned([spec], 1e12);
    expect(specs[0]!.options).toEqual(spec.options);
    const dear = effortsOf({ model: 'gru', options: { networks: 5 } }, panel, plan)[0]!.cost;
    expect(effortsOf(spec, panel, plan)[0]!.cost).toBeLessThan(dear / 5);
  });

  it('are tried whatever they cost where they are asked for, which is told', () => {
    const models = [{ model: 'boosted' }, { model: 'mlp' }, { model: 'ses' }];
    const { specs, dropped, cost, granted } = planned(models, 1, ({ model }) => model === 'mlp');
    expect(specs.map((spec) => spec?.model)).toEqual([undefined, 'mlp', undefined]);
    expect(dropped).toEqual([0]);
    expect(granted).toBe(cost);
    expect(granted).toBe(effortsOf({ model: 'mlp' }, panel, plan)[0]!.cost);
  });
});
