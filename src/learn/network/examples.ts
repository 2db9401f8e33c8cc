// What a network learns from: examples by number, written into the arrays of a batch, so that no table of them all is needed.
import { input, type Kind, type Shape, type Value } from './graph.ts';
import type { Numbers } from './runtime.ts';
import { sizeOf } from './shapes.ts';

/** What one example has under a name. */
export interface Field {
  /** Without the axis of the batch. */
  readonly shape: Shape;
  /** Defaults to float. */
  readonly kind?: Exclude<Kind, 'bool'>;
}

export interface Examples {
  readonly count: number;
  readonly fields: Readonly<Record<string, Field>>;
  /** Writes example which[k] into row k of each field's array. */
  fill(which: ArrayLike<number>, into: Readonly<Record<string, Numbers>>): void;
}

/** The fields of a batch of so many examples as what goes into a graph. */
export const inputsFor = (fields: Examples['fields'], batch: number): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, { shape, kind = 'float' }]) => [
      name,
      input(name, [batch, ...shape], kind),
    ]),
  );

/** Arrays for a batch of so many examples. */
export function arraysFor(fields: Examples['fields'], batch: number): Record<string, Numbers> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, { shape, kind }]) => {
      const size = batch * sizeOf(shape);
      return [name, kind === 'int64' ? new BigInt64Array(size) : new Float32Array(size)];
    }),
  );
}

/** Examples that lie in tables already, row after row. */
export function tableExamples(
  count: number,
  tables: Readonly<Record<string, { readonly shape: Shape; readonly values: ArrayLike<number> }>>,
): Examples {
  const widths = Object.entries(tables).map(([name, { shape, values }]) => ({
    name,
    values,
    width: sizeOf(shape),
  }));
  return {
    count,
    fields: Object.fromEntries(Object.entries(tables).map(([name, { shape }]) => [name, { shape }])),
    fill(which, into) {
      for (const { name, values, width } of widths) {
        const target = into[name] as Float32Array;
        for (let k = 0; k < which.length; k++) {
          const [from, to] = [which[k]! * width, k * width];
          for (let j = 0; j < width; j++) target[to + j] = values[from + j]!;
        }
      }
    },
  };
}
