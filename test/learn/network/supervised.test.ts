import { expect, it } from 'vitest';
import { chain, dense, fitNetwork, lstm, portableRuntime } from '../../../src/network.ts';

/** A wave, as sequences of 12 steps and what comes after each. */
const wave = (k: number): number => Math.sin((2 * Math.PI * k) / 12) + 0.3 * Math.cos((2 * Math.PI * k) / 5);
const STEPS = 12;
const rowsOf = (from: number, count: number) => ({
  x: {
    shape: [STEPS, 1],
    values: Float32Array.from({ length: count * STEPS }, (_, k) =>
      wave(from + Math.floor(k / STEPS) + (k % STEPS)),
    ),
  },
  y: { shape: [1], values: Float32Array.from({ length: count }, (_, k) => wave(from + k + STEPS)) },
});

it('learns what comes next in a sequence, and takes the network to another runtime', async () => {
  const layers = chain(lstm(16, { sequences: true }), lstm(16), dense(1));
  const learned = await fitNetwork(
    { layers, ...rowsOf(0, 200), held: rowsOf(200, 40) },
    { epochs: 80, rate: 0.01 },
  );
  expect(learned.note).toBeUndefined();
  expect(learned.history.at(-1)!.held).toBeLessThan(0.02);
  const further = rowsOf(300, 8);
  const told = await learned.predict(further.x);
  for (const [k, value] of told.entries()) expect(Math.abs(value - further.y.values[k]!)).toBeLessThan(0.4);

  const session = await (await portableRuntime()).open({
    bytes: learned.toOnnx(8),
    inputs: { x: { shape: [8, STEPS, 1], kind: 'float' } },
    outputs: { out: [8, 1] },
  });
  const { out } = await session.run({ x: further.x.values });
  for (const [k, value] of out!.entries()) expect(value).toBeCloseTo(told[k]!, 5);
  await session.release();
});

it('tells yes from no', async () => {
  const values = Float32Array.from({ length: 400 }, (_, k) => ((k * 37) % 101) / 50 - 1);
  const y = Float32Array.from({ length: 200 }, (_, k) => (values[2 * k]! * values[2 * k + 1]! > 0 ? 1 : 0));
  const { predict } = await fitNetwork(
    {
      layers: chain(dense(16, { activation: 'relu' }), dense(1)),
      x: { shape: [2], values },
      y: { shape: [1], values: y },
      loss: 'yes-or-no',
    },
    { epochs: 60, rate: 0.02 },
  );
  const right = (await predict({ shape: [2], values })).filter((p, k) => p > 0.5 === (y[k] === 1)).length;
  expect(right).toBeGreaterThan(180);
});

it('says what does not fit', async () => {
  const layers = dense(1);
  const x = { shape: [2], values: [1, 2, 3, 4] };
  await expect(fitNetwork({ layers, x, y: { shape: [1], values: [1] } })).rejects.toThrow(
    'x has 2 examples and y 1; give one row of y for each of x.',
  );
  await expect(fitNetwork({ layers, x: { shape: [3], values: x.values }, y: x })).rejects.toThrow(
    'x has 4 numbers, which is no multiple of its shape [3].',
  );
});
