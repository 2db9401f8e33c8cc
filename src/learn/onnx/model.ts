// Models in the Open Neural Network Exchange format: the messages we need of onnx.proto3 (github.com/onnx/onnx, IR version 8).
import { bytes, float, floats, message, text, whole, wholes } from './protobuf.ts';

/** What an attribute of a node holds. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: ArrayLike<number> }
  | { readonly texts: readonly string[] }
  | { readonly graph: OnnxGraph };

/** One operation of a graph. */
export interface OnnxNode {
  readonly op: string;
  /** Whose operation it is; defaults to ONNX's own. */
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** A constant by name: a number, or a table of numbers, a row where no shape is given; `int64` or single precision. */
export interface Constant {
  readonly name: string;
  readonly kind: 'int64' | 'float';
  readonly values: ArrayLike<number> | number;
  readonly shape?: readonly number[];
}

/** A table that goes in or out, of single-precision numbers by default; a text as a size names what is not known yet. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  readonly kind?: keyof typeof DATA_TYPES;
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly Constant[];
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

export interface OnnxModel extends OnnxGraph {
  /** Versions of the operations by domain; '' is ONNX's own. */
  readonly versions: Readonly<Record<string, number>>;
  readonly metadata: Readonly<Record<string, string>>;
}

const IR_VERSION = 8;
/** TensorProto.DataType. */
const DATA_TYPES = { float: 1, int64: 7, bool: 9 } as const;

/** AttributeProto: name 1, f 2, i 3, s 4, g 6, floats 7, ints 8, strings 9, type 20. */
function attributeOf(name: string, value: Attribute): Uint8Array {
  const made = (type: number, ...content: readonly Uint8Array[]): Uint8Array =>
    message([text(1, name), ...content, whole(20, type)]);
  if ('float' in value) return made(1, float(2, value.float));
  if ('int' in value) return made(2, whole(3, value.int));
  if ('text' in value) return made(3, text(4, value.text));
  if ('graph' in value) return made(5, bytes(6, graphOf(value.graph)));
  if ('floats' in value) return made(6, floats(7, value.floats));
  if ('ints' in value) return made(7, wholes(8, value.ints));
  return made(8, message(value.texts.map((item) => text(9, item))));
}

/** NodeProto: input 1, output 2, op_type 4, attribute 5, domain 7. */
const nodeOf = ({ op, domain = '', inputs, outputs, attributes = {} }: OnnxNode): Uint8Array =>
  message([
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => bytes(5, attributeOf(name, value))),
    text(7, domain),
  ]);

/** TensorProto: dims 1, data_type 2, float_data 4, int64_data 7, name 8. */
function constantOf({ name, kind, values, shape }: Constant): Uint8Array {
  const row = typeof values === 'number' ? [values] : values;
  return message([
    wholes(1, shape ?? (typeof values === 'number' ? [] : [row.length])),
    whole(2, DATA_TYPES[kind]),
    kind === 'float' ? floats(4, row) : wholes(7, Array.from(row)),
    text(8, name),
  ]);
}

/** ValueInfoProto: name 1, type 2 (tensor_type 1: elem_type 1, shape 2: dim 1: dim_value 1, dim_param 2). */
function tensorOf({ name, shape, kind = 'float' }: Tensor): Uint8Array {
  const dims = shape.map((size) => bytes(1, typeof size === 'number' ? whole(1, size) : text(2, size)));
  const tensor = message([whole(1, DATA_TYPES[kind]), bytes(2, message(dims))]);
  return message([text(1, name), bytes(2, bytes(1, tensor))]);
}

/** GraphProto: node 1, name 2, initializer 5, input 11, output 12. */
function graphOf({ name, nodes, constants, inputs, outputs }: OnnxGraph): Uint8Array {
  return message([
    ...nodes.map((node) => bytes(1, nodeOf(node))),
    text(2, name),
    ...constants.map((constant) => bytes(5, constantOf(constant))),
    ...inputs.map((tensor) => bytes(11, tensorOf(tensor))),
    ...outputs.map((tensor) => bytes(12, tensorOf(tensor))),
  ]);
}

/** ModelProto: ir_version 1, producer_name 2, graph 7, opset_import 8 (domain 1, version 2), metadata_props 14 (key 1, value 2). */
export const encodeOnnx = (model: OnnxModel): Uint8Array =>
  message([
    whole(1, IR_VERSION),
    text(2, 'bellwether'),
    bytes(7, graphOf(model)),
    ...Object.entries(model.versions).map(([domain, version]) =>
      bytes(8, message([text(1, domain), whole(2, version)])),
    ),
    ...Object.entries(model.metadata).map(([name, value]) =>
      bytes(14, message([text(1, name), text(2, value)])),
    ),
  ]);
