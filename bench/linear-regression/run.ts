// Linear and ridge regression on the Walmart set, with and without what is known of the future.
import { ModelRefusal } from '../../src/core/errors.ts';
import { createModel } from '../../src/models/registry.ts';
import { medianOf, type Result, type Row, type RunOptions } from '../harness.ts';
import { walmart } from '../shop-data.ts';
import { type Forecaster, scoreWalmart } from '../walmart.ts';

const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  none: [],
  holiday: ['holiday'],
  all: ['holiday', 'temperature', 'fuel_price', 'cpi', 'unemployment'],
};

/** A model with the naive in its place where it refuses; counts refusals and the milliseconds of each series. */
function served(name: string): { forecaster: Forecaster; refused: () => number; spent: number[] } {
  const model = createModel(name);
  const naive = createModel('naive');
  const spent: number[] = [];
  let refused = 0;
  const forecaster: Forecaster = (series, context, h, future) => {
    const since = performance.now();
    try {
      return model.forecast(model.fit(series, context), h, future);
    } catch (error) {
      if (!(error instanceof ModelRefusal)) throw error;
      refused++;
      return naive.forecast(naive.fit(series, context), h, future);
    } finally {
      spent.push(performance.now() - since);
    }
  };
  return { forecaster, refused: () => refused, spent };
}

export async function run({ quick }: RunOptions): Promise<Result> {
  const rows: Row[] = [];
  for (const [known, columns] of Object.entries(COLUMNS)) {
    const all = walmart({ columns });
    const panel = quick ? { ...all, series: all.series.filter((_, i) => i % 20 === 0) } : all;
    for (const model of ['naive', 'seasonal-naive', 'linear-regression', 'ridge-regression']) {
      if (known !== 'none' && model.includes('naive')) continue;
      const { forecaster, refused, spent } = served(model);
      const { series, ...scores } = scoreWalmart(panel, 52, forecaster);
      rows.push({ model, known, series, ...scores, refused: refused(), median_ms: medianOf(spent) });
    }
  }
  const maseOf = (name: string): number => Number(rows.find(({ model }) => model === name)?.mase);
  return {
    claim: 'Regression on trend and season forecasts 39 weeks of Walmart sales better than naive rules.',
    rows,
    failed: !(
      maseOf('linear-regression') < maseOf('seasonal-naive') &&
      maseOf('ridge-regression') < maseOf('linear-regression')
    ),
    notes: [
      'known: columns whose future values the model was told. refused: series served by the naive instead.',
      'Published for the same task (MASE / WAPE): LightGBM 1.2457 / 0.1514, Chronos-2 0.8167 / 0.0934.',
    ],
  };
}
