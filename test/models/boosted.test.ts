import { describe, expect, it } from 'vitest';
import { horizonOf, quantile } from '../../src/core/distribution.ts';
import { DataError, UsageError } from '../../src/core/errors.ts';
import { cutPanel } from '../../src/core/moved-end.ts';
import type { Panel } from '../../src/core/panel.ts';
import { rowError } from '../../src/models/boosted/search.ts';
import { restored, TRANSFORMS, transformed } from '../../src/models/boosted/target.ts';
import { dateWindows } from '../../src/models/boosted/windows.ts';
import { type BoostedOptions, boosted } from '../../src/models/boosted.ts';
import { decodeState, encodeState } from '../../src/store/plain-data.ts';
import { promotedShop } from './promoted-shop.ts';

const H = 7;
const CONTEXT = { h: H, season_length: 7, seed: 1 };
const QUICK: BoostedOptions = {
  rows: 1500,
  trials: 1,
  quantiles: [0.1, 0.5, 0.9],
  trees: { rounds: 30, leaves: 8, min_child_samples: 5 },
};

/** Mean absolute error of the forecasts relative to the mean of what is expected. */
function relativeError({ panel, truth }: ReturnType<typeof promotedShop>, options: BoostedOptions): number {
  const model = boosted({ ...QUICK, ...options });
  const found = model.forecastAll(model.fitAll(panel, CONTEXT), panel, H);
  let [error, total] = [0, 0];
  for (const [i, d] of found.entries()) {
    const wanted = truth[i]!.slice(-H);
    for (const [s, value] of wanted.entries()) {
      error += Math.abs(value - d.mean[s]!);
      total += value;
    }
  }
  return error / total;
}

