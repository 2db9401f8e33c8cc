// Variable selection: which inputs count, judged anew for each example and step (Lim et al. 2021).
import { multiply } from '../operators/arithmetic.ts';
import { softmax } from '../operators/normal.ts';
import { sum } from '../operators/reduction.ts';
import { concat, reshape, split } from '../operators/shape.ts';
import type { Layer } from '../parameters.ts';
import { misfit } from '../shapes.ts';
import { type GatedResidualOptions, gatedResidual } from './gating.ts';

/**
 * Variables side by side, [batch, ..., sum of sizes] → [batch, ..., units]. Each becomes a row of `units` by a gated residual network
 * of its own; what goes out is their mean, weighed by shares that follow from all variables and the context. `sizes` are the
 * numbers that each variable consists of, in order. The paper embeds each variable in `units` numbers first; the first layers of
 * these networks, which are linear in them, do that here. What is dropped is dropped where the shares are made.
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
      const shares = softmax(
        gatedResidual(sizes.length, { ...options, inner: units, name: 'shares' })(x, own),
      );
      const rows = split(x, -1, sizes).map((variable) =>
        gatedResidual(units, { name: 'variable' })(variable, own),
      );
      const lead = x.shape.slice(0, -1);
      const all = reshape(concat(rows, -1), [...lead, sizes.length, units]);
      return reshape(sum(multiply(all, reshape(shares, [...lead, sizes.length, 1])), [-2]), [...lead, units]);
    });
}
