// Gradients by finite differences, to hold those of the graph against.
import { random } from '../../../src/core/random.ts';
import { backward } from '../../../src/learn/network/gradient.ts';
import { input, type Shape, scalar, type Value } from '../../../src/learn/network/graph.ts';
import { compile, type Target } from '../../../src/learn/network/lowering.ts';
import { multiply } from '../../../src/learn/network/operators/arithmetic.ts';
import { total } from '../../../src/learn/network/operators/reduction.ts';
import { nativeRuntime } from '../../../src/learn/network/runtime-node.ts';
import { sizeOf } from '../../../src/learn/network/shapes.ts';

export interface Case {
  readonly shapes: readonly Shape[];
  readonly make: (values: readonly Value[]) => Value;
  /** Bounds of the random inputs; defaults to −1.5 and 1.5. */
  readonly from?: number;
  readonly to?: number;
}

const STEP = 4e-3;

/** The largest difference between the graph's gradient and a central difference, relative to the largest gradient. */
export async function worstGradient(
  { shapes, make, from = -1.5, to = 1.5 }: Case,
  target: Target,
): Promise<number> {
  const runtime = await nativeRuntime();
  const values = shapes.map((shape, k) => input(`x${k}`, shape));
  const out = make(values);
  // Every number of the result counts, each differently.
  const weights = input('weights', out.shape);
  const loss = total(multiply(out, weights));
  const gradients = backward([[loss, scalar(1)]], values);
  const outputs: Record<string, Value> = { loss };
  for (const [k, d] of gradients.entries()) if (d) outputs[`d${k}`] = d;
  const session = await runtime.open(compile('gradient', outputs, target));
  const stream = random(7);
  const draw = (shape: Shape, low: number, high: number): Float32Array =>
    Float32Array.from({ length: sizeOf(shape) }, () => low + (high - low) * stream.uniform());
  const fed: Record<string, Float32Array> = { weights: draw(out.shape, -1, 1) };
  for (const [k, shape] of shapes.entries()) fed[`x${k}`] = draw(shape, from, to);
  const results = await session.run(fed);
  let [worst, largest] = [0, 1e-3];
  for (const k of shapes.keys()) {
    const own = fed[`x${k}`]!;
    const given = results[`d${k}`];
    for (let at = 0; at < own.length; at++) {
      const before = own[at]!;
      const lossAt = async (value: number): Promise<number> => {
        const moved = own.slice();
        moved[at] = value;
        return (await session.run({ ...fed, [`x${k}`]: moved })).loss![0]!;
      };
      const wanted = ((await lossAt(before + STEP)) - (await lossAt(before - STEP))) / (2 * STEP);
      worst = Math.max(worst, Math.abs(wanted - (given?.[at] ?? 0)));
      largest = Math.max(largest, Math.abs(wanted));
    }
  }
  await session.release();
  return worst / largest;
}
