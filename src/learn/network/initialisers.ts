// First values of parameters.
import type { Random } from '../../core/random.ts';
import type { Shape } from './graph.ts';
import type { Initialiser } from './parameters.ts';
import { sizeOf } from './shapes.ts';

const filled = (shape: Shape, draw: () => number): Float32Array =>
  Float32Array.from({ length: sizeOf(shape) }, draw);

/** The same number everywhere. */
export const same =
  (value: number): Initialiser =>
  (shape) =>
    new Float32Array(sizeOf(shape)).fill(value);

/** Values that go into and come out of one unit of a weight: [..., in, out]. */
const fans = (shape: Shape): { fanIn: number; fanOut: number } => ({
  fanIn: sizeOf(shape.slice(0, -1)),
  fanOut: shape.at(-1) ?? 1,
});

const uniform = (shape: Shape, { uniform: draw }: Random, bound: number): Float32Array =>
  filled(shape, () => bound * (2 * draw() - 1));

/** Uniform, with a variance that keeps signals of one size both ways (Glorot and Bengio 2010); for tanh, sigmoid, no activation. */
export const glorot: Initialiser = (shape, random) => {
  const { fanIn, fanOut } = fans(shape);
  return uniform(shape, random, Math.sqrt(6 / (fanIn + fanOut)));
};

/** Uniform, with a variance that keeps signals of one size through rectified units (He et al. 2015). */
export const he: Initialiser = (shape, random) => uniform(shape, random, Math.sqrt(6 / fans(shape).fanIn));

/** Uniform within ± a bound. */
export const within =
  (bound: number): Initialiser =>
  (shape, random) =>
    uniform(shape, random, bound);

/** Normal with the given standard deviation. */
export const normal =
  (deviation: number): Initialiser =>
  (shape, random) =>
    filled(shape, () => deviation * random.normal());
