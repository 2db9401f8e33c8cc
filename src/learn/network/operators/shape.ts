// Operators that move numbers without changing them.
import { applied, apply, constant, type Operator, type Shape, type Value, wholes } from '../graph.ts';
import type { Lowering } from '../lowering.ts';
import { axisOf, misfit, sameShape, shapeText, sizeOf } from '../shapes.ts';
import { sum, sumOfRows } from './reduction.ts';

const RESHAPE: Operator = {
  name: 'Reshape',
  gradient: ({ inputs: [x] }, [d]) => [d && reshape(d, x!.shape)],
};

/** The same numbers in another shape. */
export function reshape(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  if (sizeOf(x.shape) !== sizeOf(shape)) {
    throw misfit(`${shapeText(x.shape)} cannot be read as ${shapeText(shape)}: they differ in size.`);
  }
  return applied(RESHAPE, [x, wholes(shape)], { shape, kind: x.kind });
}

const TRANSPOSE: Operator = {
  name: 'Transpose',
  gradient({ attributes: { perm } }, [d]) {
    const order = (perm as { ints: readonly number[] }).ints;
    return [
      d &&
        transpose(
          d,
          order.map((_, axis) => order.indexOf(axis)),
        ),
    ];
  },
};

/** Axis k of the result is axis order[k] of x. */
export function transpose(x: Value, order: readonly number[]): Value {
  if ([...order].sort((a, b) => a - b).some((axis, k) => axis !== k) || order.length !== x.shape.length) {
    throw misfit(`[${order.join(', ')}] is no order of the axes of ${shapeText(x.shape)}.`);
  }
  const shape = order.map((axis) => x.shape[axis]!);
  return applied(TRANSPOSE, [x], { shape, kind: x.kind }, { perm: { ints: order } });
}

const CONCAT: Operator = {
  name: 'Concat',
  gradient({ inputs, attributes: { axis } }, [d]) {
    const along = (axis as { int: number }).int;
    return d
      ? split(
          d,
          along,
          inputs.map(({ shape }) => shape[along]!),
        )
      : inputs.map(() => undefined);
  },
};

/** One after another along an axis. */
export function concat(values: readonly Value[], axis = -1): Value {
  const [first] = values;
  if (!first) throw misfit('nothing to join.');
  if (values.length === 1) return first;
  const along = axisOf(axis, first.shape);
  let size = 0;
  for (const { shape } of values) {
    if (shape.length !== first.shape.length || shape.some((n, k) => k !== along && n !== first.shape[k])) {
      throw misfit(`${shapeText(first.shape)} and ${shapeText(shape)} cannot be joined along axis ${axis}.`);
    }
    size += shape[along]!;
  }
  const shape = first.shape.map((n, k) => (k === along ? size : n));
  return applied(CONCAT, values, { shape, kind: first.kind }, { axis: { int: along } });
}

export const SPLIT: Operator = {
  name: 'Split',
  gradient({ outputs, attributes: { axis } }, upstream) {
    if (upstream.every((d) => d === undefined)) return [undefined];
    return [
      concat(
        outputs.map(({ shape }, k) => upstream[k] ?? zeros(shape)),
        (axis as { int: number }).int,
      ),
    ];
  },
  lower(node, lowering) {
    const { inputs, outputs, attributes } = node;
    if (outputs.length <= lowering.target.pieces) {
      lowering.operation('Split', inputs, outputs, attributes);
      return;
    }
    const along = (attributes.axis as { int: number }).int;
    let from = 0;
    for (const out of outputs) {
      lowerSlice(inputs[0]!, out, along, from, lowering);
      from += out.shape[along]!;
    }
  },
};

/** Pieces of the given sizes along an axis. */
export function split(x: Value, axis: number, sizes: readonly number[]): Value[] {
  const along = axisOf(axis, x.shape);
  if (sizes.length === 1 && sizes[0] === x.shape[along]) return [x];
  if (sizes.reduce((a, b) => a + b, 0) !== x.shape[along]) {
    throw misfit(`${shapeText(x.shape)} cannot be cut into ${shapeText(sizes)} along axis ${axis}.`);
  }
  const sorts = sizes.map((size) => ({
    shape: x.shape.map((n, k) => (k === along ? size : n)),
    kind: x.kind,
  }));
  return apply(SPLIT, [x, wholes(sizes)], sorts, { axis: { int: along } }).outputs;
}

const SLICE: Operator = {
  name: 'Slice',
  gradient({ inputs: [x], outputs: [out], attributes: { from, along } }, [d]) {
    if (!d) return [undefined];
    const [axis, start] = [(along as { int: number }).int, (from as { int: number }).int];
    const rest = x!.shape[axis]! - start - out!.shape[axis]!;
    const gap = (size: number): Value[] =>
      size > 0 ? [zeros(x!.shape.map((n, k) => (k === axis ? size : n)))] : [];
    return [concat([...gap(start), d, ...gap(rest)], axis)];
  },
  lower: ({ inputs: [x], outputs: [out], attributes: { from, along } }, lowering) =>
    lowerSlice(x!, out!, (along as { int: number }).int, (from as { int: number }).int, lowering),
};

