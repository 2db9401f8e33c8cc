// The networks that are timed, and what they are fed; the peers build the same by name.
import { random } from '../../src/core/random.ts';
import { type Examples, tableExamples } from '../../src/learn/network/examples.ts';
import { input, type Shape } from '../../src/learn/network/graph.ts';
import { normal } from '../../src/learn/network/initialisers.ts';
import { transformerBlock } from '../../src/learn/network/layers/attention.ts';
import { chain } from '../../src/learn/network/layers/chain.ts';
import { convolution } from '../../src/learn/network/layers/convolution.ts';
import { dense } from '../../src/learn/network/layers/dense.ts';
import { layerNorm } from '../../src/learn/network/layers/normalisation.ts';
import { lstm } from '../../src/learn/network/layers/recurrent.ts';
import { squaredError } from '../../src/learn/network/losses.ts';
import { add } from '../../src/learn/network/operators/arithmetic.ts';
import { mean } from '../../src/learn/network/operators/reduction.ts';
import { reshape } from '../../src/learn/network/operators/shape.ts';
import { type Layer, type Parameter, trace } from '../../src/learn/network/parameters.ts';
import { sizeOf } from '../../src/learn/network/shapes.ts';
import type { Objective } from '../../src/learn/network/train.ts';

export interface Workload {
  readonly name: string;
  readonly batch: number;
  /** Of one example. */
  readonly x: Shape;
  readonly y: Shape;
  readonly layers: Layer;
  /** Steps that are timed in one run. */
  readonly steps: number;
  /** Most that a step may take of PyTorch's CPU time. */
  readonly most: number;
}

/** A learned place for each step. */
const places: Layer = (x, scope) => add(x, scope.parameter('places', x.shape.slice(1), normal(0.02)));

const meanOverSteps: Layer = (x) => reshape(mean(x, [1]), [x.shape[0]!, x.shape[2]!]);

const relu = { activation: 'relu' } as const;

export const WORKLOADS: readonly Workload[] = [
  {
    name: 'lstm-50-twice',
    batch: 32,
    x: [28, 1],
    y: [1],
    layers: chain(lstm(50, { sequences: true }), lstm(50), dense(1)),
    steps: 200,
    most: 0.5,
  },
  {
    name: 'lstm-64-global',
    batch: 256,
    x: [56, 16],
    y: [28],
    layers: chain(lstm(64), dense(28)),
    steps: 40,
    most: 0.8,
  },
  {
    name: 'mlp',
    batch: 1024,
    x: [64],
    y: [28],
    layers: chain(dense(512, relu), dense(512, relu), dense(512, relu), dense(512, relu), dense(28)),
    steps: 40,
    most: 1.1,
  },
  {
    name: 'transformer',
    batch: 256,
    x: [32, 16],
    y: [28],
    layers: chain(
      dense(128),
      places,
      ...Array.from({ length: 4 }, () => transformerBlock({ heads: 4, inner: 512 })),
      layerNorm(),
      meanOverSteps,
      dense(28),
    ),
    steps: 6,
    most: 1.1,
  },
  {
    name: 'convolutions',
    batch: 256,
    x: [56, 16],
    y: [56, 1],
    layers: chain(
      convolution(64, relu),
      convolution(64, { ...relu, dilation: 2 }),
      convolution(64, { ...relu, dilation: 4 }),
      dense(1),
    ),
    steps: 40,
    most: 1.1,
  },
];

export function workloadOf(name: string): Workload {
  const found = WORKLOADS.find((own) => own.name === name);
  if (!found) throw new Error(`there is no workload "${name}".`);
  return found;
}

export const objectiveOf =
  ({ layers }: Workload): Objective =>
  ({ x, y }, scope) => ({ losses: squaredError(layers(x!, scope), y!) });

export const parametersOf = ({ layers, x, batch }: Workload): readonly Parameter[] =>
  trace((scope) => layers(input('x', [batch, ...x]), scope)).parameters;

/** One batch: normal inputs, and targets that some of them decide. */
export function tablesOf({ batch, x, y }: Workload, seed: number): { x: Float32Array; y: Float32Array } {
  const draw = random(seed, 'batch');
  const [width, wanted] = [sizeOf(x), sizeOf(y)];
  const inputs = Float32Array.from({ length: batch * width }, () => draw.normal());
  const targets = Float32Array.from({ length: batch * wanted }, (_, k) => {
    const [row, column] = [Math.floor(k / wanted), k % wanted];
    const [one, two] = [inputs[row * width + (column % width)]!, inputs[(row + 1) * width - 1]!];
    return Math.sin(one) + 0.5 * one * two + 0.1 * draw.normal();
  });
  return { x: inputs, y: targets };
}

export const examplesOf = ({ batch, x, y }: Workload, tables: ReturnType<typeof tablesOf>): Examples =>
  tableExamples(batch, { x: { shape: x, values: tables.x }, y: { shape: y, values: tables.y } });
