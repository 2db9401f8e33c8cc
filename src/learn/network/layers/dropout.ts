// Dropout (Srivastava et al. 2014): a share of the units is left out of each step of training, anew each time.
import { multiply } from '../operators/arithmetic.ts';
import type { Layer } from '../parameters.ts';
import { misfit } from '../shapes.ts';

/** Leaves out a share of the numbers while training; those that stay grow by as much. */
export function dropout(share: number): Layer {
  return (x, scope) => {
    if (!(share >= 0 && share < 1)) throw misfit(`dropout of ${share} is no share; give 0 or more, below 1.`);
    return scope.training && share > 0 ? multiply(x, scope.mask(x.shape, share)) : x;
  };
}
