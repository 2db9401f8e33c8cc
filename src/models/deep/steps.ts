// What bodies have in common: what is known of a window, laid out for the steps of the horizon.
import type { Value } from '../../learn/network/graph.ts';
import { he } from '../../learn/network/initialisers.ts';
import { dense } from '../../learn/network/layers/dense.ts';
import { dropout } from '../../learn/network/layers/dropout.ts';
import { add, relu } from '../../learn/network/operators/arithmetic.ts';
import { concat, expand, reshape } from '../../learn/network/operators/shape.ts';
import type { Scope } from '../../learn/network/parameters.ts';

/** [batch, features] at every one of so many steps: [batch, steps, features]. */
export function atEachStep(x: Value, steps: number): Value {
  const [batch, width] = x.shape as [number, number];
  return expand(reshape(x, [batch, 1, width]), [batch, steps, width]);
}

/**
 * What a summary of the past, [batch, features], and what is known of each step come to: [batch, h, width], by two dense layers
 * that all steps share. The place of a step within the horizon is told by a part of the summary of its own.
 */
export function decoded(
  summary: Value,
  future: Value,
  statics: Value,
  scope: Scope,
  { width, drop }: { readonly width: number; readonly drop: number },
): Value {
  const [batch, h] = future.shape as [number, number];
  const own = Math.max(4, Math.floor(width / 4));
  return scope.within('decoder', (part) => {
    const perStep = reshape(dense(h * own, { name: 'steps' })(summary, part), [batch, h, own]);
    // What is the same for all steps goes through its share of the first layer once.
    const same = dense(width, { name: 'whole', bias: false, start: he })(
      concat([summary, statics], -1),
      part,
    );
    const each = dense(width, { name: 'inner', start: he })(concat([perStep, future], -1), part);
    const inner = dropout(drop)(relu(add(each, reshape(same, [batch, 1, width]))), part);
    return dense(width, { activation: 'relu', name: 'outer' })(inner, part);
  });
}
