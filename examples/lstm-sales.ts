// An LSTM on a sales file whose last column is what is to be predicted: two layers of 50 units, a day ahead from four weeks.
// With another file: npx tsx examples/lstm-sales.ts sales.csv
import { readFileSync } from 'node:fs';
import { fanChart, frequency, metrics, standardise } from '../src/index.ts';
import { chain, dense, fitNetwork, lstm } from '../src/network.ts';

const STEPS = 28;
const text = readFileSync(process.argv[2] ?? new URL('sales.csv', import.meta.url), 'utf8');
const rows = text.trim().split('\n').slice(1);
const columns = rows[0]!
  .split(',')
  .map((_, c) => Float64Array.from(rows, (row) => Number(row.split(',')[c])));
// Dates are no numbers and stay out; the rest is standardised.
const [sales, ...features] = columns
  .filter((column) => !column.includes(Number.NaN))
  .map((c) => standardise(c))
  .reverse();

// Each day of a window tells its own price and promotion, and the sales of the day before.
const windowAt = (day: number): number[] =>
  Array.from({ length: STEPS }, (_, s) => day - STEPS + 1 + s).flatMap((t) => [
    sales!.values[t - 1]!,
    ...features.map(({ values }) => values[t]!),
  ]);
const table = (from: number, to: number) => {
  const days = Array.from({ length: to - from }, (_, k) => from + k);
  const x = { shape: [STEPS, 1 + features.length], values: days.flatMap(windowAt) };
  return { x, y: { shape: [1], values: days.map((day) => sales!.values[day]!) } };
};
const split = Math.round(0.8 * rows.length);
const [learned, held] = [table(STEPS, split), table(split, rows.length)];

const network = await fitNetwork(
  { layers: chain(lstm(50, { sequences: true }), lstm(50), dense(1)), ...learned },
  { epochs: 100, batch: 32 },
);
for (const { step, steps, loss } of network.history.filter((_, epoch) => epoch % 20 === 0 || epoch === 99))
  console.log(`${step} of ${steps} steps: loss ${loss.toFixed(3)}`);

const unitsOf = (values: ArrayLike<number>): Float64Array => sales!.restore(Float64Array.from(values));
for (const [name, { x, y }] of Object.entries({ training: learned, 'held-out': held }))
  console.log(`${name} MSE`, metrics.mse(unitsOf(y.values), unitsOf(await network.predict(x))).toFixed(1));
const history = unitsOf(sales!.values.subarray(split - 60, split));
const mean = unitsOf(await network.predict(held.x));
console.log(
  fanChart({ history, historyStart: split - 60, freq: frequency('1'), mean, title: 'units a day ahead' }),
);
