// A week ahead from a month of daily sales: standardise, least squares, validate, forecast.

import { futureAt, seriesAt } from '../src/core/panel.ts';
import { createModel, forecast, metrics, prepare, quantile, readRows, standardise } from '../src/index.ts';

const units = [
  41, 38, 40, 44, 52, 67, 61, 43, 40, 41, 47, 55, 70, 63, 45, 41, 44, 48, 57, 71, 66, 47, 44, 45, 50, 58, 74,
  68, 48, 46,
];
const rows = units.map((value, day) => ({
  date: new Date(Date.UTC(2026, 3, 1 + day)),
  sku: 'bread',
  units: value,
}));
const { panel } = prepare(readRows(rows));

const scaled = standardise(panel.y);
console.log(
  'mean of standardised sales',
  metrics.bias([1], [1 + scaled.values.reduce((a, b) => a + b, 0)]).toFixed(6),
);

// Validation: fit without the last week, compare with it.
const model = createModel('linear-regression');
const context = { freq: panel.freq, season_length: 7, seed: 1, knownFuture: [] };
const state = model.fit(seriesAt(panel, 0, 7), context);
const tried = model.forecast(state, 7, futureAt(panel, 0, 7, 7));
console.log('validation MSE', metrics.mse(units.slice(-7), tried.mean).toFixed(1));
console.log(
  '80 % interval on the fourth day',
  quantile(tried, 0.1)[3]!.toFixed(0),
  '–',
  quantile(tried, 0.9)[3]!.toFixed(0),
);

const { rows: week } = await forecast(rows, { h: 7, models: ['linear-regression'] });
for (const { ds, mean } of week) console.log(ds, mean.toFixed(0));
