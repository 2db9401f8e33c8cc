// Quantiles that do not cross: the middle one as it is, the others ever further from it.
import { constant, type Value } from '../../learn/network/graph.ts';
import { add, softplus, subtract } from '../../learn/network/operators/arithmetic.ts';
import { concat, split } from '../../learn/network/operators/shape.ts';
import { inverseSoftplus, normalQuantile } from '../../math/special.ts';

/** The probability next to a half. */
export const middleOf = (probabilities: readonly number[]): number =>
  probabilities.reduce(
    (best, p, k) => (Math.abs(p - 0.5) < Math.abs(probabilities[best]! - 0.5) ? k : best),
    0,
  );

/**
 * [..., probabilities] → quantiles. Where all of it is 0 the middle is 0 and the others are those of a normal distribution with a
 * deviation of 1, so that an untrained network says what its base says, with plain intervals.
 */
export function fan(raw: Value, probabilities: readonly number[]): Value {
  const columns = split(raw, -1, new Array<number>(probabilities.length).fill(1));
  const middle = middleOf(probabilities);
  const out = [...columns];
  const gapOf = (k: number, nearer: number): Value => {
    const gap = Math.abs(normalQuantile(probabilities[k]!) - normalQuantile(probabilities[nearer]!));
    return softplus(add(columns[k]!, constant([inverseSoftplus(Math.max(gap, 1e-3))], [1])));
  };
  for (let k = middle + 1; k < columns.length; k++) out[k] = add(out[k - 1]!, gapOf(k, k - 1));
  for (let k = middle - 1; k >= 0; k--) out[k] = subtract(out[k + 1]!, gapOf(k, k + 1));
  return out.length > 1 ? concat(out, -1) : out[0]!;
}
