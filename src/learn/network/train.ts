// Training: step after step over shuffled examples, watched on others that are held out.
import type { Checkpoint } from '../../core/checkpoint.ts';
import { Interrupted, UsageError } from '../../core/errors.ts';
import { random } from '../../core/random.ts';
import { arraysFor, type Examples, inputsFor } from './examples.ts';
import { input, type Value } from './graph.ts';
import { averaged } from './losses.ts';
import { compile } from './lowering.ts';
import { multiply } from './operators/arithmetic.ts';
import { total } from './operators/reduction.ts';
import { expand, reshape } from './operators/shape.ts';
import { adam, type Optimiser } from './optimisers.ts';
import { countOf, type Mask, type Parameter, type Scope, startOf, trace } from './parameters.ts';
import type { Numbers, Runtime, Session } from './runtime.ts';
import { constantRate, type Schedule } from './schedules.ts';
import { sizeOf } from './shapes.ts';
import { type TrainingStep, trainingStep } from './training-step.ts';

/** Losses of a batch, [batch, ...], with weights of the same shape where some do not count. */
export interface Losses {
  readonly losses: Value;
  readonly weights?: Value;
}

/** A network that ends in losses: fields of a batch by name in. */
export type Objective = (fields: Readonly<Record<string, Value>>, scope: Scope) => Losses;

/** How training stands. */
export interface Moment {
  /** Steps done, of so many. */
  readonly step: number;
  readonly steps: number;
  /** Mean loss of the steps since the moment before. */
  readonly loss: number;
  /** Mean loss of the examples held out; NaN where there are none. */
  readonly held: number;
}

export interface TrainOptions {
  /** Passes over all examples; defaults to 10. */
  readonly epochs?: number;
  /** Steps, in place of epochs. */
  readonly steps?: number;
  /** Examples a step; defaults to 32. */
  readonly batch?: number;
  /** Defaults to Adam. */
  readonly optimiser?: Optimiser;
  /** A learning rate, or one for each step; defaults to 0.001. */
  readonly rate?: number | Schedule;
  /** Longest gradient; defaults to no limit. */
  readonly clip?: number;
  /** Share that the running average of the parameters keeps at each step, such as 0.99; by default there is no average. */
  readonly average?: number;
  /** Examples that decide when to stop and which parameters are kept. */
  readonly held?: Examples;
  /** Steps between looks at them; defaults to an epoch. */
  readonly every?: number;
  /** Looks without a better loss after which training stops; defaults to none. */
  readonly patience?: number;
  /** Parameters to go on from, such as those of a saved network. */
  readonly start?: Pick<Weights, 'theta' | 'memory'>;
  readonly seed?: number;
  readonly threads?: number;
  /** Hears of each look, and of the first of the same training. */
  readonly onProgress?: (moment: Moment, first: Moment) => void;
  readonly signal?: AbortSignal | undefined;
  /** Where training is kept at each look, so that it can be taken up again. */
  readonly checkpoint?: Checkpoint | undefined;
}

/** What was learned; plain data. */
export interface Weights {
  readonly theta: Float32Array;
  /** What layers tracked, such as running means; empty for most. */
  readonly memory: Float32Array;
  readonly parameters: readonly Pick<Parameter, 'name' | 'shape'>[];
  readonly history: readonly Moment[];
}

/** All that the next step depends on; plain data. */
interface State {
  step: number;
  theta: Float32Array;
  memory: Float32Array;
  /** One a row that the optimiser remembers. */
  states: Float32Array[];
  mean: Float32Array | undefined;
  best: { theta: Float32Array; memory: Float32Array; held: number } | undefined;
  /** Looks since the best. */
  since: number;
  history: Moment[];
}

const KEY = 'training';

/** Refuses options that make no sense. */
function refuseNonsense({ epochs, steps, batch, every, patience, rate, clip, average }: TrainOptions): void {
  for (const [name, value] of Object.entries({ epochs, steps, batch, every, patience })) {
    if (value !== undefined && value !== Infinity && !(Number.isInteger(value) && value >= 1)) {
      throw new UsageError(`${name} is ${value}; give a whole number of 1 or more.`);
    }
  }
  if (steps === Infinity || (steps === undefined && epochs === Infinity)) {
    throw new UsageError('training without an end; give a number of epochs or steps.');
  }
  for (const [name, value] of Object.entries({ rate, clip })) {
    if (typeof value === 'number' && !(value > 0 && value < Infinity)) {
      throw new UsageError(`${name} is ${value}; give a number above 0.`);
    }
  }
  if (average !== undefined && !(average >= 0 && average < 1)) {
    throw new UsageError(`average is ${average}; give a share of at least 0 and below 1.`);
  }
}

/** Fields of a batch as values of a graph, and a weight for each row: the last batch of a pass may be filled up. */
function fieldsOf({ fields }: Examples, batch: number): { fields: Record<string, Value>; rows: Value } {
  return { fields: inputsFor(fields, batch), rows: input('row_weights', [batch]) };
}

