// What bodies have in common: what is known of a window, laid out for the steps of the horizon.
import type { Value } from '../../learn/network/graph.ts';
import { dense } from '../../learn/network/layers/dense.ts';
import { dropout } from '../../learn/network/layers/dropout.ts';
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
    const all = concat([perStep, future, atEachStep(concat([summary, statics], -1), h)], -1);
    const inner = dropout(drop)(dense(width, { activation: 'relu', name: 'inner' })(all, part), part);
    return dense(width, { activation: 'relu', name: 'outer' })(inner, part);
  });
}
