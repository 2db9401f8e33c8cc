// An order log with a return: lines are summed by day, and the return is taken off its sale.
import { prepare, readRows } from '../src/index.ts';

const orders = [
  { invoice: 'A1', sku: 'cup', at: '2026-03-02 10:15', customer: 7, quantity: 3 },
  { invoice: 'A2', sku: 'cup', at: '2026-03-02 16:40', customer: 8, quantity: 1 },
  { invoice: 'A3', sku: 'cup', at: '2026-03-04 09:05', customer: 9, quantity: 2 },
  { invoice: 'C4', sku: 'cup', at: '2026-03-05 11:00', customer: 7, quantity: -3 },
  { invoice: 'A5', sku: 'cup', at: '2026-03-06 12:30', customer: 8, quantity: 4 },
];
const observations = readRows(orders, { id: 'sku', time: 'at', target: 'quantity', transactions: true });
const { panel, changes } = prepare(observations, { freq: 'D' });
for (const note of observations.notes) console.log(note);
for (const { cells, what } of changes) console.log(`${cells} cells: ${what}`);
console.log([...panel.y].join(' '));
