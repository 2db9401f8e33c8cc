// What a trained network says of examples.
import { arraysFor, type Examples, inputsFor } from './examples.ts';
import type { Value } from './graph.ts';
import { type Compiled, CPU, compile } from './lowering.ts';
import { type Scope, trace } from './parameters.ts';
import type { Numbers, Runtime } from './runtime.ts';
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
  const values = inputsFor(fields, batch);
  const { result } = trace((scope) => network(values, scope));
  const fixed = weights && { theta: weights.theta, memory: weights.memory };
  return compile('network', result, target, fixed ? { fixed } : {});
}

/** A network that is ready for batches of one size. */
export interface Predictor {
  /** What comes out of a batch, by name; the arrays are new ones. */
  run(fed: Readonly<Record<string, Numbers>>): Promise<Record<string, Float32Array>>;
  /** Numbers an example, by the name of the output. */
  readonly widths: Readonly<Record<string, number>>;
  release(): Promise<void>;
}

/** Makes a network with its weights ready for batches of so many examples. */
export async function predictor(
  network: Network,
  { theta, memory }: Pick<Weights, 'theta' | 'memory'>,
  fields: Examples['fields'],
  batch: number,
  runtime: Runtime,
  { threads = 1 }: { readonly threads?: number } = {},
): Promise<Predictor> {
  const graph = graphOf(network, fields, batch, { target: runtime.target });
  const session = await runtime.open(graph, { threads });
  return {
    run: (fed) => session.run({ ...fed, theta, memory }),
    widths: Object.fromEntries(
      Object.entries(graph.outputs).map(([name, shape]) => [name, sizeOf(shape) / batch]),
    ),
    release: session.release,
  };
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
  const ready = await predictor(network, weights, examples.fields, batch, runtime, { threads });
  const widths = Object.entries(ready.widths);
  const out = Object.fromEntries(
    widths.map(([name, width]) => [name, new Float32Array(examples.count * width)]),
  );
  const arrays = arraysFor(examples.fields, batch);
  try {
    for (let from = 0; from < examples.count; from += batch) {
      const count = Math.min(batch, examples.count - from);
      examples.fill(
        Uint32Array.from({ length: batch }, (_, k) => Math.min(from + k, examples.count - 1)),
        arrays,
      );
      const made = await ready.run(arrays);
      for (const [name, width] of widths) {
        out[name]!.set(made[name]!.subarray(0, count * width), from * width);
      }
    }
  } finally {
    await ready.release();
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
