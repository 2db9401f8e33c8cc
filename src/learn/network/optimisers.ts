// Optimisers, as operations on the flat row of parameters.
import { input, scalar, type Value } from './graph.ts';
import { add, divide, multiply, relu, sqrt, square, subtract } from './operators/arithmetic.ts';
import { sum } from './operators/reduction.ts';

/** How parameters move. */
export interface Optimiser {
  readonly name: 'sgd' | 'adam' | 'adamw';
  /** Rows of numbers that it remembers, each as long as the parameters. */
  readonly states: readonly string[];
  /** The parameters after a step, and what is remembered. */
  move(theta: Value, gradient: Value, states: readonly Value[]): { theta: Value; states: readonly Value[] };
  /** Numbers that are fed at a step, counted from 1, for a learning rate. */
  feeds(step: number, rate: number): Readonly<Record<string, number>>;
}

export interface AdamOptions {
  /** Decay of the mean of gradients; defaults to 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of their squares; defaults to 0.999. */
  readonly beta2?: number;
  /** Keeps the division sound; defaults to 1e-8. */
  readonly epsilon?: number;
  /** Share of itself that a parameter loses at each step, times the learning rate (Loshchilov and Hutter 2019); defaults to 0. */
  readonly decay?: number;
}

/** Adam (Kingma and Ba 2015); with a decay, AdamW. */
export function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0 }: AdamOptions = {}): Optimiser {
  return {
    name: decay > 0 ? 'adamw' : 'adam',
    states: ['m', 'v'],
    move(theta, gradient, [m, v]) {
      const nextM = add(m!, multiply(scalar(1 - beta1), subtract(gradient, m!)));
      const nextV = add(v!, multiply(scalar(1 - beta2), subtract(square(gradient), v!)));
      const change = divide(nextM, add(sqrt(nextV), input('epsilon', [])));
      const moved = subtract(theta, multiply(change, input('rate', [])));
      return {
        theta: decay > 0 ? subtract(moved, multiply(theta, input('decay', []))) : moved,
        states: [nextM, nextV],
      };
    },
    feeds(step, rate) {
      // The first means are too small by known factors; what would scale them scales the rate and epsilon instead.
      const spread = Math.sqrt(1 - beta2 ** step);
      return {
        rate: (rate * spread) / (1 - beta1 ** step),
        epsilon: epsilon * spread,
        ...(decay > 0 ? { decay: rate * decay } : {}),
      };
    },
  };
}

/** Gradient descent, with momentum where it is above 0 (the default is none). */
export function sgd({ momentum = 0 }: { readonly momentum?: number } = {}): Optimiser {
  return {
    name: 'sgd',
    states: momentum > 0 ? ['momentum'] : [],
    move(theta, gradient, [before]) {
      const pace = before ? add(multiply(scalar(momentum), before), gradient) : gradient;
      return { theta: subtract(theta, multiply(pace, input('rate', []))), states: before ? [pace] : [] };
    },
    feeds: (_step, rate) => ({ rate }),
  };
}

/** A gradient made shorter where it is longer than `most` (Pascanu et al. 2013). */
export function clipped(gradient: Value, most: number): Value {
  const length = sqrt(sum(square(gradient)));
  // most / max(length, most): 1 for short ones.
  const over = add(scalar(most), relu(subtract(length, scalar(most))));
  return multiply(gradient, divide(scalar(most), over));
}
