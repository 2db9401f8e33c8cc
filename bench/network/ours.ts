// Trains and asks one of our networks in a process of its own and prints what it took as JSON: FOLDER NAME THREADS STEPS. With
// 0 steps it writes the gradient at the start instead.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backward } from '../../src/learn/network/gradient.ts';
import { input, scalar } from '../../src/learn/network/graph.ts';
import { averaged, squaredError } from '../../src/learn/network/losses.ts';
import { compile } from '../../src/learn/network/lowering.ts';
import { concat, reshape } from '../../src/learn/network/operators/shape.ts';
import { trace } from '../../src/learn/network/parameters.ts';
import { nativeRuntime } from '../../src/learn/network/runtime-node.ts';
import { sizeOf } from '../../src/learn/network/shapes.ts';
import { train } from '../../src/learn/network/train.ts';
import { cpuSeconds, medianOf, peakMemory } from '../harness.ts';
import { examplesOf, objectiveOf, workloadOf } from './networks.ts';

const [folder, name, ...numbers] = process.argv.slice(2) as [string, string];
const [threads, steps] = numbers.map(Number) as [number, number];
const workload = workloadOf(name);
const { layers, batch } = workload;

function floats(file: string): Float32Array {
  const bytes = readFileSync(join(folder, file));
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

const tables = { x: floats('x.bin'), y: floats('y.bin') };
const start = { theta: floats('theta.bin'), memory: new Float32Array(0) };

async function writeGradient(): Promise<void> {
  const runtime = await nativeRuntime();
  const [x, y] = [input('x', [batch, ...workload.x]), input('y', [batch, ...workload.y])];
  const { result, values } = trace((scope) => averaged(squaredError(layers(x, scope), y)), {
    training: true,
  });
  const gradients = backward([[result, scalar(1)]], values).map((d) => reshape(d!, [sizeOf(d!.shape)]));
  const session = await runtime.open(compile('gradient', { gradient: concat(gradients, 0) }, runtime.target));
  const { gradient } = await session.run({ ...tables, theta: start.theta });
  writeFileSync(join(folder, 'gradient.bin'), gradient!);
}

interface Clock {
  readonly wall: number;
  readonly cpu: NodeJS.CpuUsage;
}

const clock = (): Clock => ({ wall: performance.now(), cpu: process.cpuUsage() });
const since = ({ wall, cpu }: Clock): { wall: number; cpu: number } => ({
  wall: performance.now() - wall,
  cpu: 1000 * cpuSeconds(cpu),
});

async function measure(): Promise<void> {
  const runtime = await nativeRuntime();
  const losses: number[] = [];
  const took: { wall: number; cpu: number }[] = [];
  let last: Clock | undefined;
  await train(objectiveOf(workload), examplesOf(workload, tables), runtime, {
    steps,
    batch,
    threads,
    start,
    every: 1,
    onProgress: ({ loss }) => {
      losses.push(loss);
      if (last) took.push(since(last));
      last = clock();
    },
  });
  const peak_mb = peakMemory();

  const loading = clock();
  const { result } = trace((scope) => layers(input('x', [batch, ...workload.x]), scope));
  const fixed = { theta: start.theta };
  const session = await runtime.open(compile('network', { out: result }, runtime.target, { fixed }), {
    threads,
  });
  const load_ms = since(loading).wall;
  const asked: { wall: number; cpu: number }[] = [];
  for (let k = 0; k < steps; k++) {
    const began = clock();
    await session.run({ x: tables.x });
    asked.push(since(began));
  }
  const of = (list: typeof took, key: 'wall' | 'cpu'): number =>
    medianOf(list.slice(2).map((each) => each[key]));
  const figures = {
    step_cpu: of(took, 'cpu'),
    step_wall: of(took, 'wall'),
    predict_cpu: of(asked, 'cpu'),
    predict_wall: of(asked, 'wall'),
    load_ms,
    peak_mb,
    losses: losses.slice(0, 10),
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

if (steps === 0) await writeGradient();
else await measure();
