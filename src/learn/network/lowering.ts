// From a graph to ONNX: each node becomes one operation or a few, in the order in which they are computed.
import { type Constant, encodeOnnx, type OnnxNode, type Tensor } from '../onnx/model.ts';
import { CONSTANT, inputName, type Node, ordered, type Shape, type Value } from './graph.ts';

/** What the runtime that the graph is meant for can do. */
export interface Target {
  /** Matrix products of turned matrices in one operation (`com.microsoft`); otherwise they are turned before. */
  readonly fusedProducts: boolean;
  /** Loops over time; otherwise they are written out step by step. */
  readonly loops: boolean;
  /** Most pieces that one operation cuts. */
  readonly pieces: number;
  /** Whether rows can be added to a table at places. */
  readonly scatters: boolean;
}

/** ONNX Runtime on a CPU, native or as WebAssembly. */
export const CPU: Target = { fusedProducts: true, loops: true, pieces: Infinity, scatters: true };
/**
 * ONNX Runtime on WebGPU, which keeps to plain operations so that all of them run on the device. A device may allow no more
 * than eight tables an operation (maxStorageBuffersPerShaderStage).
 */
export const GPU: Target = { fusedProducts: false, loops: false, pieces: 7, scatters: false };

/** What an operator writes its operations with. */
export interface Lowering {
  readonly target: Target;
  /** Writes one operation; its attributes are those given. */
  operation(
    op: string,
    inputs: readonly Value[],
    outputs: readonly Value[],
    attributes?: OnnxNode['attributes'],
    domain?: string,
  ): void;
  matrixProduct(a: Value, b: Value, first: boolean, second: boolean, out: Value): void;
  /** The name of a value, given when it is first asked for. */
  nameOf(value: Value): string;
  /** Whether anything needs the value. */
  isUsed(value: Value): boolean;
  /**
   * Writes nodes under names of their own, so that they can be written again: values that are known by other names, and
   * where to write to.
   */
  body(
    nodes: readonly Node[],
    known: ReadonlyMap<Value, string>,
    into: OnnxNode[],
  ): Pick<Lowering, 'nameOf' | 'raw'>;
  /** A further name, for what is no value of the graph. */
  fresh(): string;
  /** Writes an operation by names. */
  raw(node: OnnxNode): void;
}

const KINDS = { float: 'float', int64: 'int64', bool: 'bool' } as const;

/** A description of a value that goes in or out. */
const tensorOf = (name: string, { shape, kind }: Value): Tensor => ({ name, shape, kind: KINDS[kind] });

/** Writes a node as its operator says, or as the one operation of its name. */
export function lowerNode(node: Node, lowering: Lowering): void {
  const { operator, inputs, outputs, attributes } = node;
  if (operator.lower) operator.lower(node, lowering);
  else lowering.operation(operator.name, inputs, outputs, attributes);
}

/** A graph as an ONNX model: what goes in by name, and the values that come out under the given names. */
export interface Compiled {
  readonly bytes: Uint8Array;
  readonly inputs: Readonly<Record<string, { readonly shape: Shape; readonly kind: Value['kind'] }>>;
  readonly outputs: Readonly<Record<string, Shape>>;
}

