// A table of what categories are like, learned.
import type { Value } from '../graph.ts';
import { normal } from '../initialisers.ts';
import { gather } from '../operators/shape.ts';
import type { Layer } from '../parameters.ts';

/** Whole numbers below `count`, of any shape → [..., width]. */
export function embedding(
  count: number,
  width: number,
  { name = 'embedding' }: { readonly name?: string } = {},
): Layer {
  return (codes: Value, scope) =>
    scope.within(name, (own) => gather(own.parameter('table', [count, width], normal(0.05)), codes));
}
