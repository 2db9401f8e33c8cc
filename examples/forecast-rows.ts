// The shortest way: sales as rows in, a forecast with intervals out.
import { forecast } from '../src/index.ts';

const sales = Array.from({ length: 120 }, (_, day) => ({
  date: new Date(Date.UTC(2026, 0, 1 + day)),
  sku: 'tea',
  units: 20 + (day % 7) + Math.round(day / 30),
}));
const { rows, notes } = await forecast(sales, { h: 7 });
for (const note of notes) console.log(note);
for (const { ds, mean } of rows) console.log(ds, mean.toFixed(0));
