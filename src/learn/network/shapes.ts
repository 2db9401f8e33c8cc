// Shapes: what they come to, and what is said where they do not fit.
import { UsageError } from '../../core/errors.ts';
import type { Shape } from './graph.ts';

export const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/** As in an error: "[32, 50]". */
export const shapeText = (shape: Shape): string => `[${shape.join(', ')}]`;

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);

/** The layers that are being built, outermost first, so that an error can name the place. */
const places: string[] = [];

/** Builds a part of a network under a name that its errors begin with. */
export function inPlace<Result>(name: string, build: () => Result): Result {
  places.push(name);
  try {
    return build();
  } finally {
    places.pop();
  }
}

/** A refusal that names the layer that was being built. */
export function misfit(what: string): UsageError {
  return new UsageError(places.length > 0 ? `layer "${places.join('/')}": ${what}` : what);
}

/** The shape of two together, sizes of 1 being stretched (NumPy's rules). */
export function together(a: Shape, b: Shape, what: string): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [one, two] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    if (one !== two && one !== 1 && two !== 1) {
      throw misfit(`${what} of ${shapeText(a)} and ${shapeText(b)} does not fit: ${one} meets ${two}.`);
    }
    return Math.max(one, two);
  });
}

/** An axis counted from the front; negative ones count from the end. */
export function axisOf(axis: number, shape: Shape): number {
  const own = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(own) || own < 0 || own >= shape.length) {
    throw misfit(`there is no axis ${axis} in ${shapeText(shape)}.`);
  }
  return own;
}