/** The weights of the losses of a batch, with those of its rows. */
function weightsOf({ losses, weights }: Losses, rows: Value): Value {
  const own = reshape(rows, [rows.shape[0]!, ...losses.shape.slice(1).map(() => 1)]);
  return weights ? multiply(weights, own) : expand(own, losses.shape);
}

/** The mean loss of examples, without training. */
async function looker(
  objective: Objective,
  examples: Examples,
  batch: number,
  runtime: Runtime,
  threads: number,
): Promise<{ look(theta: Float32Array, memory: Float32Array): Promise<number>; release(): Promise<void> }> {
  const { fields, rows } = fieldsOf(examples, batch);
  const { result } = trace((scope) => objective(fields, scope));
  const weights = weightsOf(result, rows);
  const graph = compile(
    'look',
    // Names that no field of the examples has.
    { looked_loss: total(multiply(result.losses, weights)), looked_weight: total(weights) },
    runtime.target,
  );
  const session = await runtime.open(graph, { threads });
  const arrays = arraysFor(examples.fields, batch);
  const rowWeights = new Float32Array(batch);
  return {
    async look(theta, memory) {
      let [sum, weight] = [0, 0];
      for (let from = 0; from < examples.count; from += batch) {
        const which = Uint32Array.from({ length: batch }, (_, k) => Math.min(from + k, examples.count - 1));
        examples.fill(which, arrays);
        rowWeights.fill(1).fill(0, Math.min(batch, examples.count - from));
        const made = await session.run({ ...arrays, theta, memory, row_weights: rowWeights });
        sum += made.looked_loss![0]!;
        weight += made.looked_weight![0]!;
      }
      return sum / weight;
    },
    release: session.release,
  };
}

/** An order of all examples for one pass. */
function shuffled(count: number, seed: number, epoch: number): Uint32Array {
  const draw = random(seed, `epoch ${epoch}`);
  const order = Uint32Array.from({ length: count }, (_, k) => k);
  for (let k = count - 1; k > 0; k--) {
    const other = draw.below(k + 1);
    [order[k], order[other]] = [order[other]!, order[k]!];
  }
  return order;
}

/**
 * Trains a network on examples. The same seed gives the same parameters on the same machine and runtime, also when it was cut
 * short and taken up again. Throws a UsageError for options that make no sense, Interrupted when it is cancelled.
 */
export async function train(
  objective: Objective,
  examples: Examples,
  runtime: Runtime,
  options: TrainOptions = {},
): Promise<Weights> {
  const { batch: wanted = 32, epochs = 10, seed = 1, threads = 1, optimiser = adam(), clip, held } = options;
  refuseNonsense(options);
  if (examples.count === 0) throw new UsageError('there is no example to train on.');
  const batch = Math.min(wanted, examples.count);
  const perEpoch = Math.ceil(examples.count / batch);
  const steps = options.steps ?? epochs * perEpoch;
  const every = options.every ?? perEpoch;
  const rate = typeof options.rate === 'function' ? options.rate : constantRate(options.rate ?? 0.001);

  const { fields, rows } = fieldsOf(examples, batch);
  const plan = trainingStep(
    (scope) => {
      const made = objective(fields, scope);
      return averaged(made.losses, weightsOf(made, rows));
    },
    runtime.target,
    { optimiser, ...(clip === undefined ? {} : { clip }) },
  );
  const session = await runtime.open(plan.graph, { threads });
  const watch = held && held.count > 0 ? await looker(objective, held, batch, runtime, threads) : undefined;
  const state =
    ((await options.checkpoint?.get(KEY)) as State | undefined) ??
    beginning(plan, optimiser, options.start, seed, options.average !== undefined);
  const batches = batchesOf(examples, batch, seed);
  const masks = masksOf(plan.masks, seed);
  const stepper = stepperOf(session, state, optimiser);
  try {
    let [sum, count] = [0, 0];
    while (state.step < steps) {
      if (options.signal?.aborted) throw new Interrupted();
      const step = state.step + 1;
      const loss = await stepper({ ...batches(step), ...masks(step) }, step, rate(step, steps));
      if (!Number.isFinite(loss)) {
        throw new UsageError(
          `the loss is ${loss} at step ${step}; lower the learning rate, or limit the gradient with clip.`,
        );
      }
      [sum, count] = [sum + loss, count + 1];
      if (state.mean) blendIn(state.mean, state.theta, options.average!, step);
      if (step % every !== 0 && step !== steps) continue;
      const theta = state.mean ?? state.theta;
      const moment: Moment = {
        step,
        steps,
        loss: sum / count,
        held: watch ? await watch.look(theta, state.memory) : Number.NaN,
      };
      [sum, count] = [0, 0];
      state.history.push(moment);
      options.onProgress?.(moment, state.history[0]!);
      if (watch && !keepBest(state, theta, moment.held, options.patience)) break;
      await options.checkpoint?.put(KEY, state);
    }
  } finally {
    await session.release();
    await watch?.release();
  }
  const { theta, memory } = state.best ?? { theta: state.mean ?? state.theta, memory: state.memory };
  return {
    theta,
    memory,
    parameters: plan.parameters.map(({ name, shape }) => ({ name, shape })),
    history: state.history,
  };
}

