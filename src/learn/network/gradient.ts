// Reverse-mode differentiation: gradients of a number by what it was made of, as further values of the same graph.
import { type Node, ordered, type Value } from './graph.ts';
import { add } from './operators/arithmetic.ts';
import { misfit, sameShape, shapeText } from './shapes.ts';

/** Where a gradient comes in: a value and the gradient of what is wanted by it. */
export type Seed = readonly [value: Value, gradient: Value];

/** All nodes that depend on one of the values. */
function dependants(nodes: readonly Node[], values: ReadonlySet<Value>): Set<Node> {
  const out = new Set<Node>();
  for (const node of nodes) {
    const depends = node.inputs.some((value) => values.has(value) || out.has(value.node));
    if (depends) out.add(node);
  }
  return out;
}

/**
 * Gradients by each of `wanted` of the number that the seeds are gradients of; undefined where it does not depend on it.
 * Values may be used many times; what comes back from each use is summed.
 */
export function backward(seeds: readonly Seed[], wanted: readonly Value[]): (Value | undefined)[] {
  const nodes = ordered(seeds.map(([value]) => value));
  const sought = new Set(wanted);
  const concerned = dependants(nodes, sought);
  const gathered = new Map<Value, Value>();
  const gather = (value: Value, d: Value): void => {
    if (!sameShape(value.shape, d.shape)) {
      throw misfit(`a gradient of shape ${shapeText(d.shape)} came to a value of ${shapeText(value.shape)}.`);
    }
    const before = gathered.get(value);
    gathered.set(value, before ? add(before, d) : d);
  };
  for (const [value, d] of seeds) gather(value, d);
  for (const node of nodes.reverse()) {
    if (!concerned.has(node) || !node.operator.gradient) continue;
    const upstream = node.outputs.map((value) => gathered.get(value));
    if (upstream.every((d) => d === undefined)) continue;
    const given = node.operator.gradient(node, upstream);
    for (const [k, value] of node.inputs.entries()) {
      const d = given[k];
      if (d && (sought.has(value) || concerned.has(value.node))) gather(value, d);
    }
  }
  return wanted.map((value) => gathered.get(value));
}
