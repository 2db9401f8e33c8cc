// Networks that are told at each step of the horizon what the one before came to, and say how the next is distributed.
import { constant, type Value } from '../../learn/network/graph.ts';
import { same } from '../../learn/network/initialisers.ts';
import { dense } from '../../learn/network/layers/dense.ts';
import { dropout } from '../../learn/network/layers/dropout.ts';
import { lstmFrom, type Memory } from '../../learn/network/layers/recurrent.ts';
import { multiply } from '../../learn/network/operators/arithmetic.ts';
import { concat, slice, zeros } from '../../learn/network/operators/shape.ts';
import type { Scope } from '../../learn/network/parameters.ts';
import type { Network } from '../../learn/network/predict.ts';
import { isSparse } from './distributions.ts';
import { examplesOn, type Ground } from './ground.ts';
import { type LikelihoodName, likelihoodFor, likelihoodOf } from './likelihood.ts';
import { windowsOf } from './network.ts';
import type { DeepSettings } from './options.ts';
import { drawnPaths } from './paths.ts';
import type { Scheme } from './scheme.ts';
import { atEachStep } from './steps.ts';
import type { Sizes } from './windows.ts';

export interface AutoregressiveTraits {
  readonly likelihood: LikelihoodName;
  /** Whether sums matter more than the middle: series that are mostly zero have a median of 0. */
  readonly sparse: boolean;
}

/** Numbers that a step is told of the one before: what it came to, and whether that is known. */
export const BEFORE = 2;

/**
 * Share of the steps that are not told of the one before while the network learns. In forecasting it is told of what was drawn, which
 * is off more than what happened; a network that always knew what happened follows it too closely.
 */
const UNTOLD = 0.7;

/** What happened in each step, [batch, h, 2], as the step after it is told of it. */
function shifted(y: Value, known: Value, scope: Scope): Value {
  const [batch, h] = y.shape as [number, number];
  // A mask makes what it keeps larger; a value must stay as it is.
  const told = multiply(dropped([batch, h, 1], scope), concat([y, known], -1));
  const first = zeros([batch, 1, BEFORE]);
  return h > 1 ? concat([first, slice(told, 1, 0, h - 1)], 1) : first;
}

const dropped = (shape: readonly number[], scope: Scope): Value =>
  scope.training ? multiply(scope.mask(shape, UNTOLD), constant([1 - UNTOLD], [1])) : constant([1], [1]);

type Shape = Pick<DeepSettings, 'width' | 'layers' | 'drop'>;

/** What the past comes to, [batch, window, features] read in order: the states from which the horizon begins. */
function encode(x: Value, scope: Scope, { width, layers, drop }: Shape): Memory[] {
  const start = zeros([x.shape[0]!, width]);
  const ends: Memory[] = [];
  let read = x;
  for (let k = 0; k < layers; k++) {
    if (k > 0) read = dropout(drop)(read, scope);
    const { every, end } = lstmFrom([start, start], read, scope, { name: 'encoder' });
    ends.push(end);
    read = every;
  }
  return ends;
}

/** Steps of the horizon from given states: what the network says of each, [batch, steps, numbers], and the states after the last. */
function decode(
  states: readonly Memory[],
  before: Value,
  told: Value,
  scope: Scope,
  { width, drop }: Shape,
  numbers: number,
): { readonly said: Value; readonly states: readonly Memory[] } {
  const ends: Memory[] = [];
  let read = concat([before, told], -1);
  for (const [k, start] of states.entries()) {
    if (k > 0) read = dropout(drop)(read, scope);
    const { every, end } = lstmFrom(start, read, scope, { name: 'decoder' });
    ends.push(end);
    read = every;
  }
  const features = dropout(drop)(
    dense(width, { activation: 'relu', name: 'inner' })(concat([read, told], -1), scope),
    scope,
  );
  return { said: dense(numbers, { name: 'said', start: same(0) })(features, scope), states: ends };
}

/** States by the names under which they go out of one part and into the next. */
export const stateNames = (layers: number): string[] =>
  Array.from({ length: layers }, (_, k) => [`output_${k}`, `memory_${k}`]).flat();

const namedStates = (states: readonly Memory[], ending = ''): Record<string, Value> =>
  Object.fromEntries(
    stateNames(states.length).map((name, k) => [`${name}${ending}`, states[k >> 1]![k & 1]!]),
  );

/** The parts of the network: the past, one step of the horizon, and all of it as it learns. */
export interface Parts {
  /** Fields of windows in; `told`, [batch, h, features], and the states out. */
  readonly past: Network;
  /** `before`, `told` and the states in, one step each; `said` and the states after it, whose names end in "_next", out. */
  readonly step: Network;
  /** Fields of windows in; `said` of each step, the one before being what happened. */
  readonly whole: Network;
}

export function partsOf(ground: Ground, sizes: Sizes, shape: Shape, numbers: number): Parts {
  const begun = (
    fields: Readonly<Record<string, Value>>,
    scope: Scope,
  ): { readonly told: Value; readonly states: Memory[] } => {
    const { past, future, statics } = windowsOf(fields, ground, sizes, scope);
    const read = concat([past, atEachStep(statics, past.shape[1]!)], -1);
    const states = encode(read, scope, shape);
    // What the past came to is told at each step, as states forget it on the way.
    const whole = concat([statics, states.at(-1)![0]], -1);
    return { told: concat([future, atEachStep(whole, future.shape[1]!)], -1), states };
  };
  return {
    past: (fields, scope) => {
      const { told, states } = begun(fields, scope);
      return { told, ...namedStates(states) };
    },
    step: (fields, scope) => {
      const states = Array.from(
        { length: shape.layers },
        (_, k): Memory => [fields[`output_${k}`]!, fields[`memory_${k}`]!],
      );
      const { said, states: next } = decode(states, fields.before!, fields.told!, scope, shape, numbers);
      return { said, ...namedStates(next, '_next') };
    },
    whole: (fields, scope) => {
      const { told, states } = begun(fields, scope);
      const before = shifted(fields.y!, fields.weight!, scope);
      return { said: decode(states, before, told, scope, shape, numbers).said };
    },
  };
}

/** The scheme of autoregressive networks. */
export const autoregressive = ({
  likelihood,
  paths,
}: {
  readonly likelihood: LikelihoodName | undefined;
  readonly paths: number;
}): Scheme<AutoregressiveTraits> => ({
  traitsOf: (panel) => ({ likelihood: likelihood ?? likelihoodFor(panel), sparse: isSparse(panel) }),
  examples: (ground, sizes, traits, cutoffs) =>
    examplesOn(ground, sizes, cutoffs, likelihoodOf(traits.likelihood).counts),
  objective(ground, sizes, traits, settings) {
    const { width, loss } = likelihoodOf(traits.likelihood);
    const { whole } = partsOf(ground, sizes, settings, width);
    return (fields, scope) => ({ losses: loss(whole(fields, scope).said!, fields), weights: fields.weight! });
  },
  forecast: (fit, ground, h, runtime) => drawnPaths(fit, ground, h, paths, runtime),
});