function lowerSlice(x: Value, out: Value, axis: number, from: number, lowering: Lowering): void {
  const places = [from, from + out.shape[axis]!, axis].map((place) => wholes([place]));
  lowering.operation('Slice', [x, ...places], [out]);
}

/** The places from..to along an axis; negative ones count from the end. */
export function slice(
  x: Value,
  axis: number,
  from: number,
  to: number = x.shape[axisOf(axis, x.shape)]!,
): Value {
  const along = axisOf(axis, x.shape);
  const size = x.shape[along]!;
  const [start, end] = [from < 0 ? from + size : from, to < 0 ? to + size : to];
  if (start < 0 || end > size || start >= end) {
    throw misfit(`there is no stretch ${from} to ${to} along axis ${axis} of ${shapeText(x.shape)}.`);
  }
  if (start === 0 && end === size) return x;
  const shape = x.shape.map((n, k) => (k === along ? end - start : n));
  return applied(SLICE, [x], { shape, kind: x.kind }, { along: { int: along }, from: { int: start } });
}

const EXPAND: Operator = {
  name: 'Expand',
  gradient: ({ inputs: [x] }, [d]) => [d && shrunk(d, x!.shape)],
};

/** Repeats what has size 1 until the shape is reached. */
export function expand(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  return applied(EXPAND, [x, wholes(shape)], { shape, kind: x.kind });
}

const FILL: Operator = { name: 'ConstantOfShape' };

/** All zero. */
export const zeros = (shape: Shape): Value => applied(FILL, [wholes(shape)], { shape });

/** Sums over what had been stretched, back to a shape: the gradient of stretching. */
export function shrunk(d: Value, shape: Shape): Value {
  if (sameShape(d.shape, shape)) return d;
  const lead = d.shape.length - shape.length;
  const axes = d.shape.flatMap((size, axis) =>
    axis < lead || (shape[axis - lead] === 1 && size > 1) ? [axis] : [],
  );
  if (axes.length === 0) return reshape(d, shape);
  const areFirst = axes.at(-1) === axes.length - 1;
  return reshape(areFirst ? sumOfRows(d, axes.length) : sum(d, axes), shape);
}

const GATHER: Operator = {
  name: 'Gather',
  gradient({ inputs: [table, places] }, [d]) {
    return [d && scattered(table!.shape, places!, d), undefined];
  },
};

/** Rows of a table [rows, width] at whole-number places of any shape: [...places, width]. */
export function gather(table: Value, places: Value): Value {
  if (table.shape.length !== 2 || places.kind !== 'int64') {
    throw misfit(
      `rows are looked up in a table of two axes by whole numbers, not in ${shapeText(table.shape)}.`,
    );
  }
  return applied(GATHER, [table, places], { shape: [...places.shape, table.shape[1]!] });
}

const SCATTER: Operator = {
  name: 'ScatterND',
  lower(node, lowering) {
    const { inputs, outputs, attributes } = node;
    if (lowering.target.scatters) {
      lowering.operation('ScatterND', inputs, outputs, attributes);
      return;
    }
    // Where rows cannot be added at places: a product with a table that is 1 where a place is that of a row.
    const [table, places, d] = inputs as [Value, Value, Value];
    const rows = table.shape[0]!;
    const every = constant(
      Array.from({ length: rows }, (_, row) => row),
      [1, rows],
      'int64',
    );
    const [same, hot, turned] = [lowering.fresh(), lowering.fresh(), lowering.fresh()];
    lowering.raw({
      op: 'Equal',
      inputs: [lowering.nameOf(places), lowering.nameOf(every)],
      outputs: [same],
    });
    lowering.raw({ op: 'Cast', inputs: [same], outputs: [hot], attributes: { to: { int: FLOAT } } });
    lowering.raw({
      op: 'Transpose',
      inputs: [hot],
      outputs: [turned],
      attributes: { perm: { ints: [1, 0] } },
    });
    lowering.raw({
      op: 'MatMul',
      inputs: [turned, lowering.nameOf(d)],
      outputs: [lowering.nameOf(outputs[0]!)],
    });
  },
};

/** The number by which ONNX knows single precision. */
const FLOAT = 1;

/** A table that is zero but for rows added at places: what rows that were looked up pass back. */
function scattered(shape: Shape, places: Value, d: Value): Value {
  const count = sizeOf(places.shape);
  return applied(
    SCATTER,
    [zeros(shape), reshape(places, [count, 1]), reshape(d, [count, shape[1]!])],
    { shape },
    { reduction: { text: 'add' } },
  );
}
