import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { backward } from '../../../src/learn/network/gradient.ts';
import { input, type Shape, scalar, type Value } from '../../../src/learn/network/graph.ts';
import { interpretableAttention, transformerBlock } from '../../../src/learn/network/layers/attention.ts';
import { chain, mixer } from '../../../src/learn/network/layers/chain.ts';
import { convolution } from '../../../src/learn/network/layers/convolution.ts';
import { dense } from '../../../src/learn/network/layers/dense.ts';
import { embedding } from '../../../src/learn/network/layers/embedding.ts';
import { gatedResidual } from '../../../src/learn/network/layers/gating.ts';
import { batchNorm, layerNorm } from '../../../src/learn/network/layers/normalisation.ts';
import { gru, lstm, lstmFrom, rnn } from '../../../src/learn/network/layers/recurrent.ts';
import { variableSelection } from '../../../src/learn/network/layers/variable-selection.ts';
import * as losses from '../../../src/learn/network/losses.ts';
import { CPU, compile, GPU, type Target } from '../../../src/learn/network/lowering.ts';
import { multiply } from '../../../src/learn/network/operators/arithmetic.ts';
import { total } from '../../../src/learn/network/operators/reduction.ts';
import { reshape, slice, zeros } from '../../../src/learn/network/operators/shape.ts';
import { type Layer, trace } from '../../../src/learn/network/parameters.ts';
import type { Numbers } from '../../../src/learn/network/runtime.ts';
import { nativeRuntime } from '../../../src/learn/network/runtime-node.ts';

/** From PyTorch in double precision: test/golden/make-network.py. */
interface Golden {
  readonly layers: Record<
    string,
    Record<'shape' | 'x' | 'theta' | 'weights' | 'out' | 'gradient' | 'dx', number[]>
  >;
  readonly losses: Record<
    string,
    Record<'shapes' | 'inputs' | 'gradients', number[][]> & Record<'weights' | 'out', number[]>
  >;
}
const golden = JSON.parse(
  readFileSync(new URL('../../golden/network.golden.json', import.meta.url), 'utf8'),
) as Golden;

const LAYERS: Record<string, Layer> = {
  dense: chain(dense(5, { activation: 'gelu' }), dense(2)),
  rnn: rnn(4),
  gru: gru(4, { sequences: true }),
  lstm: lstm(4, { sequences: true }),
  convolution: convolution(4, { dilation: 2, activation: 'relu' }),
  'block of attention': transformerBlock({ heads: 2, inner: 12 }),
  mixer: mixer({ inner: 6 }),
  'layer norm': layerNorm(),
  'batch norm': batchNorm(),
  embedding: embedding(5, 3),
  'gated residual': (x, scope) =>
    gatedResidual(3, { inner: 5, context: reshape(slice(x, 1, 0, 1), [2, 4]) })(x, scope),
  'variable selection': variableSelection(4, [1, 2, 2]),
  'interpretable attention': interpretableAttention({ heads: 2, asking: 2 }),
  'lstm from another': (x, scope) => {
    const nought = zeros([2, 4]);
    const { end } = lstmFrom([nought, nought], slice(x, 1, 0, 3), scope);
    return lstmFrom(end, slice(x, 1, 3), scope).every;
  },
};

/** The first value is what is observed. */
const LOSSES: Record<string, (values: readonly Value[]) => Value> = {
  'squared error': ([y, f]) => losses.squaredError(f!, y!),
  'absolute error': ([y, f]) => losses.absoluteError(f!, y!),
  huber: ([y, f]) => losses.huber(f!, y!, 0.8),
  pinball: ([y, q]) => losses.pinball(q!, y!, [0.1, 0.5, 0.9]),
  gaussian: ([y, mean, deviation]) => losses.gaussian(y!, mean!, deviation!),
  'student t': ([y, nu, place, scale]) => losses.studentT(y!, nu!, place!, scale!),
  'negative binomial': ([y, mean, size]) => losses.negativeBinomial(y!, mean!, size!),
  tweedie: ([y, logMean]) => losses.tweedie(y!, logMean!),
  'cross entropy': ([y, logits]) => losses.crossEntropy(logits!, y!),
  logistic: ([y, logit]) => losses.logistic(logit!, y!),
};

const TARGETS: Record<string, Target> = { 'loops and fused products': CPU, 'plain operations': GPU };

/** Runs values and their gradients, each number of the result weighed differently. */
async function gradientsOf(
  out: Value,
  by: Readonly<Record<string, Value>>,
  fed: Readonly<Record<string, Numbers>>,
  target: Target,
): Promise<Record<string, Float32Array>> {
  const loss = total(multiply(out, input('weights', out.shape)));
  const found = backward([[loss, scalar(1)]], Object.values(by));
  const gradients = Object.fromEntries(Object.keys(by).map((name, k) => [name, found[k]!]));
  const session = await (await nativeRuntime()).open(compile('golden', { out, ...gradients }, target));
  const results = await session.run(fed);
  await session.release();
  return results;
}

/** The largest difference, relative to the largest number. */
function apart(given: Float32Array, wanted: readonly number[]): number {
  expect(given.length).toBe(wanted.length);
  const largest = Math.max(...wanted.map(Math.abs));
  return Math.max(...wanted.map((value, k) => Math.abs(value - given[k]!))) / largest;
}

const MOST = 2e-6;
/** Logarithms of gamma functions are differences of larger numbers. */
const MOST_OF_LOSS = 1e-5;

describe.each(Object.entries(TARGETS))('on %s', (_, target) => {
  it.each(Object.keys(golden.layers))('%s gives the values and gradients of PyTorch', async (name) => {
    const { shape, x, theta, weights, out, gradient, dx } = golden.layers[name]!;
    const isCode = dx.length === 0;
    const own = input('x', shape, isCode ? 'int64' : 'float');
    const traced = trace((scope) => LAYERS[name]!(own, scope), { training: true });
    const made = await gradientsOf(
      traced.result,
      { gradient: traced.theta, ...(isCode ? {} : { dx: own }) },
      {
        x: isCode ? BigInt64Array.from(x, BigInt) : Float32Array.from(x),
        theta: Float32Array.from(theta),
        weights: Float32Array.from(weights),
      },
      target,
    );
    expect(apart(made.out!, out)).toBeLessThan(MOST);
    expect(apart(made.gradient!, gradient)).toBeLessThan(MOST);
    if (!isCode) expect(apart(made.dx!, dx)).toBeLessThan(MOST);
  });

  it.each(Object.keys(golden.losses))('%s has the values and gradients of PyTorch', async (name) => {
    const { shapes, inputs, weights, out, gradients } = golden.losses[name]!;
    const values = shapes.map((shape, k) => input(`v${k}`, shape as Shape));
    const by = Object.fromEntries(gradients.map((_, k) => [`d${k + 1}`, values[k + 1]!]));
    const fed = Object.fromEntries(inputs.map((list, k) => [`v${k}`, Float32Array.from(list)]));
    const made = await gradientsOf(
      LOSSES[name]!(values),
      by,
      { ...fed, weights: Float32Array.from(weights) },
      target,
    );
    expect(apart(made.out!, out)).toBeLessThan(MOST_OF_LOSS);
    for (const [k, wanted] of gradients.entries()) {
      expect(apart(made[`d${k + 1}`]!, wanted)).toBeLessThan(MOST_OF_LOSS);
    }
  });
});
