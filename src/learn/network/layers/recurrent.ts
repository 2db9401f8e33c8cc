// Recurrent layers: the plain one, the gated one (Cho et al. 2014) and long short-term memory (Hochreiter and Schmidhuber 1997).
import type { Value } from '../graph.ts';
import { within } from '../initialisers.ts';
import { add, multiply, sigmoid, subtract, tanh } from '../operators/arithmetic.ts';
import { product } from '../operators/matrix.ts';
import { scan } from '../operators/scan.ts';
import { reshape, slice, split, transpose, zeros } from '../operators/shape.ts';
import type { Layer, Scope } from '../parameters.ts';
import { misfit, shapeText } from '../shapes.ts';

export interface RecurrentOptions {
  /** Whether every step goes out, [batch, steps, units], or the last one alone, [batch, units]; defaults to the last. */
  readonly sequences?: boolean;
  readonly name?: string;
}

/** One step: states and what the inputs of the step came to, [batch, gates · units], in; the next states out, the first of which goes out. */
interface Cell {
  readonly gates: number;
  readonly states: number;
  /** Whether the product with the state has a bias of its own, beside that of the inputs. */
  readonly hasInnerBias: boolean;
  step(
    states: readonly Value[],
    projected: Value,
    own: { recurrent: Value; bias: Value | undefined },
  ): Value[];
}

/** What reading a sequence came to: every step, [batch, steps, units], where it is asked for, and the states after the last one. */
interface Reading {
  readonly every: Value | undefined;
  readonly states: readonly Value[];
}

/** Inputs are projected for all steps at once, so that the loop only does what must wait for the step before. */
function read(
  units: number,
  cell: Cell,
  x: Value,
  own: Scope,
  { sequences, start }: { readonly sequences: boolean; readonly start?: readonly Value[] },
): Reading {
  if (x.shape.length !== 3) {
    throw misfit(`a recurrent layer wants [batch, steps, features], not ${shapeText(x.shape)}.`);
  }
  const [batch, steps, features] = x.shape as [number, number, number];
  const width = cell.gates * units;
  const spread = within(1 / Math.sqrt(units));
  const kernel = own.parameter('kernel', [features, width], spread);
  const recurrentKernel = own.parameter('recurrent', [units, width], spread);
  const bias = own.parameter('bias', [width], spread);
  const inner = cell.hasInnerBias ? own.parameter('recurrent_bias', [width], spread) : undefined;
  const overTime = reshape(transpose(x, [1, 0, 2]), [steps * batch, features]);
  const projected = reshape(add(product(overTime, kernel), bias), [steps, batch, width]);
  const { states, outputs } = scan(
    start ?? Array.from({ length: cell.states }, () => zeros([batch, units])),
    [projected],
    (before, [now]) => {
      const next = cell.step(before, now!, { recurrent: recurrentKernel, bias: inner });
      return { states: next, outputs: sequences ? [next[0]!] : [] };
    },
  );
  return { every: outputs[0] && transpose(outputs[0], [1, 0, 2]), states };
}

/** A cell as a layer that starts from zeros. */
const recurrent =
  (units: number, kind: string, cell: Cell, { sequences = false, name = kind }: RecurrentOptions): Layer =>
  (x, scope) =>
    scope.within(name, (own) => {
      const { every, states } = read(units, cell, x, own, { sequences });
      return every ?? states[0]!;
    });

/** h' = tanh(x W + h R + b). */
export const rnn = (units: number, options: RecurrentOptions = {}): Layer =>
  recurrent(
    units,
    'rnn',
    {
      gates: 1,
      states: 1,
      hasInnerBias: false,
      step: ([h], x, { recurrent: kernel }) => [tanh(add(x, product(h!, kernel)))],
    },
    options,
  );

/** Gates r, z, n, the reset gate applied after the product (as in cuDNN). */
export const gru = (units: number, options: RecurrentOptions = {}): Layer =>
  recurrent(
    units,
    'gru',
    {
      gates: 3,
      states: 1,
      hasInnerBias: true,
      step([h], x, { recurrent: kernel, bias }) {
        const own = add(product(h!, kernel), bias!);
        const gates = sigmoid(add(slice(x, 1, 0, 2 * units), slice(own, 1, 0, 2 * units)));
        const [r, z] = split(gates, 1, [units, units]);
        const n = tanh(add(slice(x, 1, 2 * units), multiply(r!, slice(own, 1, 2 * units))));
        return [add(n, multiply(z!, subtract(h!, n)))];
      },
    },
    options,
  );

/** Gates i, f, o, g: those with a sigmoid stand together. */
const memoryCell = (units: number): Cell => ({
  gates: 4,
  states: 2,
  hasInnerBias: false,
  step([h, c], x, { recurrent: kernel }) {
    const z = add(x, product(h!, kernel));
    const [gates, g] = split(z, 1, [3 * units, units]);
    const [i, f, o] = split(sigmoid(gates!), 1, [units, units, units]);
    const next = add(multiply(f!, c!), multiply(i!, tanh(g!)));
    return [multiply(o!, tanh(next)), next];
  },
});

/** Long short-term memory: its output at the last step, or at every one. */
export const lstm = (units: number, options: RecurrentOptions = {}): Layer =>
  recurrent(units, 'lstm', memoryCell(units), options);

/** Output and memory of an LSTM, each [batch, units]. */
export type Memory = readonly [output: Value, memory: Value];

/**
 * An LSTM that begins where another left off: every step, [batch, steps, units], and output and memory after the last. It begins
 * from `start`; its units are as many as that has.
 */
export function lstmFrom(
  start: Memory,
  x: Value,
  scope: Scope,
  { name = 'lstm' }: { readonly name?: string } = {},
): { readonly every: Value; readonly end: Memory } {
  return scope.within(name, (own) => {
    const units = start[0].shape.at(-1)!;
    const { every, states } = read(units, memoryCell(units), x, own, { sequences: true, start });
    return { every: every!, end: [states[0]!, states[1]!] };
  });
}
