import { describe, expect, it } from 'vitest';
import { random } from '../../../src/core/random.ts';
import { input } from '../../../src/learn/network/graph.ts';
import { compile } from '../../../src/learn/network/lowering.ts';
import { usualRuntime } from '../../../src/learn/network/runtime.ts';
import { normalQuantile } from '../../../src/math/special.ts';
import { fan, middleOf } from '../../../src/models/deep/fan.ts';

async function fanned(raw: Float32Array, probabilities: readonly number[]): Promise<Float32Array> {
  const { runtime } = await usualRuntime();
  const x = input('x', [raw.length / probabilities.length, probabilities.length]);
  const session = await runtime.open(compile('fan', { y: fan(x, probabilities) }, runtime.target));
  try {
    return (await session.run({ x: raw })).y!;
  } finally {
    await session.release();
  }
}

describe('quantiles about a middle', () => {
  it('are those of a normal distribution before anything is learned', async () => {
    const probabilities = [0.025, 0.1, 0.5, 0.8, 0.975];
    const out = await fanned(new Float32Array(5), probabilities);
    for (const [k, p] of probabilities.entries()) expect(out[k]).toBeCloseTo(normalQuantile(p), 5);
  });

  it('never cross, whatever the network says', async () => {
    const probabilities = [0.1, 0.3, 0.6, 0.9];
    const draw = random(1);
    const raw = Float32Array.from({ length: 400 }, () => 10 * draw.normal());
    const out = await fanned(raw, probabilities);
    for (let k = 0; k < out.length; k++) if (k % 4 > 0) expect(out[k]).toBeGreaterThanOrEqual(out[k - 1]!);
  });

  it('may be one alone', async () => {
    expect(middleOf([0.2, 0.45, 0.9])).toBe(1);
    expect(Array.from(await fanned(Float32Array.of(3, -1), [0.5]))).toEqual([3, -1]);
  });
});