describe('boosted trees', () => {
  const data = promotedShop();

  it('learn the week and what a promotion does to the products it moves', () => {
    expect(relativeError(data, { trees: { rounds: 120, leaves: 8, min_child_samples: 5 } })).toBeLessThan(
      0.1,
    );
  });

  it.each([...TRANSFORMS])('serve the target %s', (transform) => {
    expect(relativeError(data, { transform, trees: { rounds: 60, leaves: 8 } })).toBeLessThan(0.2);
  });

  it.each(['direct', 'recursive', 'mixed'] as const)('serve the strategy %s', (strategy) => {
    expect(relativeError(data, { strategy, trees: { rounds: 60, leaves: 8 } })).toBeLessThan(0.15);
  });

  it.each(['mae', 'mse', 'mape', 'tweedie'] as const)('serve the loss %s', (loss) => {
    expect(relativeError(data, { loss, trees: { rounds: 60, leaves: 8 } })).toBeLessThan(0.15);
  });

  it('grow trees for each kind and average them with those of all', () => {
    const model = boosted({ ...QUICK, pools: ['kind'] });
    const state = model.fitAll(data.panel, CONTEXT);
    expect(state.points[0]!.stands.map(({ pool, code }) => `${pool}${code}`)).toEqual([
      '0',
      'kind0',
      'kind1',
    ]);
    expect(relativeError(data, { pools: ['kind'], trees: { rounds: 60, leaves: 8 } })).toBeLessThan(0.12);
  });

  it('forecast a product without any history as its kind is', () => {
    const { panel, truth } = promotedShop({ newcomer: true });
    const model = boosted({
      ...QUICK,
      transform: 'scale',
      trees: { rounds: 80, leaves: 8, min_child_samples: 5 },
    });
    const mean = model.forecastAll(model.fitAll(panel, CONTEXT), panel, H).at(-1)!.mean;
    const total = mean.reduce((a, b) => a + b, 0);
    const wanted = truth.at(-1)!.reduce((a, b) => a + b, 0);
    expect(total / wanted).toBeGreaterThan(0.6);
    expect(total / wanted).toBeLessThan(1.5);
  });

  it('give quantiles in order that hold about what they say', () => {
    const { panel, truth } = promotedShop({ count: 40, length: 150 });
    const model = boosted(QUICK);
    const cut = cutPanel(panel, H);
    const found = model.forecastAll(model.fitAll(cut, CONTEXT), cut, H);
    let [inside, cells] = [0, 0];
    for (const [i, d] of found.entries()) {
      expect(horizonOf(d)).toBe(H);
      const [low, middle, high] = [0.1, 0.5, 0.9].map((p) => quantile(d, p));
      for (let s = 0; s < H; s++) {
        expect(low![s]).toBeLessThanOrEqual(middle![s]!);
        expect(middle![s]).toBeLessThanOrEqual(high![s]!);
        const y = panel.y[panel.offsets[i + 1]! - H + s]!;
        cells++;
        if (y >= low![s]! && y <= high![s]!) inside++;
      }
    }
    expect(truth.length).toBe(40);
    expect(inside / cells).toBeGreaterThan(0.65);
    expect(inside / cells).toBeLessThan(0.95);
  });

  it('see nothing after the cutoff', () => {
    const other = promotedShop().panel;
    for (let i = 0; i < other.ids.length; i++) {
      const end = other.offsets[i + 1]!;
      for (let at = end - H; at < end; at++) other.y[at] = 1e6;
    }
    const model = boosted(QUICK);
    const forecast = (panel: Panel) => {
      const cut = cutPanel(panel, H);
      return model.forecastAll(model.fitAll(cut, CONTEXT), cut, H);
    };
    expect(forecast(other)).toEqual(forecast(data.panel));
  });

  it('are the same for the same seed, and after their state was stored', () => {
    const model = boosted(QUICK);
    const state = model.fitAll(data.panel, CONTEXT);
    const once = model.forecastAll(state, data.panel, H);
    expect(model.forecastAll(model.fitAll(data.panel, CONTEXT), data.panel, H)).toEqual(once);
    const stored = decodeState(encodeState(state)) as typeof state;
    expect(model.forecastAll(stored, data.panel, H)).toEqual(once);
  });

  it('scale with the data, but for splits that rounding moves', () => {
    const model = boosted({ ...QUICK, transform: 'scale' });
    const forecast = (panel: Panel) => model.forecastAll(model.fitAll(panel, CONTEXT), panel, H);
    const [one, large] = [forecast(data.panel), forecast(promotedShop({ scale: 1024 }).panel)];
    for (let s = 0; s < H; s++) {
      const ratio = large[0]!.mean[s]! / 1024 / one[0]!.mean[s]!;
      expect(Math.abs(ratio - 1)).toBeLessThan(0.03);
    }
  });

  it('name the series, column and date that is missing', () => {
    const panel = promotedShop().panel;
    panel.knownFuture[0]!.values[panel.offsets[1]! + H + 120 + 3] = Number.NaN;
    const model = boosted(QUICK);
    const state = model.fitAll(data.panel, CONTEXT);
    expect(() => model.forecastAll(state, panel, H)).toThrow(DataError);
    expect(() => model.forecastAll(state, panel, H)).toThrow(
      /series "p1" has no value of "promo" for 2025-02-04; give its future/,
    );
    expect(model.forecastAll(state, panel, H, { gaps: true })[1]!.mean.every(Number.isFinite)).toBe(true);
    // A product that is no longer sold has no price tomorrow.
    const ended = cutPanel(
      panel,
      Int32Array.from(panel.ids, (_, i) => (i === 1 ? 20 : 0)),
    );
    expect(model.forecastAll(state, ended, H)[1]!.mean.every(Number.isFinite)).toBe(true);
  });

  it('try settings on earlier windows and say what was chosen', () => {
    const model = boosted({ ...QUICK, trials: 2, trees: { rounds: 20, leaves: 4 } });
    expect(model.fitAll(data.panel, CONTEXT).notes[0]).toMatch(/chosen on earlier windows/);
  });

  it('grow trees for each value of a category where that helps on all earlier windows', () => {
    const shop = promotedShop({ count: 40, length: 150 });
    const searched: BoostedOptions = {
      ...QUICK,
      rows: 12_000,
      trials: 2,
      transform: 'scale',
      trees: { rounds: 8, learning_rate: 0.3 },
    };
    const pools = (options: BoostedOptions) => boosted(options).fitAll(shop.panel, CONTEXT).recipes[0]!.pools;
    expect(pools(searched)).toEqual(['kind']);
    expect(pools({ ...searched, pools: [] })).toEqual([]);
  });

  it('forecast the mean of two recipes, and tell what both are made of', () => {
    const model = boosted(QUICK);
    const alone = model.fitAll(data.panel, CONTEXT);
    const recipes = [
      alone.recipes[0]!,
      { ...alone.recipes[0]!, transform: 'scale', loss: 'tweedie' } as const,
    ];
    const state = model.fitAll(data.panel, CONTEXT, { ...alone, recipes });
    expect(state.points.map(({ isLogarithm }) => isLogarithm)).toEqual([false, true]);
    const [first] = model.forecastAll(state, data.panel, H);
    const [effects] = model.effectsOf(state, data.panel, H, [0]);
    for (const [s, value] of first!.mean.entries())
      expect(effects!.reduce((sum, { values }) => sum + values[s]!, 0)).toBeCloseTo(value, 6);
  });

  it('put the middle of the quantiles where the point forecast is', () => {
    const model = boosted(QUICK);
    const found = model.forecastAll(model.fitAll(data.panel, CONTEXT), data.panel, H);
    for (const d of found) {
      const middle = quantile(d, 0.5);
      for (const [s, value] of d.mean.entries()) expect(middle[s]).toBeCloseTo(value, 9);
    }
  });

  it('take over what another fit chose, and its unit of errors', () => {
    const model = boosted({ ...QUICK, trials: 3, quantiles: [], trees: { rounds: 20, leaves: 4 } });
    const first = model.fitAll(data.panel, CONTEXT);
    const earlier = model.fitAll(cutPanel(data.panel, 40), CONTEXT, first);
    expect(earlier.recipes).toEqual(first.recipes);
    expect(earlier.calibration).toEqual(first.calibration);
    expect(model.fitAll(cutPanel(data.panel, 40), CONTEXT).calibration).not.toEqual(first.calibration);
  });

  it('refuse what they do not know', () => {
    expect(() => boosted({ transfrom: 'log' } as BoostedOptions)).toThrow(/Did you mean "transform"/);
    expect(() => boosted({ loss: 'mean' } as unknown as BoostedOptions)).toThrow(UsageError);
    expect(() => boosted({ quantiles: [0.9, 0.1] })).toThrow(/ascending/);
    expect(() => boosted({ rows: 3 })).toThrow(/rows is 3/);
    expect(() => boosted({ opinions: 3 })).toThrow(/opinions is 3; give 1 or 2/);
    expect(() => boosted({ half_life: 0 })).toThrow(/half_life is 0/);
  });
});

