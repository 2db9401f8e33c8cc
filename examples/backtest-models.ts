// Which model would have been right? All of them on the last four weeks of a made-up shop.
import { evaluate, prepare, readRows } from '../src/index.ts';

const sales = Array.from({ length: 6 * 200 }, (_, k) => {
  const [product, day] = [k % 6, Math.floor(k / 6)];
  const rhythm = [3, 1, 0, 0, 2, 6, 5][day % 7]!;
  const units = 10 + 4 * product + rhythm + Math.floor(day / 50) + ((day * 7 + product * 3) % 5);
  return { date: new Date(Date.UTC(2026, 0, 1 + day)), sku: `product-${product}`, units };
});
const { panel } = prepare(readRows(sales));
const { scores } = await evaluate(panel, {
  h: 28,
  models: ['naive', 'seasonal-naive', 'ses', 'theta', 'holt-winters'],
});
for (const { model, segment, mase } of scores) if (segment === 'all') console.log(model, mase.toFixed(2));
