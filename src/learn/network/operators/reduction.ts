// Operators that sum up along axes.
import { applied, type Operator, scalar, type Value, wholes } from '../graph.ts';
import { axisOf, sizeOf } from '../shapes.ts';
import { multiply } from './arithmetic.ts';
import { expand, reshape } from './shape.ts';

const SUM: Operator = {
  name: 'ReduceSum',
  gradient: ({ inputs: [x] }, [d]) => [d && expand(d, x!.shape)],
};

const all = (x: Value): number[] => x.shape.map((_, axis) => axis);

/** Sums along axes, which stay with size 1; along all of them by default. */
export function sum(x: Value, axes: readonly number[] = all(x)): Value {
  const own = axes.map((axis) => axisOf(axis, x.shape));
  const shape = x.shape.map((n, axis) => (own.includes(axis) ? 1 : n));
  return applied(SUM, [x, wholes(own)], { shape }, { keepdims: { int: 1 } });
}

/** So few rows are added at once. */
const FEW = 256;

/**
 * Sums over the first axes, in two stages: thousands of rows that are added one after another in single precision lose two
 * digits.
 */
export function sumOfRows(x: Value, axes: number): Value {
  const [rows, rest] = [sizeOf(x.shape.slice(0, axes)), x.shape.slice(axes)];
  if (rows < FEW) return sum(x, all(x).slice(0, axes));
  let stage = Math.floor(Math.sqrt(rows));
  while (rows % stage !== 0) stage--;
  return sum(sum(reshape(x, [rows / stage, stage, ...rest]), [1]), [0]);
}

/** Means along axes, which stay with size 1; along all of them by default. */
export function mean(x: Value, axes: readonly number[] = all(x)): Value {
  const total = sum(x, axes);
  return multiply(total, scalar(sizeOf(total.shape) / sizeOf(x.shape)));
}

/** The sum of everything as a single number. */
export const total = (x: Value): Value => reshape(sum(x), []);
