// The logarithm of the gamma function, of operations that ONNX has.
import { scalar, type Value } from '../graph.ts';
import { add, divide, log, multiply, subtract } from './arithmetic.ts';

const SHIFT = 6;
/** Coefficients of 1/z, 1/z³, 1/z⁵ in Stirling's series. */
const SERIES = [1 / 12, -1 / 360, 1 / 1260];

/**
 * log Γ(x) for x > 0: Stirling's series at x + 6, brought back by Γ(x + 6) = x (x + 1) … (x + 5) Γ(x). Exact to single
 * precision.
 */
export function logGamma(x: Value): Value {
  let steps = x;
  for (let k = 1; k < SHIFT; k++) steps = multiply(steps, add(x, scalar(k)));
  const z = add(x, scalar(SHIFT));
  const inverse = divide(scalar(1), z);
  const square = multiply(inverse, inverse);
  let series = scalar(SERIES.at(-1)!);
  for (const coefficient of SERIES.slice(0, -1).reverse()) {
    series = add(scalar(coefficient), multiply(square, series));
  }
  const main = subtract(multiply(subtract(z, scalar(0.5)), log(z)), z);
  const stirling = add(add(main, scalar(Math.log(2 * Math.PI) / 2)), multiply(series, inverse));
  return subtract(stirling, log(steps));
}
