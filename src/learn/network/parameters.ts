// The parameters of a network, all in one flat row of numbers: one array to optimise, average, save and resume, whatever the layers.
import { type Random, random } from '../../core/random.ts';
import { input, type Shape, type Value } from './graph.ts';
import { reshape, split } from './operators/shape.ts';
import { inPlace, misfit, sizeOf } from './shapes.ts';

/** Makes the first values of a parameter. */
export type Initialiser = (shape: Shape, random: Random) => Float32Array;

/** A parameter by its place in the network, such as "lstm_2/kernel". */
export interface Parameter {
  readonly name: string;
  readonly shape: Shape;
  readonly start: Initialiser;
}

/** Numbers that keep or drop: 0 with a probability, otherwise 1 / (1 − probability), anew at each step. */
export interface Mask {
  readonly value: Value;
  readonly name: string;
  readonly drop: number;
}

/** What a layer builds with. */
export interface Scope {
  /** Whether the graph is for training: then what is dropped is drawn, and what is tracked is updated. */
  readonly training: boolean;
  /** A parameter that training moves. */
  parameter(name: string, shape: Shape, start: Initialiser): Value;
  /** Numbers that training tracks instead of moving them down the loss, with what they become after a step. */
  tracked(name: string, shape: Shape, start: Initialiser, next?: (before: Value) => Value): Value;
  /** A mask that drops a share of what it is multiplied with. */
  mask(shape: Shape, drop: number): Value;
  /** Builds a part under a name; a name that is taken gets a number. */
  within<Result>(name: string, build: (scope: Scope) => Result): Result;
}

/** A part of a network: values in, a value out. */
export type Layer = (x: Value, scope: Scope) => Value;

/** What building a network came to. */
export interface Traced<Result> {
  readonly result: Result;
  /** Those that training moves come first. */
  readonly parameters: readonly Parameter[];
  readonly tracked: readonly Parameter[];
  /** One a parameter, moved ones first: what the graph reads. */
  readonly values: readonly Value[];
  /** One a tracked parameter: what it becomes after a step. */
  readonly next: readonly Value[];
  readonly masks: readonly Mask[];
}

type Build<Result> = (scope: Scope) => Result;

/** Builds a network from parameters that are given one by one. */
function build<Result>(
  make: Build<Result>,
  training: boolean,
  read: (name: string, shape: Shape) => Value,
): Traced<Result> {
  const parameters: Parameter[] = [];
  const tracked: Parameter[] = [];
  const next = new Map<string, Value>();
  const values = new Map<string, Value>();
  const masks: Mask[] = [];
  const scopeAt = (path: string): Scope => {
    const taken = new Map<string, number>();
    const named = (name: string): string => (path === '' ? name : `${path}/${name}`);
    const known = (list: Parameter[], own: Parameter): Value => {
      if (values.has(own.name)) throw misfit(`there are two parameters named "${own.name}".`);
      list.push(own);
      const value = read(own.name, own.shape);
      values.set(own.name, value);
      return value;
    };
    return {
      training,
      parameter: (name, shape, start) => known(parameters, { name: named(name), shape, start }),
      tracked(name, shape, start, change) {
        const value = known(tracked, { name: named(name), shape, start });
        next.set(named(name), training && change ? change(value) : value);
        return value;
      },
      mask(shape, drop) {
        const name = `mask_${masks.length}`;
        const value = input(name, shape);
        masks.push({ value, name, drop });
        return value;
      },
      within(name, part) {
        const count = (taken.get(name) ?? 0) + 1;
        taken.set(name, count);
        const own = count === 1 ? name : `${name}_${count}`;
        return inPlace(own, () => part(scopeAt(named(own))));
      },
    };
  };
  const result = make(scopeAt(''));
  return {
    result,
    parameters,
    tracked,
    values: [...parameters, ...tracked].map(({ name }) => values.get(name)!),
    next: tracked.map(({ name }) => next.get(name)!),
    masks,
  };
}

/** Numbers in all of the parameters. */
export const countOf = (parameters: readonly Parameter[]): number =>
  parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/** A network that reads its parameters from a flat row [count], and tracked ones from another. */
export interface Flat<Result> extends Traced<Result> {
  readonly theta: Value;
  readonly memory: Value | undefined;
}

/** Builds a network on flat parameters: once to learn what there is, once to read it. */
export function trace<Result>(
  make: Build<Result>,
  { training = false }: { training?: boolean } = {},
): Flat<Result> {
  const dry = build(make, training, (name, shape) => input(name, shape));
  const flat = (name: string, list: readonly Parameter[]): [Value, [string, Value][]] => {
    const whole = input(name, [countOf(list)]);
    const pieces = split(
      whole,
      0,
      list.map(({ shape }) => sizeOf(shape)),
    );
    return [whole, list.map((own, k) => [own.name, reshape(pieces[k]!, own.shape)])];
  };
  const [theta, moved] = flat('theta', dry.parameters);
  const [memory, held] = dry.tracked.length > 0 ? flat('memory', dry.tracked) : [undefined, []];
  const known = new Map([...moved, ...held]);
  return { ...build(make, training, (name) => known.get(name)!), theta, memory };
}

/** First values of parameters, one after another, each from a stream of its own. */
export function startOf(parameters: readonly Parameter[], seed: number): Float32Array {
  const out = new Float32Array(countOf(parameters));
  let at = 0;
  for (const { name, shape, start } of parameters) {
    out.set(start(shape, random(seed, name)), at);
    at += sizeOf(shape);
  }
  return out;
}
