import { describe, expect, it } from 'vitest';
import { bytesPerSeries, tryingCosts } from '../../src/evaluate/cost.ts';
import { MODELS, nominalCost } from '../../src/models/registry.ts';
import { panelOf } from '../panels.ts';

const plan = { h: 7, windows: 4, step: 3, season_length: 7 };

describe('nominal costs', () => {
  it.each(Object.keys(MODELS))('%s costs more the longer the series is', (model) => {
    const costs = [10, 50, 200, 1000].map((n) => nominalCost({ model }, n, 7));
    expect(costs.every((cost) => cost > 0 && Number.isFinite(cost))).toBe(true);
    expect(costs).toEqual([...costs].sort((a, b) => a - b));
  });

  it('take a model that says nothing for a costly one', () => {
    expect(nominalCost({ model: 'not yet measured' }, 100, 7)).toBeGreaterThan(
      nominalCost({ model: 'holt-winters' }, 100, 7),
    );
  });

  it.each(['mstl', 'with-regressors', 'box-cox'])(
    'of %s include those of the model that it works with',
    (model) => {
      const [plain, costly] = ['naive', 'tbats'].map((inner) =>
        nominalCost({ model, options: { model: inner } }, 200, 7),
      );
      // What mstl leaves has no season.
      const m = model === 'mstl' ? 1 : 7;
      const [naive, tbats] = ['naive', 'tbats'].map((inner) => nominalCost({ model: inner }, 200, m));
      expect(costly! - plain!).toBeCloseTo(tbats! - naive!, 10);
      expect(plain!).toBeGreaterThan(naive!);
      const nested = { model: 'box-cox', options: { model: { model: 'mstl', options: { model: 'tbats' } } } };
      expect(nominalCost(nested, 200, 7)).toBeGreaterThan(tbats!);
    },
  );

  it('of with-regressors count the trees', () => {
    const options = { regressors: 'boosted' };
    expect(nominalCost({ model: 'with-regressors', options }, 200, 7)).toBeGreaterThan(
      2 * nominalCost({ model: 'with-regressors' }, 200, 7),
    );
  });

  it('count a fit for each window that a series has, and one for the forecast', () => {
    const panel = panelOf({ long: new Float64Array(100), short: new Float64Array(3) });
    const models = [{ model: 'ses' }, { model: 'naive' }];
    const [ses, naive, shortSes] = tryingCosts(panel, models, plan);
    expect(ses! / nominalCost(models[0]!, 100, 7)).toBeGreaterThan(4);
    expect(naive!).toBeLessThan(ses!);
    // Too short for a window: the fit for the forecast alone.
    expect(shortSes!).toBeLessThan(2 * nominalCost(models[0]!, 3, 7));
  });

  it('tell the memory of a backtest', () => {
    // Four windows: means, spreads of seven steps and 14 sums for each of three models, and three rows of actuals.
    expect(bytesPerSeries(3, plan)).toBe(8 * 4 * (3 * (2 * 7 + 14) + 3 * 7));
  });
});
