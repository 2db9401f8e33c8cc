// The graph of a network: values that operations make of other values. Shapes are known when a value is made, so that what
// does not fit is refused there, and not in the middle of training.
import type { Attribute } from '../onnx/model.ts';
import type { Lowering } from './lowering.ts';

/** Sizes along each axis; [] for a single number. */
export type Shape = readonly number[];

/** What a value consists of: numbers in single precision, whole numbers, or yes and no. */
export type Kind = 'float' | 'int64' | 'bool';

/** A table of numbers that is computed, not yet the numbers themselves. */
export interface Value {
  readonly node: Node;
  readonly shape: Shape;
  readonly kind: Kind;
}

/** One use of an operator. */
export interface Node {
  readonly operator: Operator;
  readonly inputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** A scan gains further ones when its gradient asks for what it kept. */
  readonly outputs: Value[];
}

export interface Operator {
  /** As in ONNX, where it is one of its operations. */
  readonly name: string;
  /**
   * The gradients of the inputs, given those of the outputs: undefined where an output does not matter, or an input has
   * none. Absent for operators whose inputs have none at all.
   */
  gradient?(node: Node, upstream: readonly (Value | undefined)[]): (Value | undefined)[];
  /** Writes it in ONNX; one operation of its name where absent. */
  lower?(node: Node, lowering: Lowering): void;
}

/** What an output is like. */
export interface Sort {
  readonly shape: Shape;
  readonly kind?: Kind;
}

/** Uses an operator with several outputs. */
export function apply(
  operator: Operator,
  inputs: readonly Value[],
  sorts: readonly Sort[],
  attributes: Node['attributes'] = {},
): Node {
  const outputs: Value[] = [];
  const node: Node = { operator, inputs, attributes, outputs };
  for (const { shape, kind = 'float' } of sorts) outputs.push({ node, shape, kind });
  return node;
}

/** Uses an operator with one output. */
export const applied = (
  operator: Operator,
  inputs: readonly Value[],
  sort: Sort,
  attributes: Node['attributes'] = {},
): Value => apply(operator, inputs, [sort], attributes).outputs[0]!;

/** What comes from outside: data, parameters, the state of an optimiser. */
const INPUT: Operator = { name: 'input' };
/** Numbers that are known when the graph is made. */
export const CONSTANT: Operator = { name: 'constant' };

/** A leaf that is fed under a name each time the graph runs. */
export const input = (name: string, shape: Shape, kind: Kind = 'float'): Value =>
  applied(INPUT, [], { shape, kind }, { name: { text: name } });

/** The name of an input; undefined for other values. */
export function inputName({ node }: Value): string | undefined {
  const { name } = node.attributes;
  return node.operator === INPUT && name && 'text' in name ? name.text : undefined;
}

/** A table of known numbers; whole ones where `kind` says so. */
export const constant = (values: ArrayLike<number>, shape: Shape, kind: Kind = 'float'): Value =>
  applied(CONSTANT, [], { shape, kind }, { values: { floats: values } });

/** A known number. */
export const scalar = (value: number): Value => constant([value], []);

/** A row of whole numbers: sizes, axes, places. */
export const wholes = (values: readonly number[]): Value => constant(values, [values.length], 'int64');

/** All nodes that the values are made of, each after those that it needs. */
export function ordered(values: readonly Value[]): Node[] {
  const done = new Set<Node>();
  const out: Node[] = [];
  // A stack of our own: graphs of unrolled networks are deeper than the language's.
  const stack: { node: Node; next: number }[] = [];
  for (const { node } of values) {
    if (done.has(node)) continue;
    stack.push({ node, next: 0 });
    done.add(node);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const needed = top.node.inputs[top.next++]?.node;
      if (!needed) {
        out.push(top.node);
        stack.pop();
      } else if (!done.has(needed)) {
        done.add(needed);
        stack.push({ node: needed, next: 0 });
      }
    }
  }
  return out;
}
