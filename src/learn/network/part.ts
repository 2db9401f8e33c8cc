// The weights of a part of a network that is run by itself, such as one step of a loop.
import { type Examples, inputsFor } from './examples.ts';
import { type Parameter, trace } from './parameters.ts';
import type { Network } from './predict.ts';
import { misfit, sameShape, shapeText, sizeOf } from './shapes.ts';
import type { Weights } from './train.ts';

/** What a network has in its two rows of numbers, in order. */
export interface Layout {
  readonly parameters: readonly Parameter[];
  readonly tracked: readonly Parameter[];
}

/** How the numbers of a network lie. */
export function layoutOf(network: Network, fields: Examples['fields']): Layout {
  const values = inputsFor(fields, 1);
  return trace((scope) => network(values, scope));
}

/** The numbers of the wanted parameters, from the row in which all of them lie. */
function picked(row: Float32Array, all: readonly Parameter[], wanted: readonly Parameter[]): Float32Array {
  const places = new Map<string, { readonly at: number; readonly own: Parameter }>();
  let end = 0;
  for (const own of all) {
    places.set(own.name, { at: end, own });
    end += sizeOf(own.shape);
  }
  const out = new Float32Array(wanted.reduce((sum, { shape }) => sum + sizeOf(shape), 0));
  let to = 0;
  for (const { name, shape } of wanted) {
    const place = places.get(name);
    if (!place || !sameShape(place.own.shape, shape)) {
      throw misfit(
        `the part wants "${name}" ${shapeText(shape)}, and the whole has ${place ? shapeText(place.own.shape) : 'none'}.`,
      );
    }
    out.set(row.subarray(place.at, place.at + sizeOf(shape)), to);
    to += sizeOf(shape);
  }
  return out;
}

/** The weights of a part whose parameters go by the same names in the whole. Throws where it has others, or of another shape. */
export const weightsOfPart = (
  { theta, memory }: Pick<Weights, 'theta' | 'memory'>,
  whole: Layout,
  part: Layout,
): Pick<Weights, 'theta' | 'memory'> => ({
  theta: picked(theta, whole.parameters, part.parameters),
  memory: picked(memory, whole.tracked, part.tracked),
});
