// Trains and asks our trees in a process of its own and prints what it took as JSON: FOLDER TASK ROWS FEATURES TEST
// ROUNDS THREADS.
import { openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Feature } from '../../src/learn/trees/bins.ts';
import { predictTrees } from '../../src/learn/trees/predict.ts';
import { trainTrees } from '../../src/learn/trees/train.ts';
import { treeCrew } from '../../src/run/tree-crew.ts';
import { cpuSeconds, peakMemory } from '../harness.ts';

const [folder, task, ...numbers] = process.argv.slice(2) as [string, string];
const [rows, width, test, rounds, threads] = numbers.map(Number) as [number, number, number, number, number];

const n = rows + test;
/** Numbers of a file from place `from` on, in an array of this process's own making, as XGBoost's peer lays out its own. */
function floats(file: number, from: number, count: number): Float32Array {
  const bytes = Buffer.allocUnsafe(4 * count);
  readSync(file, bytes, 0, 4 * count, 4 * from);
  return new Float32Array(bytes.buffer, bytes.byteOffset, count).slice();
}
const file = openSync(join(folder, 'x.bin'), 'r');
const part = (from: number, to: number): Feature[] =>
  Array.from({ length: width }, (_, f) => ({ name: `f${f}`, values: floats(file, f * n + from, to - from) }));
const [known, unknown] = [part(0, rows), part(rows, n)];
const y = Float64Array.from(floats(openSync(join(folder, 'y.bin'), 'r'), 0, n));

const isRegression = task === 'regression';
const options = {
  objective: isRegression ? ('l2' as const) : ('logistic' as const),
  rounds,
  leaves: 63,
  lambda_l2: 1,
  min_child_weight: 1,
  min_child_samples: 0,
};
// Starting threads is apart, as loading a program is.
const crew = threads > 1 ? await treeCrew(threads) : undefined;
const by = crew ? { kernels: crew.kernels } : {};
const began = { wall: performance.now(), cpu: process.cpuUsage() };
const model = trainTrees({ features: known, y: y.slice(0, rows) }, options, by);
const train_wall = (performance.now() - began.wall) / 1000;
const train_cpu = cpuSeconds(began.cpu);
const peak_mb = peakMemory();

const held = predictTrees(model, unknown, by);
let loss = 0;
for (let i = 0; i < test; i++) {
  const actual = y[rows + i]!;
  const p = Math.min(Math.max(held[i]!, 1e-15), 1 - 1e-15);
  loss += isRegression ? (actual - held[i]!) ** 2 : -(actual * Math.log(p) + (1 - actual) * Math.log(1 - p));
}
loss = isRegression ? Math.sqrt(loss / test) : loss / test;

const asked = { wall: performance.now(), cpu: process.cpuUsage() };
predictTrees(model, known, by);
const predict_wall = (performance.now() - asked.wall) / 1000;
const predict_cpu = cpuSeconds(asked.cpu);
process.stdout.write(
  `${JSON.stringify({ train_wall, train_cpu, predict_wall, predict_cpu, peak_mb, loss })}\n`,
);
await crew?.close();
