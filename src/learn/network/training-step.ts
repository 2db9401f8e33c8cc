// One step of training as one graph: forward, backward, optimiser. A runtime does all of it in one call.
import { backward } from './gradient.ts';
import { input, scalar, type Value } from './graph.ts';
import { type Compiled, compile, type Target } from './lowering.ts';
import { concat, reshape, zeros } from './operators/shape.ts';
import { clipped, type Optimiser } from './optimisers.ts';
import { type Mask, type Parameter, type Scope, trace } from './parameters.ts';
import { misfit, shapeText, sizeOf } from './shapes.ts';

export interface StepOptions {
  readonly optimiser: Optimiser;
  /** Longest gradient; longer ones are made shorter. Defaults to none. */
  readonly clip?: number;
}

export interface TrainingStep {
  /** Takes theta, memory, the optimiser's states and what it feeds, masks and data; gives `loss`, and all states as `next_…`. */
  readonly graph: Compiled;
  readonly parameters: readonly Parameter[];
  readonly tracked: readonly Parameter[];
  readonly masks: readonly Mask[];
}

/** The graph of a step of training, for a network that ends in a loss: a single number. */
export function trainingStep(
  loss: (scope: Scope) => Value,
  target: Target,
  { optimiser, clip }: StepOptions,
): TrainingStep {
  const { result, parameters, tracked, values, next, masks, theta } = trace(loss, { training: true });
  if (sizeOf(result.shape) !== 1) throw misfit(`a loss is a single number, not ${shapeText(result.shape)}.`);
  const moved = values.slice(0, parameters.length);
  const gradients = backward([[result, reshape(scalar(1), result.shape)]], moved);
  const flat = concat(
    moved.map((value, k) => reshape(gradients[k] ?? zeros(value.shape), [sizeOf(value.shape)])),
    0,
  );
  const states = optimiser.states.map((name) => input(name, theta.shape));
  const after = optimiser.move(theta, clip === undefined ? flat : clipped(flat, clip), states);
  const outputs: Record<string, Value> = { loss: reshape(result, []), next_theta: after.theta };
  for (const [k, name] of optimiser.states.entries()) outputs[`next_${name}`] = after.states[k]!;
  if (tracked.length > 0) {
    outputs.next_memory = concat(
      next.map((value) => reshape(value, [sizeOf(value.shape)])),
      0,
    );
  }
  return { graph: compile('training step', outputs, target), parameters, tracked, masks };
}
