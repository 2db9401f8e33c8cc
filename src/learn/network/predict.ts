// What a trained network says of examples.
import { arraysFor, type Examples } from './examples.ts';
import { input, type Value } from './graph.ts';
import { type Compiled, CPU, compile } from './lowering.ts';
import { type Scope, trace } from './parameters.ts';
import type { Runtime } from './runtime.ts';
import { sizeOf } from './shapes.ts';
import type { Weights } from './train.ts';

/** A network as it is used: fields of a batch by name in, values by name out, each [batch, ...]. */
export type Network = (
  fields: Readonly<Record<string, Value>>,
  scope: Scope,
) => Readonly<Record<string, Value>>;

function graphOf(
  network: Network,
  fields: Examples['fields'],
  batch: number,
  { target = CPU, weights }: { target?: Runtime['target']; weights?: Pick<Weights, 'theta' | 'memory'> } = {},
): Compiled {
  const values = Object.fromEntries(
    Object.entries(fields).map(([name, { shape, kind = 'float' }]) => [
      name,
      input(name, [batch, ...shape], kind),
    ]),
  );
  const { result } = trace((scope) => network(values, scope));
  const fixed = weights && { theta: weights.theta, memory: weights.memory };
  return compile('network', result, target, fixed ? { fixed } : {});
}

/** Runs a network over all examples; each output comes as one array, example after example. */
export async function predict(
  network: Network,
  weights: Pick<Weights, 'theta' | 'memory'>,
  examples: Examples,
  runtime: Runtime,
  { batch: wanted = 256, threads = 1 }: { readonly batch?: number; readonly threads?: number } = {},
): Promise<Record<string, Float32Array>> {
  const batch = Math.max(1, Math.min(wanted, examples.count));
  const graph = graphOf(network, examples.fields, batch, { target: runtime.target });
  const widths = Object.entries(graph.outputs).map(([name, shape]) => ({
    name,
    width: sizeOf(shape) / batch,
  }));
  const out = Object.fromEntries(
    widths.map(({ name, width }) => [name, new Float32Array(examples.count * width)]),
  );
  const arrays = arraysFor(examples.fields, batch);
  const session = await runtime.open(graph, { threads });
  const { theta, memory } = weights;
  try {
    for (let from = 0; from < examples.count; from += batch) {
      const count = Math.min(batch, examples.count - from);
      examples.fill(
        Uint32Array.from({ length: batch }, (_, k) => Math.min(from + k, examples.count - 1)),
        arrays,
      );
      const made = await session.run({ ...arrays, theta, memory });
      for (const { name, width } of widths) {
        out[name]!.set(made[name]!.subarray(0, count * width), from * width);
      }
    }
  } finally {
    await session.release();
  }
  return out;
}

/** A trained network as an ONNX model with its parameters inside, for a batch of so many. */
export const exportNetwork = (
  network: Network,
  weights: Pick<Weights, 'theta' | 'memory'>,
  fields: Examples['fields'],
  batch = 1,
): Uint8Array => graphOf(network, fields, batch, { weights }).bytes;
