import { describe, expect, it } from 'vitest';
import { constant, scalar } from '../../../src/learn/network/graph.ts';
import { CPU, GPU } from '../../../src/learn/network/lowering.ts';
import * as arithmetic from '../../../src/learn/network/operators/arithmetic.ts';
import { logGamma } from '../../../src/learn/network/operators/gamma.ts';
import { product } from '../../../src/learn/network/operators/matrix.ts';
import { logSoftmax, normalised, softmax } from '../../../src/learn/network/operators/normal.ts';
import { mean, sum, total } from '../../../src/learn/network/operators/reduction.ts';
import { scan } from '../../../src/learn/network/operators/scan.ts';
import * as shape from '../../../src/learn/network/operators/shape.ts';
import { type Case, worstGradient } from './differences.ts';

const { add, subtract, multiply, divide, tanh, sigmoid } = arithmetic;
const positive = { from: 0.3, to: 3 };

const CASES: Record<string, Case> = {
  'add, stretched': { shapes: [[3, 4], [4]], make: ([a, b]) => add(a!, b!) },
  'subtract, stretched': {
    shapes: [
      [3, 1],
      [2, 1, 4],
    ],
    make: ([a, b]) => subtract(a!, b!),
  },
  multiply: {
    shapes: [
      [3, 4],
      [3, 1],
    ],
    make: ([a, b]) => multiply(a!, b!),
  },
  divide: { shapes: [[3, 4], [4]], make: ([a, b]) => divide(a!, b!), ...positive },
  'a value used twice': { shapes: [[3]], make: ([a]) => multiply(a!, tanh(a!)) },
  negate: { shapes: [[3]], make: ([a]) => arithmetic.negate(a!) },
  exp: { shapes: [[4]], make: ([a]) => arithmetic.exp(a!) },
  log: { shapes: [[4]], make: ([a]) => arithmetic.log(a!), ...positive },
  sqrt: { shapes: [[4]], make: ([a]) => arithmetic.sqrt(a!), ...positive },
  absolute: { shapes: [[6]], make: ([a]) => arithmetic.absolute(a!) },
  erf: { shapes: [[5]], make: ([a]) => arithmetic.erf(a!) },
  relu: { shapes: [[9]], make: ([a]) => arithmetic.relu(a!) },
  greater: { shapes: [[9], [9]], make: ([a, b]) => arithmetic.greater(a!, b!) },
  sigmoid: { shapes: [[5]], make: ([a]) => sigmoid(a!) },
  tanh: { shapes: [[5]], make: ([a]) => tanh(a!) },
  softplus: { shapes: [[5]], make: ([a]) => arithmetic.softplus(a!) },
  elu: { shapes: [[5]], make: ([a]) => arithmetic.elu(a!) },
  silu: { shapes: [[5]], make: ([a]) => arithmetic.silu(a!) },
  gelu: { shapes: [[5]], make: ([a]) => arithmetic.gelu(a!) },
  logGamma: { shapes: [[6]], make: ([a]) => logGamma(a!), from: 0.4, to: 6 },
  'sum along an axis': { shapes: [[3, 4]], make: ([a]) => sum(a!, [0]) },
  'mean of all': { shapes: [[3, 4]], make: ([a]) => mean(a!) },
  total: { shapes: [[3, 4]], make: ([a]) => total(a!) },
  reshape: { shapes: [[3, 4]], make: ([a]) => shape.reshape(a!, [2, 6]) },
  transpose: { shapes: [[2, 3, 4]], make: ([a]) => shape.transpose(a!, [2, 0, 1]) },
  concat: {
    shapes: [
      [2, 3],
      [2, 1],
    ],
    make: ([a, b]) => shape.concat([a!, b!], 1),
  },
  'split, one piece unused': { shapes: [[2, 6]], make: ([a]) => tanh(shape.split(a!, 1, [1, 2, 3])[1]!) },
  slice: { shapes: [[3, 6]], make: ([a]) => shape.slice(a!, 1, 1, -2) },
  expand: { shapes: [[3, 1]], make: ([a]) => shape.expand(a!, [2, 3, 4]) },
  gather: {
    shapes: [[4, 3]],
    make: ([a]) => shape.gather(a!, constant([2, 0, 2, 3, 2, 1], [3, 2], 'int64')),
  },
  softmax: { shapes: [[3, 4]], make: ([a]) => softmax(a!) },
  logSoftmax: { shapes: [[3, 4]], make: ([a]) => logSoftmax(a!) },
  'normalised rows': { shapes: [[2, 3, 5], [5], [5]], make: ([x, a, b]) => normalised(x!, a!, b!) },
  'matrix product': {
    shapes: [
      [3, 4],
      [4, 2],
    ],
    make: ([a, b]) => product(a!, b!),
  },
  'first turned': {
    shapes: [
      [4, 3],
      [4, 2],
    ],
    make: ([a, b]) => product(a!, b!, { first: true }),
  },
  'second turned': {
    shapes: [
      [3, 4],
      [2, 4],
    ],
    make: ([a, b]) => product(a!, b!, { second: true }),
  },
  'both turned': {
    shapes: [
      [4, 3],
      [2, 4],
    ],
    make: ([a, b]) => product(a!, b!, { first: true, second: true }),
  },
  'a batch by one matrix': {
    shapes: [
      [2, 3, 4],
      [4, 2],
    ],
    make: ([a, b]) => product(a!, b!),
  },
  'a batch by one matrix turned': {
    shapes: [
      [2, 3, 4],
      [2, 4],
    ],
    make: ([a, b]) => product(a!, b!, { second: true }),
  },
  'a batch by a batch': {
    shapes: [
      [2, 1, 3, 4],
      [3, 4, 2],
    ],
    make: ([a, b]) => product(a!, b!),
  },
  'a loop with a held matrix': {
    shapes: [
      [2, 3],
      [4, 2, 3],
      [3, 3],
    ],
    make: ([h, x, w]) => {
      const { states, outputs } = scan([h!], [x!], ([s], [now]) => {
        const next = tanh(add(now!, product(s!, w!)));
        return { states: [next], outputs: [next] };
      });
      return add(total(outputs[0]!), total(multiply(states[0]!, states[0]!)));
    },
  },
  'a loop with values of all kinds': {
    shapes: [[2, 3], [2, 3], [4, 2, 3], [3, 3], [3]],
    make: ([h, c, x, w, b]) => {
      const { states, outputs } = scan(
        [h!, c!],
        [x!],
        ([s, t], [now]) => {
          const gate = sigmoid(add(multiply(product(s!, w!), b!), now!));
          const kept = add(multiply(gate, t!), multiply(product(now!, w!, { second: true }), scalar(0.5)));
          return { states: [tanh(kept), kept], outputs: [gate, multiply(gate, b!)] };
        },
        { reverse: true },
      );
      return add(total(multiply(outputs[1]!, outputs[0]!)), total(multiply(states[0]!, states[1]!)));
    },
  },
  'a loop in a loop’s outputs': {
    shapes: [
      [2, 3],
      [4, 2, 3],
      [3, 3],
    ],
    make: ([h, x, w]) => {
      const layer = (sequence: typeof x) =>
        scan([h!], [sequence!], ([s], [now]) => {
          const next = tanh(add(now!, product(s!, w!)));
          return { states: [next], outputs: [next] };
        }).outputs[0]!;
      return layer(layer(x!));
    },
  },
};

describe.each(Object.entries(CASES))('the gradient of %s', (_, own) => {
  it('is what finite differences say, with loops and fused products', async () => {
    expect(await worstGradient(own, CPU)).toBeLessThan(3e-3);
  });
  it('is what finite differences say, of plain operations', async () => {
    expect(await worstGradient(own, GPU)).toBeLessThan(3e-3);
  });
});
