// Trains the same network in TensorFlow.js on WebAssembly and prints what it took as JSON: FOLDER NAME STEPS PACKAGES, the
// last a folder where its packages are installed.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [folder, name, count, packages] = process.argv.slice(2);
const steps = Number(count);
const load = createRequire(join(packages, 'package.json'));
const tf = load('@tensorflow/tfjs');
const wasm = load('@tensorflow/tfjs-backend-wasm');
wasm.setWasmPaths(join(packages, 'node_modules', '@tensorflow', 'tfjs-backend-wasm', 'dist', '/'));
await tf.setBackend('wasm');
await tf.ready();

const floats = (file) => {
  const bytes = readFileSync(join(folder, file));
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
};
const shapes = JSON.parse(readFileSync(join(folder, 'shapes.json'), 'utf8'));
const [x, y] = ['x', 'y'].map((key) => tf.tensor(floats(`${key}.bin`), shapes[key]));

const lstm = (units, returnSequences) =>
  tf.layers.lstm({ units, returnSequences, recurrentActivation: 'sigmoid' });
const dense = (units, activation) => tf.layers.dense({ units, activation });
const LAYERS = {
  'lstm-50-twice': () => [lstm(50, true), lstm(50, false), dense(1)],
  'lstm-64-global': () => [lstm(64, false), dense(28)],
  mlp: () => [...[512, 512, 512, 512].map((units) => dense(units, 'relu')), dense(28)],
};
const layers = LAYERS[name]();
let out = tf.input({ shape: shapes.x.slice(1) });
const inputs = out;
for (const layer of layers) out = layer.apply(out);
const model = tf.model({ inputs, outputs: out });

// Gates i, f, o, g of ours are i, f, g, o here.
const theta = floats('theta.bin');
let at = 0;
const next = (shape, isGates) => {
  const size = shape.reduce((a, b) => a * b, 1);
  const value = tf.tensor(theta.slice(at, at + size), shape);
  at += size;
  if (!isGates) return value;
  const [i, f, o, g] = tf.split(value, 4, -1);
  return tf.concat([i, f, g, o], -1);
};
for (const layer of layers) {
  const isGates = layer.getClassName() === 'LSTM';
  layer.setWeights(layer.getWeights().map(({ shape }) => next(shape, isGates)));
}

const optimiser = tf.train.adam(1e-3);
const losses = [];
const took = [];
for (let k = 0; k < steps; k++) {
  const began = { wall: performance.now(), cpu: process.cpuUsage() };
  const loss = optimiser.minimize(
    () => tf.losses.meanSquaredError(y, model.apply(x, { training: true })),
    true,
  );
  losses.push(loss.dataSync()[0]);
  loss.dispose();
  const { user, system } = process.cpuUsage(began.cpu);
  took.push({ wall: performance.now() - began.wall, cpu: (user + system) / 1000 });
}
const middle = (key) =>
  took
    .slice(1)
    .map((each) => each[key])
    .sort((a, b) => a - b)[Math.floor((steps - 1) / 2)];
const peak_mb = process.resourceUsage().maxRSS / 1024;
process.stdout.write(
  `${JSON.stringify({ step_cpu: middle('cpu'), step_wall: middle('wall'), peak_mb, losses: losses.slice(0, 10) })}\n`,
);