export interface CompileOptions {
  /** Inputs that are known for good, such as the parameters of a trained network: they become part of the model. */
  readonly fixed?: Readonly<Record<string, Float32Array>>;
  /** What the model says of itself. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Writes what the outputs need as an ONNX model (operation set 17). */
export function compile(
  name: string,
  outputs: Readonly<Record<string, Value>>,
  target: Target = CPU,
  { fixed = {}, metadata = {} }: CompileOptions = {},
): Compiled {
  const wanted = Object.values(outputs);
  const nodes = ordered(wanted);
  const used = new Set<Value>([...wanted, ...nodes.flatMap(({ inputs }) => inputs)]);
  const names = new Map<Value, string>();
  const constants = new Map<string, Constant>();
  let count = 0;
  const taken = new Set([...Object.keys(outputs), ...nodes.map(({ outputs: [own] }) => inputName(own!))]);
  const fresh = (): string => {
    let name = `v${count++}`;
    while (taken.has(name)) name = `v${count++}`;
    return name;
  };
  const constantName = ({ node: { attributes }, shape, kind }: Value): string => {
    const { floats } = attributes.values as { floats: ArrayLike<number> };
    const key = floats.length <= 16 ? `${kind} ${shape} ${Array.from(floats)}` : fresh();
    const known = constants.get(key);
    if (known) return known.name;
    const own = { name: fresh(), kind: kind === 'int64' ? kind : ('float' as const), values: floats, shape };
    constants.set(key, own);
    return own.name;
  };
  const nameOf = (value: Value): string => {
    const known = names.get(value);
    if (known !== undefined) return known;
    const made = inputName(value) ?? (value.node.operator === CONSTANT ? constantName(value) : fresh());
    names.set(value, made);
    return made;
  };

  const loweringInto = (written: OnnxNode[], nameOf: (value: Value) => string): Lowering => {
    const raw = (node: OnnxNode): void => {
      written.push(node);
    };
    const lowering: Lowering = {
      target,
      operation(op, inputs, outs, attributes = {}, domain = '') {
        raw({ op, domain, inputs: inputs.map(nameOf), outputs: outs.map(nameOf), attributes });
      },
      matrixProduct(a, b, first, second, out) {
        if (!first && !second) {
          lowering.operation('MatMul', [a, b], [out]);
        } else if (target.fusedProducts) {
          const attributes = { transA: { int: first ? 1 : 0 }, transB: { int: second ? 1 : 0 } };
          lowering.operation('FusedMatMul', [a, b], [out], attributes, 'com.microsoft');
        } else {
          const turned = (value: Value, turn: boolean): string => {
            if (!turn) return nameOf(value);
            const rank = value.shape.length;
            const perm = value.shape.map((_, k) => (k < rank - 2 ? k : 2 * rank - 3 - k));
            const own = fresh();
            raw({
              op: 'Transpose',
              inputs: [nameOf(value)],
              outputs: [own],
              attributes: { perm: { ints: perm } },
            });
            return own;
          };
          raw({ op: 'MatMul', inputs: [turned(a, first), turned(b, second)], outputs: [nameOf(out)] });
        }
      },
      nameOf,
      isUsed: (value) => used.has(value),
      body(inside, known, into) {
        const own = new Map(known);
        const local = new Set(inside.flatMap(({ outputs: made }) => made));
        const ownName = (value: Value): string => {
          const name = own.get(value);
          if (name !== undefined) return name;
          if (!local.has(value)) return nameOf(value);
          const made = fresh();
          own.set(value, made);
          return made;
        };
        const inner = loweringInto(into, ownName);
        for (const node of inside) lowerNode(node, inner);
        return inner;
      },
      fresh,
      raw,
    };
    return lowering;
  };

  // What goes out is computed under its own name; only what goes out twice, or came in, is copied.
  for (const [own, value] of Object.entries(outputs)) {
    if (inputName(value) === undefined && value.node.operator !== CONSTANT && !names.has(value))
      names.set(value, own);
  }
  const written: OnnxNode[] = [];
  const lowering = loweringInto(written, nameOf);
  const inputs: Record<string, Value> = {};
  for (const node of nodes) {
    const own = inputName(node.outputs[0]!);
    const known = own === undefined ? undefined : fixed[own];
    if (own !== undefined && known) {
      const { shape } = node.outputs[0]!;
      constants.set(`fixed ${own}`, { name: own, kind: 'float', values: known, shape });
    } else if (own !== undefined) inputs[own] = node.outputs[0]!;
    else if (node.operator !== CONSTANT) lowerNode(node, lowering);
  }
  for (const [own, value] of Object.entries(outputs)) {
    if (nameOf(value) !== own) lowering.raw({ op: 'Identity', inputs: [nameOf(value)], outputs: [own] });
  }
  const bytes = encodeOnnx({
    name,
    nodes: written,
    constants: [...constants.values()],
    inputs: Object.entries(inputs).map(([own, value]) => tensorOf(own, value)),
    outputs: Object.entries(outputs).map(([own, value]) => tensorOf(own, value)),
    versions: { '': 17, 'com.microsoft': 1 },
    metadata,
  });
  return {
    bytes,
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([own, { shape, kind }]) => [own, { shape, kind }]),
    ),
    outputs: Object.fromEntries(Object.entries(outputs).map(([own, { shape }]) => [own, shape])),
  };
}