describe('targets', () => {
  it.each([...TRANSFORMS])('come back from %s', (transform) => {
    const y = Float64Array.of(3, 8, 40);
    const ground = { level: Float64Array.of(4, 10, 20), base: Float64Array.of(1.5, Number.NaN, 0.5) };
    const back = restored(transform, transformed(transform, y, ground), ground);
    for (const [k, value] of y.entries()) expect(back[k]).toBeCloseTo(value, 10);
  });
});

describe('earlier windows', () => {
  const panelOf = (length: number): Panel => promotedShop({ count: 2, length }).panel;
  it('are two of the horizon where there is room', () => {
    expect(dateWindows(panelOf(100), 7, 7)).toEqual([
      { origin: 20_086, length: 7 },
      { origin: 20_093, length: 7 },
    ]);
  });
  it('overlap where a season must stay before them', () => {
    expect(dateWindows(panelOf(104), 39, 52)).toEqual([
      { origin: 20_078, length: 26 },
      { origin: 20_091, length: 13 },
    ]);
  });
});

describe('the error of a row', () => {
  it('is in units of the step, of y, or squared in units of the level', () => {
    expect(rowError('mae', 10, 8, 20, 4)).toBe(0.5);
    expect(rowError('mape', 10, 8, 20, 4)).toBe(0.2);
    expect(rowError('mse', 10, 8, 20, 4)).toBeCloseTo(0.01, 12);
  });
});
