// Examples that are put together from the rows of tables, so that a network can be asked what it says when it is told otherwise.
import { arraysFor, type Examples } from '../../learn/network/examples.ts';
import type { Numbers } from '../../learn/network/runtime.ts';

/** Numbers from … to before … of a row of a field. */
export interface Stretch {
  readonly field: string;
  readonly from: number;
  readonly to: number;
}

/** Examples that lie in arrays, row after row. */
export interface Table {
  readonly fields: Examples['fields'];
  readonly count: number;
  readonly arrays: Readonly<Record<string, Numbers>>;
}

export function tableOf(examples: Examples): Table {
  const { fields, count } = examples;
  const arrays = arraysFor(fields, count);
  examples.fill(
    Uint32Array.from({ length: count }, (_, k) => k),
    arrays,
  );
  return { fields, count, arrays };
}

/** A row of a table; some stretches of it are those of a row of another. */
export interface MixedRow {
  readonly table: Table;
  readonly row: number;
  readonly stretches?: readonly Stretch[];
  readonly otherTable?: Table;
  readonly otherRow?: number;
}

/** Copies numbers of one kind. */
function copy(from: Numbers, at: number, count: number, into: Numbers, to: number): void {
  if (into instanceof Float32Array) into.set(from.subarray(at, at + count) as Float32Array, to);
  else into.set(from.subarray(at, at + count) as BigInt64Array, to);
}

/** Rows of tables with the same fields, each put together when it is asked for. */
export function mixture(fields: Examples['fields'], count: number, rowAt: (k: number) => MixedRow): Examples {
  const names = Object.keys(fields);
  return {
    count,
    fields,
    fill(which, into) {
      for (let r = 0; r < which.length; r++) {
        const { table, row, stretches = [], otherTable = table, otherRow = row } = rowAt(which[r]!);
        for (const name of names) {
          const values = table.arrays[name]!;
          const width = values.length / table.count;
          copy(values, row * width, width, into[name]!, r * width);
        }
        for (const { field, from, to } of stretches) {
          const values = otherTable.arrays[field]!;
          const width = values.length / otherTable.count;
          const [target, at, shift] = [into[field]!, r * width, otherRow * width];
          for (let j = from; j < to; j++) target[at + j] = values[shift + j]!;
        }
      }
    },
  };
}
