// Operators that work number by number. Where two shapes differ, sizes of 1 are stretched.
import { applied, type Operator, scalar, type Value } from '../graph.ts';
import { together } from '../shapes.ts';
import { shrunk } from './shape.ts';

type Pair = (a: Value, b: Value, out: Value, d: Value) => readonly [Value, Value];

/** An operator of two values; its gradients are summed back to their shapes. */
function pairwise(name: string, gradient: Pair): Operator {
  return {
    name,
    gradient({ inputs: [a, b], outputs: [out] }, [d]) {
      if (!d) return [undefined, undefined];
      const [da, db] = gradient(a!, b!, out!, d);
      return [shrunk(da, a!.shape), shrunk(db, b!.shape)];
    },
  };
}

type Together = (a: Value, b: Value) => Value;

const two =
  (operator: Operator, what: string) =>
  (a: Value, b: Value): Value =>
    applied(operator, [a, b], { shape: together(a.shape, b.shape, what) });

export const add: Together = two(
  pairwise('Add', (_a, _b, _out, d) => [d, d]),
  'a sum',
);
export const subtract: Together = two(
  pairwise('Sub', (_a, _b, _out, d) => [d, negate(d)]),
  'a difference',
);
export const multiply: Together = two(
  pairwise('Mul', (a, b, _out, d) => [multiply(d, b), multiply(d, a)]),
  'a product',
);
export const divide: Together = two(
  pairwise('Div', (_a, b, out, d) => {
    const da = divide(d, b);
    return [da, negate(multiply(da, out))];
  }),
  'a quotient',
);

/** An operator of one value; without a gradient, it passes none on. */
function single(
  name: string,
  gradient?: (x: Value, out: Value, d: Value) => Value,
  attributes?: Readonly<Record<string, number>>,
): (x: Value) => Value {
  const operator: Operator = gradient
    ? { name, gradient: ({ inputs: [x], outputs: [out] }, [d]) => [d && gradient(x!, out!, d)] }
    : { name };
  const own = Object.fromEntries(Object.entries(attributes ?? {}).map(([key, float]) => [key, { float }]));
  return (x) => applied(operator, [x], { shape: x.shape }, own);
}

export const negate: (x: Value) => Value = single('Neg', (_x, _out, d) => negate(d));
export const exp: (x: Value) => Value = single('Exp', (_x, out, d) => multiply(d, out));
export const log: (x: Value) => Value = single('Log', (x, _out, d) => divide(d, x));
export const sqrt: (x: Value) => Value = single('Sqrt', (_x, out, d) =>
  divide(multiply(d, scalar(0.5)), out),
);
export const absolute: (x: Value) => Value = single('Abs', (x, _out, d) => multiply(d, sign(x)));
export const erf: (x: Value) => Value = single('Erf', (x, _out, d) =>
  multiply(multiply(d, scalar(2 / Math.sqrt(Math.PI))), exp(negate(square(x)))),
);

/** −1, 0 or 1; a step, so that no gradient passes. */
export const sign: (x: Value) => Value = single('Sign');

/** 1 where x is above 0, else 0. A hard sigmoid as steep as can be is twice as fast as a comparison. */
export const positive: (x: Value) => Value = single('HardSigmoid', undefined, { alpha: 1e30, beta: 0 });

export const square = (x: Value): Value => multiply(x, x);

/** The greater of the two, by number. */
export const greater = (a: Value, b: Value): Value => add(b, relu(subtract(a, b)));

/** max(x, 0). */
export const relu: (x: Value) => Value = single('Relu', (_x, out, d) => multiply(d, positive(out)));

export const sigmoid: (x: Value) => Value = single('Sigmoid', (_x, out, d) =>
  multiply(multiply(d, out), subtract(scalar(1), out)),
);

export const tanh: (x: Value) => Value = single('Tanh', (_x, out, d) =>
  multiply(d, subtract(scalar(1), square(out))),
);

/** log(1 + eˣ): a smooth positive part. */
export const softplus: (x: Value) => Value = single('Softplus', (x, _out, d) => multiply(d, sigmoid(x)));

/** x above 0, eˣ − 1 below: bounded below, and smooth at 0 (Clevert et al. 2016). */
export const elu: (x: Value) => Value = single('Elu', (_x, out, d) =>
  multiply(d, subtract(scalar(1), relu(negate(out)))),
);

/** x · sigmoid(x) (Hendrycks and Gimpel 2016; Ramachandran et al. 2017). */
export const silu = (x: Value): Value => multiply(x, sigmoid(x));

/** x times the share of a standard normal below it (Hendrycks and Gimpel 2016), exact. */
export const gelu = (x: Value): Value =>
  multiply(x, add(multiply(erf(multiply(x, scalar(Math.SQRT1_2))), scalar(0.5)), scalar(0.5)));

/** The value as it is, with no gradient passing through it. */
export const still: (x: Value) => Value = single('Identity');
