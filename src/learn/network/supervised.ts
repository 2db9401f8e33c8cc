// From tables to a trained network and back: regressors and classifiers in one call.
import { UsageError } from '../../core/errors.ts';
import { type Examples, tableExamples } from './examples.ts';
import type { Shape, Value } from './graph.ts';
import { absoluteError, crossEntropy, huber, logistic, squaredError } from './losses.ts';
import { sigmoid } from './operators/arithmetic.ts';
import { softmax } from './operators/normal.ts';
import type { Layer } from './parameters.ts';
import { exportNetwork, type Network, predict } from './predict.ts';
import { type Runtime, usualRuntime } from './runtime.ts';
import { shapeText, sizeOf } from './shapes.ts';
import { type Moment, type TrainOptions, train, type Weights } from './train.ts';

/** Numbers of many examples, one after another. */
export interface Table {
  /** Of one example: [features], or [steps, features] for sequences. */
  readonly shape: Shape;
  readonly values: ArrayLike<number>;
}

/** How far off a network is: numbers for regression; yes or no, or rows that are 1 at the true class, for classification. */
export type LossName = 'squared-error' | 'absolute-error' | 'huber' | 'yes-or-no' | 'classes';

const LOSSES: Readonly<Record<LossName, (out: Value, y: Value) => Value>> = {
  'squared-error': squaredError,
  'absolute-error': absoluteError,
  huber,
  'yes-or-no': logistic,
  classes: crossEntropy,
};

/** What comes out of the last layer as it is wanted: probabilities for classifiers. */
const FINISH: Partial<Readonly<Record<LossName, (out: Value) => Value>>> = {
  'yes-or-no': sigmoid,
  classes: softmax,
};

export interface Question {
  readonly layers: Layer;
  readonly x: Table;
  readonly y: Table;
  /** Defaults to the squared error. */
  readonly loss?: LossName;
  /** Examples that decide when to stop, and which parameters are kept. */
  readonly held?: { readonly x: Table; readonly y: Table };
}

export interface FitOptions extends Omit<TrainOptions, 'held'> {
  /** Defaults to the native runtime where it is installed, else the portable one. */
  readonly runtime?: Runtime;
}

export interface FittedNetwork {
  readonly weights: Weights;
  readonly history: readonly Moment[];
  /** What is to be said of how it was trained; mostly nothing. */
  readonly note: string | undefined;
  /** What the network says of further examples, one after another. */
  predict(x: Table): Promise<Float32Array>;
  /** The network with its parameters as an ONNX model: "x" [batch, ...] in, "out" out. */
  toOnnx(batch?: number): Uint8Array;
}

const countOf = ({ shape, values }: Table, name: string): number => {
  const count = values.length / sizeOf(shape);
  if (!Number.isInteger(count)) {
    throw new UsageError(
      `${name} has ${values.length} numbers, which is no multiple of its shape ${shapeText(shape)}.`,
    );
  }
  return count;
};

function examplesOf(x: Table, y: Table): Examples {
  const [count, other] = [countOf(x, 'x'), countOf(y, 'y')];
  if (count !== other) {
    throw new UsageError(`x has ${count} examples and y ${other}; give one row of y for each of x.`);
  }
  return tableExamples(count, { x, y });
}

/**
 * Trains layers on a table. The same seed gives the same network on the same machine. Throws a UsageError where tables do not
 * fit each other or the layers.
 */
export async function fitNetwork(
  { layers, x, y, loss = 'squared-error', held }: Question,
  { runtime, ...options }: FitOptions = {},
): Promise<FittedNetwork> {
  if (!LOSSES[loss]) {
    throw new UsageError(`loss "${loss}" is not known; give one of ${Object.keys(LOSSES).join(', ')}.`);
  }
  const chosen = runtime ? { runtime, note: undefined } : await usualRuntime();
  const weights = await train(
    (fields, scope) => ({ losses: LOSSES[loss](layers(fields.x!, scope), fields.y!) }),
    examplesOf(x, y),
    chosen.runtime,
    { ...options, ...(held ? { held: examplesOf(held.x, held.y) } : {}) },
  );
  const finish = FINISH[loss] ?? ((out: Value) => out);
  const network: Network = (fields, scope) => ({ out: finish(layers(fields.x!, scope)) });
  return {
    weights,
    history: weights.history,
    note: chosen.note,
    async predict(further) {
      if (shapeText(further.shape) !== shapeText(x.shape)) {
        throw new UsageError(
          `the network was trained on examples of ${shapeText(x.shape)}, and these are of ${shapeText(further.shape)}.`,
        );
      }
      const examples = tableExamples(countOf(further, 'x'), { x: further });
      return (await predict(network, weights, examples, chosen.runtime)).out!;
    },
    toOnnx: (batch = 1) => exportNetwork(network, weights, { x: { shape: x.shape } }, batch),
  };
}
