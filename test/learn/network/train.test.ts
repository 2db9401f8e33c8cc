import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../src/core/checkpoint.ts';
import { Interrupted, UsageError } from '../../../src/core/errors.ts';
import { random } from '../../../src/core/random.ts';
import { tableExamples } from '../../../src/learn/network/examples.ts';
import { chain } from '../../../src/learn/network/layers/chain.ts';
import { dense } from '../../../src/learn/network/layers/dense.ts';
import { dropout } from '../../../src/learn/network/layers/dropout.ts';
import { batchNorm } from '../../../src/learn/network/layers/normalisation.ts';
import { squaredError } from '../../../src/learn/network/losses.ts';
import { type Network, predict } from '../../../src/learn/network/predict.ts';
import type { Runtime } from '../../../src/learn/network/runtime.ts';
import { nativeRuntime } from '../../../src/learn/network/runtime-node.ts';
import { portableRuntime } from '../../../src/learn/network/runtime-web.ts';
import { warmCosine } from '../../../src/learn/network/schedules.ts';
import { type Objective, train, type Weights } from '../../../src/learn/network/train.ts';

const ROWS = 230;
const draw = random(3);
const x = Float32Array.from({ length: ROWS * 2 }, () => 2 * draw.uniform() - 1);
const y = Float32Array.from({ length: ROWS }, (_, k) => x[2 * k]! * x[2 * k + 1]! + 0.5);
const examples = tableExamples(ROWS, { x: { shape: [2], values: x }, y: { shape: [1], values: y } });
const held = tableExamples(50, {
  x: { shape: [2], values: x.subarray(0, 100) },
  y: { shape: [1], values: y.subarray(0, 50) },
});

const layers = chain(
  dense(16, { activation: 'tanh' }),
  batchNorm(),
  dropout(0.1),
  dense(16, { activation: 'tanh' }),
  dense(1),
);
const objective: Objective = (fields, scope) => ({
  losses: squaredError(layers(fields.x!, scope), fields.y!),
});
const options = { epochs: 12, batch: 32, rate: warmCosine(0.02), average: 0.98, held, clip: 5 };

/** A checkpoint in memory that holds what it held when it was told to, as a disk would. */
function memory(): Checkpoint {
  const kept = new Map<string, unknown>();
  return {
    get: async (key) => structuredClone(kept.get(key)),
    put: async (key, value) => {
      kept.set(key, structuredClone(value));
    },
  };
}

const RUNTIMES: Record<string, () => Promise<Runtime>> = {
  native: () => nativeRuntime(),
  portable: () => portableRuntime(),
};

describe.each(Object.entries(RUNTIMES))('training on the %s runtime', (_, make) => {
  it('learns a product that no straight line could', async () => {
    const runtime = await make();
    const weights = await train(objective, examples, runtime, { ...options, epochs: 40 });
    expect(weights.history.at(-1)!.held).toBeLessThan(0.01);
    const network: Network = (fields, scope) => ({ out: layers(fields.x!, scope) });
    const made = await predict(network, weights, examples, runtime);
    const error = made.out!.reduce((sum, value, k) => sum + (value - y[k]!) ** 2, 0) / ROWS;
    expect(error).toBeLessThan(0.01);
  });

  it('gives the same parameters for the same seed, and others for another', async () => {
    const runtime = await make();
    const [one, two, other] = [
      await train(objective, examples, runtime, options),
      await train(objective, examples, runtime, options),
      await train(objective, examples, runtime, { ...options, seed: 2 }),
    ];
    expect(two).toEqual(one);
    expect(other.theta).not.toEqual(one.theta);
  });

  it('goes on where it was cut short, with the same parameters', async () => {
    const runtime = await make();
    const whole = await train(objective, examples, runtime, options);
    const checkpoint = memory();
    const controller = new AbortController();
    const cut = train(objective, examples, runtime, {
      ...options,
      checkpoint,
      signal: controller.signal,
      onProgress: ({ step }) => {
        if (step >= 40) controller.abort();
      },
    });
    await expect(cut).rejects.toThrow(Interrupted);
    const seen: number[] = [];
    const rest = await train(objective, examples, runtime, {
      ...options,
      checkpoint,
      onProgress: ({ step }) => seen.push(step),
    });
    expect(seen[0]).toBe(48);
    expect(rest).toEqual(whole);
  });
});

it('is the same on both runtimes, to rounding', async () => {
  const [native, portable] = [
    await train(objective, examples, await nativeRuntime(), { ...options, epochs: 1 }),
    await train(objective, examples, await portableRuntime(), { ...options, epochs: 1 }),
  ];
  for (const [k, value] of native.theta.entries()) expect(portable.theta[k]).toBeCloseTo(value, 4);
});

it('stops when what is held out has not become better, and keeps the best', async () => {
  const noise = tableExamples(40, {
    x: { shape: [2], values: x.subarray(0, 80) },
    y: { shape: [1], values: Float32Array.from({ length: 40 }, () => draw.normal()) },
  });
  const { history } = await train(objective, noise, await nativeRuntime(), {
    ...options,
    epochs: 300,
    patience: 4,
  });
  expect(history.length).toBeLessThan(300);
  const best = Math.min(...history.map((moment) => moment.held));
  expect(history.at(-5)!.held).toBe(best);
});

it('refuses a loss that has run away', async () => {
  const wild = train(objective, examples, await nativeRuntime(), { rate: 1e30 });
  await expect(wild).rejects.toThrow('lower the learning rate, or limit the gradient with clip.');
});

it.each([
  [{ batch: 0 }, 'batch is 0; give a whole number of 1 or more.'],
  [{ epochs: 1.5 }, 'epochs is 1.5; give a whole number of 1 or more.'],
  [{ epochs: Infinity }, 'training without an end; give a number of epochs or steps.'],
  [{ rate: -1 }, 'rate is -1; give a number above 0.'],
  [{ clip: Number.NaN }, 'clip is NaN; give a number above 0.'],
  [{ average: 1 }, 'average is 1; give a share of at least 0 and below 1.'],
])('refuses %j', async (nonsense, message) => {
  await expect(train(objective, examples, await nativeRuntime(), nonsense)).rejects.toThrow(message);
});

it.each(['webgpu', 'cuda'] as const)('trains on %s, or says that it is not there', async (device) => {
  const runtime = await nativeRuntime({ device });
  const made = await train(objective, examples, runtime, { steps: 2 }).catch((error: unknown) => error);
  if (made instanceof Error) {
    expect(made).toBeInstanceOf(UsageError);
    expect(made.message).toMatch(
      new RegExp(`^onnxruntime-node cannot use ${device} on this machine \\(.+\\); take device "cpu"\\.$`),
    );
  } else expect((made as Weights).history).toHaveLength(1);
});

it('refuses a device that it does not know', async () => {
  await expect(nativeRuntime({ device: 'tpu' as 'cpu' })).rejects.toThrow(
    'device "tpu" is not known; give one of cpu, webgpu, cuda.',
  );
  await expect(portableRuntime({ device: 'tpu' as 'wasm' })).rejects.toThrow('give one of wasm, webgpu.');
});

it('names the layer and both shapes where they do not fit', async () => {
  const twice: Objective = (fields, scope) => ({
    losses: squaredError(dense(3, { name: 'head' })(fields.x!, scope), fields.y!),
  });
  await expect(
    train(
      twice,
      tableExamples(4, { x: { shape: [2], values: x }, y: { shape: [2], values: x } }),
      await nativeRuntime(),
    ),
  ).rejects.toThrow('a difference of [4, 3] and [4, 2] does not fit: 3 meets 2.');
});
