import { describe, expect, it } from 'vitest';
import { input, type Shape, type Value } from '../../../src/learn/network/graph.ts';
import {
  attention,
  interpretableAttention,
  transformerBlock,
} from '../../../src/learn/network/layers/attention.ts';
import { chain, mixer } from '../../../src/learn/network/layers/chain.ts';
import { convolution } from '../../../src/learn/network/layers/convolution.ts';
import { dense } from '../../../src/learn/network/layers/dense.ts';
import { gatedLinear, gatedResidual, gatedSkip } from '../../../src/learn/network/layers/gating.ts';
import { batchNorm, layerNorm } from '../../../src/learn/network/layers/normalisation.ts';
import { gru, lstm, lstmFrom, rnn } from '../../../src/learn/network/layers/recurrent.ts';
import { variableSelection } from '../../../src/learn/network/layers/variable-selection.ts';
import * as losses from '../../../src/learn/network/losses.ts';
import { CPU, GPU } from '../../../src/learn/network/lowering.ts';
import { reshape, slice, zeros } from '../../../src/learn/network/operators/shape.ts';
import { type Layer, type Scope, trace } from '../../../src/learn/network/parameters.ts';
import { type Case, worstGradient } from './differences.ts';

/** A layer as a function of its input and of its parameters. */
function layerCase(layer: Layer, shape: Shape): Case {
  const { parameters } = trace((scope) => layer(input('x', shape), scope), { training: true });
  const make = ([x, ...given]: readonly Value[]): Value => {
    const left = [...given];
    const scope: Scope = {
      training: true,
      parameter: () => left.shift()!,
      tracked: (name, own) => input(name, own),
      mask: (own) => input('mask', own),
      within: (_, build) => build(scope),
    };
    return layer(x!, scope);
  };
  return { shapes: [shape, ...parameters.map((own) => own.shape)], make };
}

const CASES: Record<string, Case> = {
  'a dense layer': layerCase(dense(3, { activation: 'silu' }), [2, 3, 4]),
  'an rnn': layerCase(rnn(3), [2, 4, 2]),
  'a gru, all steps': layerCase(gru(3, { sequences: true }), [2, 4, 2]),
  'an lstm': layerCase(lstm(3), [2, 4, 2]),
  'an lstm on an lstm': layerCase(chain(lstm(2, { sequences: true }), lstm(3)), [2, 3, 2]),
  'a convolution': layerCase(convolution(3, { dilation: 2, activation: 'tanh' }), [2, 6, 2]),
  attention: layerCase(attention({ heads: 2 }), [2, 3, 4]),
  'attention to the past': layerCase(attention({ heads: 2, causal: true }), [2, 3, 4]),
  'a block of attention': layerCase(transformerBlock({ heads: 2, inner: 5 }), [2, 3, 4]),
  'attention to shared answers': layerCase(interpretableAttention({ heads: 2 }), [2, 3, 4]),
  'attention to shared answers, the last steps asking': layerCase(
    interpretableAttention({ heads: 2, asking: 2 }),
    [2, 4, 4],
  ),
  'a gated dense layer': layerCase(gatedLinear(3), [2, 3, 4]),
  'a gated skip': layerCase((x, scope) => gatedSkip(slice(x, 1, 0, 2))(slice(x, 1, 1), scope), [2, 3, 4]),
  'a gated residual network of another width, told a context': layerCase(
    (x, scope) => gatedResidual(3, { context: reshape(slice(x, 1, 0, 1), [2, 4]) })(x, scope),
    [2, 3, 4],
  ),
  'a selection of variables': layerCase(variableSelection(3, [1, 2, 2]), [2, 3, 5]),
  'an lstm that another goes on from': layerCase(
    (x, scope) => {
      const nought = zeros([2, 3]);
      const { end } = lstmFrom([nought, nought], slice(x, 1, 0, 2), scope);
      return lstmFrom(end, slice(x, 1, 2), scope).every;
    },
    [2, 4, 2],
  ),
  'a mixer': layerCase(mixer({ inner: 5 }), [2, 3, 4]),
  'layer norm': layerCase(layerNorm(), [3, 4]),
  'batch norm': layerCase(batchNorm(), [5, 3]),
  'a dense layer with one unit on many rows': layerCase(dense(1), [300, 2]),
  'squared error': { shapes: [[4], [4]], make: ([f, y]) => losses.squaredError(f!, y!) },
  huber: { shapes: [[9], [9]], make: ([f, y]) => losses.huber(f!, y!, 0.8) },
  pinball: {
    shapes: [
      [4, 3],
      [4, 1],
    ],
    make: ([q, y]) => losses.pinball(q!, y!, [0.1, 0.5, 0.9]),
  },
  'quantiles that rise': { shapes: [[3, 4]], make: ([raw]) => losses.rising(raw!) },
  gaussian: { shapes: [[4], [4], [4]], make: ([y, m, s]) => losses.gaussian(y!, m!, s!), from: 0.5, to: 2 },
  'student t': {
    shapes: [[4], [4], [4], [4]],
    make: ([y, nu, m, s]) => losses.studentT(y!, nu!, m!, s!),
    from: 0.7,
    to: 4,
  },
  'negative binomial': {
    shapes: [[4], [4], [4]],
    make: ([y, m, size]) => losses.negativeBinomial(y!, m!, size!),
    from: 0.5,
    to: 4,
  },
  tweedie: { shapes: [[4], [4]], make: ([y, m]) => losses.tweedie(y!, m!), from: 0.1, to: 2 },
  'cross entropy': {
    shapes: [
      [3, 4],
      [3, 4],
    ],
    make: ([z, y]) => losses.crossEntropy(z!, y!),
  },
  logistic: { shapes: [[5], [5]], make: ([z, y]) => losses.logistic(z!, y!) },
};

describe.each(Object.entries(CASES))('the gradient of %s', (_, own) => {
  it('is what finite differences say, with loops and fused products', async () => {
    expect(await worstGradient(own, CPU)).toBeLessThan(3e-3);
  });
  it('is what finite differences say, of plain operations', async () => {
    expect(await worstGradient(own, GPU)).toBeLessThan(3e-3);
  });
});

describe('layers that get what does not fit', () => {
  const refusal = (layer: Layer, shape: Shape): (() => unknown) => {
    return () => trace((scope) => layer(input('x', shape), scope));
  };
  it('say what they want', () => {
    expect(refusal(variableSelection(3, [1, 2]), [2, 4, 5])).toThrow(
      'variables of 1, 2 numbers do not fit the 5 that are told.',
    );
    expect(refusal(gatedResidual(3, { context: zeros([3, 2]) }), [2, 4, 5])).toThrow(
      'a context of [3, 2] does not fit [2, 4, 5].',
    );
    expect(refusal(interpretableAttention({ asking: 6 }), [2, 4, 5])).toThrow(
      '6 of 4 steps cannot ask; give 1 to 4.',
    );
  });
});
