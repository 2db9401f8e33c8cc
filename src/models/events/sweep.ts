// Sums of a regression without what its first columns tell: a Schur complement, by the root of the part that is swept out.
import { cholesky, type Gram, solveForward } from '../../learn/linear/shrunken.ts';

export interface Swept {
  /** Sums of the other columns among each other, k × k. */
  readonly rest: Float64Array;
  /** Of the other columns with an answer, given as the sums of all columns with it; and the square of the answer that the first tell. */
  readonly of: (zy: Float64Array) => { readonly rest: Float64Array; readonly explained: number };
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}

/** Sweeps the first `from` columns out, held back by their penalties. */
export function sweep({ zz, p }: Gram, from: number, penalties: Float64Array): Swept {
  const first = new Float64Array(from * from);
  for (let i = 0; i < from; i++) {
    for (let j = i; j < from; j++) first[i * from + j] = zz[i * p + j]!;
    first[i * from + i]! += penalties[i]!;
  }
  const factor = cholesky(first, from);
  const forward = (b: Float64Array): Float64Array => {
    const x = new Float64Array(from);
    solveForward(factor, from, b, x);
    return x;
  };
  const k = p - from;
  const told = Array.from({ length: k }, (_, j) =>
    forward(Float64Array.from({ length: from }, (_, i) => zz[i * p + from + j]!)),
  );
  const rest = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    for (let j = i; j < k; j++) {
      rest[i * k + j] = zz[(from + i) * p + from + j]! - dot(told[i]!, told[j]!);
      rest[j * k + i] = rest[i * k + j]!;
    }
  }
  return {
    rest,
    of: (zy) => {
      const own = forward(zy.slice(0, from));
      return {
        rest: Float64Array.from(told, (column, j) => zy[from + j]! - dot(column, own)),
        explained: dot(own, own),
      };
    },
  };
}
