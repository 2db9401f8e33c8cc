// An LSTM on a sales file whose last column is what is to be predicted: two layers of 50 units, a day ahead from four weeks.
// With another file: npx tsx examples/lstm-sales.ts sales.csv
import { readFileSync, writeFileSync } from 'node:fs';
import { metrics, standardise } from '../src/index.ts';
import { chain, dense, fitNetwork, lstm } from '../src/network.ts';

const STEPS = 28;
const text = readFileSync(process.argv[2] ?? new URL('sales.csv', import.meta.url), 'utf8');
const lines = text.trim().split('\n').slice(1);
// Dates are no numbers and stay out.
const rows = lines.map((row) => row.split(',').map(Number)).map((row) => row.filter(Number.isFinite));
const target = rows[0]!.length - 1;
const split = Math.round(0.8 * rows.length);
const scales = rows[0]!.map(
  (_, c) => standardise(Float64Array.from(rows.slice(0, split), (row) => row[c]!)).parameters,
);
const scaled = rows.map((row) => row.map((value, c) => (value - scales[c]!.centre) / scales[c]!.scale));

// Each day of a window tells its own price and promotion, and the sales of the day before.
const dayOf = (t: number): number[] => [...scaled[t]!.slice(0, target), scaled[t - 1]![target]!];
const windowOf = (day: number): number[] =>
  Array.from({ length: STEPS }, (_, s) => dayOf(day - STEPS + 1 + s)).flat();
const days = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, k) => from + k);
const table = (own: number[]) => ({
  x: { shape: [STEPS, target + 1], values: own.flatMap(windowOf) },
  y: { shape: [1], values: own.map((day) => scaled[day]![target]!) },
});
const [learned, held] = [days(STEPS, split), days(split, rows.length)];

const layers = chain(lstm(50, { sequences: true }), lstm(50), dense(1));
const network = await fitNetwork({ layers, ...table(learned) }, { epochs: 100, batch: 32 });
for (const { step, steps, loss } of network.history.filter((_, epoch) => epoch % 20 === 0 || epoch === 99))
  console.log(`${step} of ${steps} steps: loss ${loss.toFixed(3)}`);

const actual = (own: number[]): number[] => own.map((day) => rows[day]![target]!);
const predicted = async (own: number[]): Promise<number[]> =>
  [...(await network.predict(table(own).x))].map((z) => z * scales[target]!.scale + scales[target]!.centre);
console.log('training MSE', metrics.mse(actual(learned), await predicted(learned)).toFixed(1));
console.log('held-out MSE', metrics.mse(actual(held), await predicted(held)).toFixed(1));

const line = (y: number[], stroke: string): string =>
  `<polyline fill="none" stroke="${stroke}" points="${y.map((v, k) => `${5 * k},${300 - v}`).join(' ')}"/>`;
const plot = line(actual(held), 'grey') + line(await predicted(held), 'crimson');
writeFileSync('lstm-sales.svg', `<svg xmlns="http://www.w3.org/2000/svg">${plot}</svg>`);
console.log('lstm-sales.svg has the held-out days (grey) and what was predicted of them (red)');
