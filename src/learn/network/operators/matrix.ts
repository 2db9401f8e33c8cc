// Matrix products, the work of most networks.
import { applied, type Node, type Operator, type Value } from '../graph.ts';
import { misfit, shapeText, sizeOf, together } from '../shapes.ts';
import { multiply } from './arithmetic.ts';
import { sumOfRows } from './reduction.ts';
import { reshape, shrunk } from './shape.ts';

interface Turned {
  /** Whether the last two axes of the first, of the second, are exchanged. */
  readonly first?: boolean;
  readonly second?: boolean;
}

const turnedOf = ({ attributes: { transA, transB } }: Node): Required<Turned> => ({
  first: (transA as { int: number }).int === 1,
  second: (transB as { int: number }).int === 1,
});

export const PRODUCT: Operator = {
  name: 'MatMul',
  gradient(node, [d]) {
    const [a, b] = node.inputs as [Value, Value];
    if (!d) return [undefined, undefined];
    const { first, second } = turnedOf(node);
    const da = first ? product(b, d, { first: second, second: true }) : product(d, b, { second: !second });
    return [shrunk(da, a.shape), gradientOfSecond(a, b, d, first, second)];
  },
  lower(node, { matrixProduct }) {
    const { first, second } = turnedOf(node);
    matrixProduct(node.inputs[0]!, node.inputs[1]!, first, second, node.outputs[0]!);
  },
};

/** A matrix that serves all rows of a batch gets its gradient from one large product, not from a sum of small ones. */
function gradientOfSecond(a: Value, b: Value, d: Value, first: boolean, second: boolean): Value {
  if (b.shape.length === 2 && a.shape.length > 2 && !first) {
    const flat = (x: Value): Value => {
      const width = x.shape.at(-1)!;
      return reshape(x, [sizeOf(x.shape) / width, width]);
    };
    return second ? product(flat(d), flat(a), { first: true }) : product(flat(a), flat(d), { first: true });
  }
  // A single unit's products would be added one after another.
  if (a.shape.length === 2 && b.shape.length === 2 && d.shape[1] === 1 && !first) {
    return reshape(sumOfRows(multiply(a, d), 1), b.shape);
  }
  const db = second ? product(d, a, { first: true, second: first }) : product(a, d, { first: !first });
  return shrunk(db, b.shape);
}

/** The matrix product over the last two axes; the axes before them are a batch, stretched where one has size 1. */
export function product(a: Value, b: Value, { first = false, second = false }: Turned = {}): Value {
  const what = `the matrix product of ${shapeText(a.shape)}${first ? ' turned' : ''} and ${shapeText(b.shape)}${second ? ' turned' : ''}`;
  if (a.shape.length < 2 || b.shape.length < 2) throw misfit(`${what} wants two axes or more of each.`);
  const [rows, inner] = first ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!];
  const [other, columns] = second ? [b.shape.at(-1)!, b.shape.at(-2)!] : [b.shape.at(-2)!, b.shape.at(-1)!];
  if (inner !== other) throw misfit(`${what} does not fit: ${inner} meets ${other}.`);
  const batch = together(a.shape.slice(0, -2), b.shape.slice(0, -2), what);
  return applied(
    PRODUCT,
    [a, b],
    { shape: [...batch, rows, columns] },
    { transA: { int: first ? 1 : 0 }, transB: { int: second ? 1 : 0 } },
  );
}
