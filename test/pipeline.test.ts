import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRows } from '../src/collect/rows.ts';
import { CellState, type Panel } from '../src/core/panel.ts';
import { interval } from '../src/forecast/forecast-table.ts';
import { forecast } from '../src/index.ts';
import { sum } from '../src/math/statistics.ts';
import { evaluate, type ForecastOptions, forecastPrepared, type Outcome } from '../src/pipeline.ts';
import { prepare } from '../src/prepare/prepare.ts';
import { promotedShop } from './models/promoted-shop.ts';
import { panelOf, weeklySeries } from './panels.ts';

const run = (panel: Panel, options: Partial<ForecastOptions> = {}): Promise<Outcome> =>
  forecastPrepared({ panel, changes: [], notes: [] }, { h: 7, ...options });

describe('the way', () => {
  it('forecasts a weekly rhythm better than repeating it, with intervals around it', async () => {
    const { forecast: table, scores } = await run(panelOf(weeklySeries(30, 140)), { h: 14 });
    const auto = scores.find((row) => row.model === 'auto' && row.segment === 'all')!;
    expect(auto.skill).toBeGreaterThan(0.15);
    expect(auto.coverage[80]!).toBeGreaterThan(0.7);
    expect(auto.coverage[80]!).toBeLessThan(0.9);
    const { lo, hi } = interval(table, 80);
    const wide = interval(table, 95);
    for (const [at, mean] of table.mean.entries()) {
      expect(wide.lo[at]!).toBeLessThanOrEqual(lo[at]!);
      expect(lo[at]!).toBeLessThan(mean);
      expect(mean).toBeLessThan(hi[at]!);
      expect(hi[at]!).toBeLessThanOrEqual(wide.hi[at]!);
    }
  });

  it('lets nothing after the cutoff reach what is chosen or tried before it', async () => {
    const h = 7;
    const series = weeklySeries(12, 84);
    const shuffled = Object.fromEntries(
      Object.entries(series).map(([id, y]) => [
        id,
        y.map((v, t) => (t >= y.length - h ? 1000 * (t % 3) : v)),
      ]),
    );
    const honest = await evaluate(panelOf(series), { h });
    const spoilt = await evaluate(panelOf(shuffled), { h });
    expect(spoilt.segments).toEqual(honest.segments);
    expect(spoilt.trial.mean).toEqual(honest.trial.mean);
    expect(spoilt.trial.sd).toEqual(honest.trial.sd);
    expect(spoilt.trial.lo80).toEqual(honest.trial.lo80);
    expect(spoilt.trial.hi80).toEqual(honest.trial.hi80);
    expect(spoilt.trial.tallies).not.toEqual(honest.trial.tallies);
  });

  it('gives the same bytes for the same seed', async () => {
    const panel = panelOf(weeklySeries(8, 60));
    expect((await run(panel, { seed: 3 })).forecast).toEqual((await run(panel, { seed: 3 })).forecast);
  });

  it('is never negative, never crosses and never NaN, whatever the series', async () => {
    const value = fc.oneof(
      { weight: 4, arbitrary: fc.nat(20) },
      { weight: 2, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.constant(Number.NaN) },
      { weight: 1, arbitrary: fc.double({ min: 0, max: 1e9, noNaN: true }) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(value, { minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (rows, whole) => {
          const longest = Math.max(...rows.map((row) => row.length));
          const panel = panelOf(Object.fromEntries(rows.map((row, i) => [`s${i}`, row])));
          const { forecast: table } = await run(panel, {
            h: Math.min(5, longest),
            support: whole ? { whole } : {},
          });
          for (const at of table.mean.keys()) {
            const values = [...table.quantiles.map((column) => column[at]!), table.mean[at]!];
            expect(values.every((v) => v >= 0 && Number.isFinite(v))).toBe(true);
            if (whole) expect(values.every(Number.isInteger)).toBe(true);
            for (let k = 1; k < table.quantiles.length; k++) {
              expect(table.quantiles[k]![at]!).toBeGreaterThanOrEqual(table.quantiles[k - 1]![at]!);
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('keeps within a capacity', async () => {
    const { forecast: table } = await run(panelOf(weeklySeries(5, 60)), { support: { max: 25 } });
    for (const column of [table.mean, ...table.quantiles])
      expect(Math.max(...column)).toBeLessThanOrEqual(25);
  });

  it('expects nothing on days on which the shop is always shut', async () => {
    const panel = panelOf(weeklySeries(3, 70));
    // Period 0 is 1970-01-01, a Thursday: period 3 is a Sunday.
    const sunday = (t: number): boolean => t % 7 === 3;
    for (let i = 0; i < 3; i++) {
      for (let t = 0; t < 70; t++) {
        if (!sunday(t)) continue;
        panel.y[panel.offsets[i]! + t] = Number.NaN;
        panel.state[panel.offsets[i]! + t] = CellState.closed;
      }
    }
    const { forecast: table } = await run({ ...panel, closedWeekdays: [6] }, { h: 14 });
    for (let s = 0; s < 14; s++) {
      if (sunday(70 + s)) expect(interval(table, 95).hi[s]).toBe(0);
      else expect(table.mean[s]!).toBeGreaterThan(5);
    }
  });

  it('names the model that served where the chosen one could not', async () => {
    const series = { ...weeklySeries(6, 60), newcomer: Float64Array.of(4) };
    const { forecast: table } = await run(panelOf(series), { models: ['holt-winters'] });
    expect(table.model.at(-1)).toBe('naive');
    expect(table.fallback.at(-1)).toMatch(/has 1 observed value; holt-winters needs at least/);
    expect(table.fallback[0]).toBeUndefined();
  });
});

describe('columns that are constant over a series', () => {
  const rows = ['tea', 'mug', 'pot'].flatMap((sku, i) =>
    Array.from({ length: 67 }, (_, t) => ({
      date: new Date(Date.UTC(2026, 0, 1 + t)),
      sku,
      units: t < 60 ? 10 + (t % 7) + (t % 5 === 0 ? 4 : 0) + Math.sin(1.7 * t + i) : null,
      promotion: t % 5 === 0 ? 1 : 0,
      width: 3 * i,
      brand: i === 1 ? 'blue' : 'red',
      weight: 5 - i,
    })),
  );
  const ahead = async (
    model: string,
    columns: { knownFuture: string[]; statics?: string[] },
  ): Promise<Outcome['forecast']> => {
    const prepared = prepare(readRows(rows, { target: 'units', ...columns }));
    return (await forecastPrepared(prepared, { h: 7, models: [model] })).forecast;
  };

  it.each(['with-regressors', 'linear-regression', 'additive', 'arima'])(
    'do not change what %s learns from one series',
    async (model) => {
      const without = await ahead(model, { knownFuture: ['promotion'] });
      const beside = await ahead(model, {
        knownFuture: ['promotion', 'width'],
        statics: ['brand', 'weight'],
      });
      expect(beside.mean).toEqual(without.mean);
      expect(beside.fallback.every((reason) => reason === undefined)).toBe(true);
    },
  );
});

describe('what cannot be forecast', () => {
  const rows = Array.from({ length: 30 }, (_, t) => ({
    date: new Date(Date.UTC(2026, 0, 1 + t)),
    sku: 'tea',
    units: 5 + (t % 7),
    price: 2,
  }));

  it('refuses a horizon longer than any history', async () => {
    await expect(forecast(rows, { h: 31 })).rejects.toThrow(
      'the horizon of 31 days is longer than the longest history, 30 days; forecast 30 days or less, or give more history.',
    );
  });

  it('refuses a known-future column whose future is not known', async () => {
    const observations = readRows(rows, { knownFuture: ['price'] });
    await expect(forecastPrepared(prepare(observations), { h: 3 })).rejects.toThrow(
      /known-future column "price" has no value for series "tea" on 2026-01-31; add rows with an empty units/,
    );
  });

  it('refuses unknown options, models and levels with a hint', async () => {
    await expect(forecast(rows, { h: 3, levels: [80] } as never)).rejects.toThrow(
      'forecast has no option "levels". Did you mean "level"?',
    );
    await expect(forecast(rows, { h: 3, models: ['tetha'] })).rejects.toThrow('Did you mean "theta"?');
    await expect(forecast(rows, { h: 3, level: [0.8, 120] })).rejects.toThrow(
      'level 120 is not between 0 and 100',
    );
    await expect(forecast(rows, { h: 0 })).rejects.toThrow('h is 0; give a whole number');
  });
});

describe('a model of the whole panel', () => {
  const options = {
    h: 7,
    keep: true,
    models: [
      {
        model: 'boosted',
        options: { rows: 1500, trees: { rounds: 20, leaves: 8 }, trials: 1, quantiles: [] },
      },
      'seasonal-naive',
      'ses',
    ],
  };
  const prepared = { panel: promotedShop({ newcomer: true }).panel, changes: [], notes: [] };

  it('is weighed beside the others, and is kept once beside what each series holds of it', async () => {
    const { scores, blend, global, fitted, forecast: table } = await forecastPrepared(prepared, options);
    const of = (model: string) => scores.find((row) => row.model === model && row.segment === 'all')!;
    expect(of('boosted').mase).toBeLessThan(of('ses').mase);
    expect(of('auto').mase).toBeLessThan(of('ses').mase);
    expect(blend.segments.some(({ weights }) => weights[0]! > 0)).toBe(true);
    expect(global.map(({ spec }) => spec.model)).toEqual(['boosted']);
    const held = fitted.flat().filter(({ spec }) => spec.model === 'boosted');
    expect(held.length).toBeGreaterThan(5);
    expect(held.every(({ fallback }) => fallback === undefined)).toBe(true);
    expect(table.mean.every(Number.isFinite)).toBe(true);
  }, 60_000);

  it('may stand alone, and serves a product that was never sold by what it is like', async () => {
    const { forecast: table, fitted } = await forecastPrepared(prepared, {
      ...options,
      models: [options.models[0]!],
    });
    expect(fitted.every((blend) => blend.length === 1 && blend[0]!.spec.model === 'boosted')).toBe(true);
    const newcomer = prepared.panel.ids.length - 1;
    const week = table.mean.subarray(newcomer * 7, newcomer * 7 + 7);
    // Products of its kind sell 40 a day.
    expect(sum(week) / 7).toBeGreaterThan(20);
    expect(sum(week) / 7).toBeLessThan(80);
  }, 60_000);
});
