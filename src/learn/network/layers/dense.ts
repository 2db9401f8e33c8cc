// A layer in which every unit sees every input.
import type { Value } from '../graph.ts';
import { glorot, he, same } from '../initialisers.ts';
import { add, elu, gelu, relu, sigmoid, silu, softplus, tanh } from '../operators/arithmetic.ts';
import { product } from '../operators/matrix.ts';
import { reshape } from '../operators/shape.ts';
import type { Initialiser, Layer } from '../parameters.ts';
import { sizeOf } from '../shapes.ts';

export type Activation = 'relu' | 'tanh' | 'sigmoid' | 'silu' | 'gelu' | 'elu' | 'softplus';

export const ACTIVATIONS: Readonly<Record<Activation, (x: Value) => Value>> = {
  relu,
  tanh,
  sigmoid,
  silu,
  gelu,
  elu,
  softplus,
};

export interface DenseOptions {
  readonly activation?: Activation;
  /** Whether a number is added to each unit; defaults to true. */
  readonly bias?: boolean;
  /** Defaults to He's for rectified units, Glorot's for all others. */
  readonly start?: Initialiser;
  readonly name?: string;
}

/** Rows of any number of leading axes as one matrix, and the way back. */
export function asMatrix(x: Value): { readonly matrix: Value; back(y: Value): Value } {
  const width = x.shape.at(-1)!;
  return {
    matrix: reshape(x, [sizeOf(x.shape) / width, width]),
    back: (y) => reshape(y, [...x.shape.slice(0, -1), y.shape.at(-1)!]),
  };
}

/** [..., inputs] → [..., units]. */
export function dense(
  units: number,
  { activation, bias = true, start, name = 'dense' }: DenseOptions = {},
): Layer {
  return (x, scope) =>
    scope.within(name, (own) => {
      const first =
        start ?? (activation === 'relu' || activation === 'silu' || activation === 'gelu' ? he : glorot);
      const weights = own.parameter('weights', [x.shape.at(-1)!, units], first);
      const { matrix, back } = asMatrix(x);
      const z = product(matrix, weights);
      const out = bias ? add(z, own.parameter('bias', [units], same(0))) : z;
      return back(activation ? ACTIVATIONS[activation](out) : out);
    });
}
