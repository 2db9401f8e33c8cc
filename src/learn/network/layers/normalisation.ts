// Layers that keep signals at one size: over the features of a row, or over the rows of a batch.
import { scalar, type Value } from '../graph.ts';
import { same } from '../initialisers.ts';
import { add, divide, multiply, sqrt, square, subtract } from '../operators/arithmetic.ts';
import { normalised } from '../operators/normal.ts';
import { mean } from '../operators/reduction.ts';
import { reshape } from '../operators/shape.ts';
import type { Layer } from '../parameters.ts';

/** Each row to mean 0 and deviation 1 over its features, then scaled and shifted (Ba et al. 2016). */
export function layerNorm({ name = 'norm' }: { readonly name?: string } = {}): Layer {
  return (x, scope) =>
    scope.within(name, (own) => {
      const width = [x.shape.at(-1)!];
      return normalised(x, own.parameter('scale', width, same(1)), own.parameter('shift', width, same(0)));
    });
}

export interface BatchNormOptions {
  /** Share of the running mean and variance that a step keeps; defaults to 0.9. */
  readonly keep?: number;
  readonly name?: string;
}

const EPSILON = 1e-5;

/**
 * Each feature to mean 0 and deviation 1 over the rows of a batch, then scaled and shifted (Ioffe and Szegedy 2015). Forecasts
 * use the running mean and variance of training.
 */
export function batchNorm({ keep = 0.9, name = 'batch_norm' }: BatchNormOptions = {}): Layer {
  return (x, scope) =>
    scope.within(name, (own) => {
      const width = x.shape.at(-1)!;
      const axes = x.shape.slice(0, -1).map((_, axis) => axis);
      const centre = mean(x, axes);
      const spread = mean(square(subtract(x, centre)), axes);
      const running = (now: Value) => (before: Value) =>
        add(multiply(before, scalar(keep)), multiply(reshape(now, [width]), scalar(1 - keep)));
      const [usual, usualSpread] = [
        own.tracked('mean', [width], same(0), running(centre)),
        own.tracked('variance', [width], same(1), running(spread)),
      ];
      const [middle, variance] = own.training ? [centre, spread] : [usual, usualSpread];
      const unit = divide(subtract(x, middle), sqrt(add(variance, scalar(EPSILON))));
      const scale = own.parameter('scale', [width], same(1));
      return add(multiply(unit, scale), own.parameter('shift', [width], same(0)));
    });
}
