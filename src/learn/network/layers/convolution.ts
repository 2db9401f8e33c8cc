// Convolution over time that sees the past alone, with gaps between the steps it sees (van den Oord et al. 2016).
import { he, same } from '../initialisers.ts';
import { add } from '../operators/arithmetic.ts';
import { product } from '../operators/matrix.ts';
import { concat, slice, zeros } from '../operators/shape.ts';
import type { Layer } from '../parameters.ts';
import { misfit, shapeText } from '../shapes.ts';
import { ACTIVATIONS, type Activation, asMatrix } from './dense.ts';

export interface ConvolutionOptions {
  /** Steps that are seen; defaults to 3. */
  readonly kernel?: number;
  /** Steps from one that is seen to the next; defaults to 1. */
  readonly dilation?: number;
  readonly activation?: Activation;
  readonly name?: string;
}

/**
 * [batch, steps, features] → [batch, steps, units]; step t sees t, t − dilation, …; before the first step all is 0. The steps
 * that are seen are laid side by side, so that all of it is one matrix product.
 */
export function convolution(
  units: number,
  { kernel = 3, dilation = 1, activation, name = 'convolution' }: ConvolutionOptions = {},
): Layer {
  return (x, scope) =>
    scope.within(name, (own) => {
      if (x.shape.length !== 3) {
        throw misfit(`a convolution wants [batch, steps, features], not ${shapeText(x.shape)}.`);
      }
      const [batch, steps, features] = x.shape as [number, number, number];
      const seen = Array.from({ length: kernel }, (_, k) => {
        const back = Math.min((kernel - 1 - k) * dilation, steps);
        if (back === 0) return x;
        const gap = zeros([batch, back, features]);
        return back === steps ? gap : concat([gap, slice(x, 1, 0, steps - back)], 1);
      });
      const weights = own.parameter('weights', [kernel * features, units], he);
      const { matrix, back } = asMatrix(concat(seen, -1));
      const z = add(product(matrix, weights), own.parameter('bias', [units], same(0)));
      return back(activation ? ACTIVATIONS[activation](z) : z);
    });
}