/** The state before the first step. */
function beginning(
  { parameters, tracked }: TrainingStep,
  optimiser: Optimiser,
  start: TrainOptions['start'],
  seed: number,
  averages: boolean,
): State {
  const theta = start ? start.theta.slice() : startOf(parameters, seed);
  const count = countOf(parameters);
  if (theta.length !== count) {
    throw new UsageError(`the parameters to go on from are ${theta.length}, and the network has ${count}.`);
  }
  return {
    step: 0,
    theta,
    memory: start ? start.memory.slice() : startOf(tracked, seed),
    states: optimiser.states.map(() => new Float32Array(count)),
    mean: averages ? theta.slice() : undefined,
    best: undefined,
    since: 0,
    history: [],
  };
}

/** The arrays of each step: shuffled anew each pass, the last batch of one filled up from its beginning. */
function batchesOf(
  examples: Examples,
  batch: number,
  seed: number,
): (step: number) => Record<string, Numbers> {
  const arrays: Record<string, Numbers> = {
    ...arraysFor(examples.fields, batch),
    row_weights: new Float32Array(batch).fill(1),
  };
  const perEpoch = Math.ceil(examples.count / batch);
  let epoch = -1;
  let order: Uint32Array = new Uint32Array(0);
  return (step) => {
    const now = Math.floor((step - 1) / perEpoch);
    if (now !== epoch) [epoch, order] = [now, shuffled(examples.count, seed, now)];
    const from = ((step - 1) % perEpoch) * batch;
    examples.fill(
      Uint32Array.from({ length: batch }, (_, k) => order[(from + k) % examples.count]!),
      arrays,
    );
    return arrays;
  };
}

/** What is dropped at each step, a stream of its own for each, so that it does not matter where training was taken up. */
function masksOf(masks: readonly Mask[], seed: number): (step: number) => Record<string, Float32Array> {
  const arrays = Object.fromEntries(
    masks.map(({ name, value }) => [name, new Float32Array(sizeOf(value.shape))]),
  );
  return (step) => {
    for (const { name, drop } of masks) {
      const { uniform } = random(seed, `${name} ${step}`);
      const values = arrays[name]!;
      for (let k = 0; k < values.length; k++) values[k] = uniform() < drop ? 0 : 1 / (1 - drop);
    }
    return arrays;
  };
}

/** Takes steps: results go into a second set of arrays, which then changes places with the first. */
function stepperOf(
  session: Session,
  state: State,
  { states: names, feeds }: Optimiser,
): (fed: Record<string, Numbers>, step: number, rate: number) => Promise<number> {
  let spare: Pick<State, 'theta' | 'memory' | 'states'> = {
    theta: state.theta.slice(),
    memory: state.memory.slice(),
    states: state.states.map((row) => row.slice()),
  };
  const loss = new Float32Array(1);
  const numbers: Record<string, Float32Array> = Object.fromEntries(
    Object.keys(feeds(1, 1)).map((name) => [name, new Float32Array(1)]),
  );
  const rows = (prefix: string, { theta, memory, states }: typeof spare): Record<string, Float32Array> => ({
    [`${prefix}theta`]: theta,
    [`${prefix}memory`]: memory,
    ...Object.fromEntries(names.map((name, k) => [`${prefix}${name}`, states[k]!])),
  });
  return async (fed, step, rate) => {
    for (const [name, value] of Object.entries(feeds(step, rate))) numbers[name]![0] = value;
    const { theta, memory, states } = state;
    await session.run({ ...fed, ...numbers, ...rows('', state) }, { loss, ...rows('next_', spare) });
    Object.assign(state, { ...spare, step });
    spare = { theta, memory, states };
    return loss[0]!;
  };
}

/** Moves a running average of the parameters; early steps count more, as there is little to average yet. */
function blendIn(mean: Float32Array, theta: Float32Array, keep: number, step: number): void {
  const share = 1 - Math.min(keep, (1 + step) / (10 + step));
  for (let k = 0; k < mean.length; k++) mean[k]! += share * (theta[k]! - mean[k]!);
}

/** Remembers the best parameters; false once none have been better for too long. */
function keepBest(state: State, theta: Float32Array, held: number, patience = Infinity): boolean {
  if (!state.best || held < state.best.held) {
    state.best = { theta: theta.slice(), memory: state.memory.slice(), held };
    state.since = 0;
  } else state.since++;
  return state.since < patience;
}
