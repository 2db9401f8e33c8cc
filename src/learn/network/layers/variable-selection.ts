// Variable selection: which inputs count, judged anew for each example and step (Lim et al. 2021).
import { multiply } from '../operators/arithmetic.ts';
import { softmax } from '../operators/normal.ts';
import { sum } from '../operators/reduction.ts';
import { concat, reshape, split } from '../operators/shape.ts';
import type { Layer } from '../parameters.ts';
import { misfit } from '../shapes.ts';
import { dense } from './dense.ts';
import { type GatedResidualOptions, gatedResidual } from './gating.ts';

/**
 * Variables side by side, [batch, ..., sum of sizes] → [batch, ..., units]. Each becomes a row of `units` by layers of its own; what
 * goes out is their mean, weighed by shares that follow from all variables and the context. `sizes` are the numbers that each
 * variable consists of, in order.
 */
export function variableSelection(
  units: number,
  sizes: readonly number[],
  { name = 'variable_selection', ...options }: Omit<GatedResidualOptions, 'inner'> = {},
): Layer {
  return (x, scope) =>
    scope.within(name, (own) => {
      const told = x.shape.at(-1)!;
      if (sizes.length === 0 || sizes.reduce((a, b) => a + b, 0) !== told) {
        throw misfit(
          `variables of ${sizes.join(', ') || 'no'} numbers do not fit the ${told} that are told.`,
        );
      }
      const rows = split(x, -1, sizes).map((variable) => dense(units, { name: 'variable' })(variable, own));
      const shares = softmax(
        gatedResidual(sizes.length, { ...options, inner: units, name: 'shares' })(concat(rows, -1), own),
      );
      const lead = x.shape.slice(0, -1);
      const made = rows.map((row) =>
        gatedResidual(units, { drop: options.drop ?? 0, name: 'read' })(row, own),
      );
      const all = reshape(concat(made, -1), [...lead, sizes.length, units]);
      return reshape(sum(multiply(all, reshape(shares, [...lead, sizes.length, 1])), [-2]), [...lead, units]);
    });
}
