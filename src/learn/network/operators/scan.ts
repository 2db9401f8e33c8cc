// A loop over time: a body that is computed once a step, from states that it hands on and from what comes at that step.
// Its gradient is a loop that runs backwards.
import type { OnnxNode } from '../../onnx/model.ts';
import { backward } from '../gradient.ts';
import {
  apply,
  CONSTANT,
  constant,
  input,
  type Node,
  type Operator,
  type Shape,
  type Value,
  wholes,
} from '../graph.ts';
import type { Lowering } from '../lowering.ts';
import { misfit, sameShape, shapeText, sizeOf } from '../shapes.ts';
import { add } from './arithmetic.ts';
import { PRODUCT, product } from './matrix.ts';
import { sum } from './reduction.ts';
import { reshape, SPLIT, zeros } from './shape.ts';

const FIRST = wholes([0]);

/** What one step makes. */
export interface Step {
  /** The states of the next step, in the order of those it got. */
  readonly states: readonly Value[];
  /** What goes out at each step. */
  readonly outputs: readonly Value[];
}

export interface Scanned {
  /** The states after the last step. */
  readonly states: readonly Value[];
  /** What went out, one step after another: [steps, ...]. */
  readonly outputs: readonly Value[];
}

/** A body with what it stands for: inside, states and sequences go by their values at one step. */
interface Body {
  readonly steps: number;
  readonly reverse: boolean;
  /** At one step. */
  readonly states: readonly Value[];
  readonly elements: readonly Value[];
  readonly next: readonly Value[];
  /** Grows by what a gradient asks for. */
  readonly outputs: Value[];
  /** What is computed anew each step, in order. */
  readonly nodes: readonly Node[];
  /** What is used but does not change from step to step. */
  readonly captured: readonly Value[];
}

/** A name that no graph shows: values of one step are named when they are written. */
const element = ({ shape, kind }: Value): Value => input('', shape, kind);

/** Splits what the results are made of into what depends on the step and what does not. */
function insideOf(results: readonly Value[], given: readonly Value[]): Pick<Body, 'nodes' | 'captured'> {
  const steps = new Set(given);
  const inside = new Set<Node>();
  const nodes: Node[] = [];
  const captured = new Set<Value>();
  // What is given ends the walk, whatever it was made of elsewhere.
  const all = orderedUpTo(results, steps);
  for (const node of all) {
    if (node.inputs.some((value) => steps.has(value) || inside.has(value.node))) {
      inside.add(node);
      nodes.push(node);
    }
  }
  for (const value of [...nodes.flatMap(({ inputs }) => inputs), ...results]) {
    if (!steps.has(value) && !inside.has(value.node)) captured.add(value);
  }
  return { nodes, captured: [...captured] };
}

/** The nodes behind the results, each after those it needs, without those that only lead to what is given. */
function orderedUpTo(results: readonly Value[], given: ReadonlySet<Value>): Node[] {
  const done = new Set<Node>();
  const out: Node[] = [];
  const visit = (value: Value): void => {
    if (given.has(value) || done.has(value.node)) return;
    done.add(value.node);
    for (const needed of value.node.inputs) visit(needed);
    out.push(value.node);
  };
  for (const value of results) visit(value);
  return out;
}

/**
 * Runs a body over sequences [steps, ...], forwards or backwards in time; what goes out stands at its step either way.
 * Matrices that the body multiplies by get their gradient from one product over all steps.
 */
export function scan(
  states: readonly Value[],
  sequences: readonly Value[],
  build: (states: readonly Value[], elements: readonly Value[]) => Step,
  { reverse = false }: { readonly reverse?: boolean } = {},
): Scanned {
  const steps = sequences[0]?.shape[0];
  if (steps === undefined || sequences.some(({ shape }) => shape[0] !== steps)) {
    throw misfit(
      `a loop wants sequences of one length, not ${sequences.map(({ shape }) => shapeText(shape)).join(', ')}.`,
    );
  }
  const own = states.map(element);
  const elements = sequences.map(({ shape, kind }) => input('', shape.slice(1), kind));
  const { states: next, outputs } = build(own, elements);
  for (const [k, { shape }] of next.entries()) {
    if (!sameShape(shape, states[k]!.shape)) {
      throw misfit(
        `a loop's state begins as ${shapeText(states[k]!.shape)} and goes on as ${shapeText(shape)}.`,
      );
    }
  }
  return loop(states, sequences, { steps, reverse, states: own, elements, next, outputs: [...outputs] })
    .scanned;
}

function loop(
  states: readonly Value[],
  sequences: readonly Value[],
  given: Omit<Body, 'nodes' | 'captured'>,
): { readonly scanned: Scanned; readonly node: Node } {
  const body: Body = {
    ...given,
    ...insideOf([...given.next, ...given.outputs], [...given.states, ...given.elements]),
  };
  const stacked = (shape: Shape): Shape => [body.steps, ...shape];
  const operator: Operator = {
    name: 'Scan',
    gradient: (node, upstream) => gradientOf(body, node, upstream),
    lower: (node, lowering) => (lowering.target.loops ? looped : unrolled)(body, node, lowering),
  };
  const node = apply(
    operator,
    [...states, ...sequences, ...body.captured],
    [...body.next, ...body.outputs.map(({ shape, kind }) => ({ shape: stacked(shape), kind }))],
  );
  const S = states.length;
  return { scanned: { states: node.outputs.slice(0, S), outputs: node.outputs.slice(S) }, node };
}

/** What a value of the body was at each step: an output of the loop, added where there is none yet. */
function kept(body: Body, node: Node, value: Value): Value {
  const at = body.elements.indexOf(value);
  if (at >= 0) return node.inputs[body.states.length + at]!;
  let place = body.outputs.indexOf(value);
  if (place < 0) {
    place = body.outputs.push(value) - 1;
    node.outputs.push({ node, shape: [body.steps, ...value.shape], kind: value.kind });
  }
  return node.outputs[body.states.length + place]!;
}

/** Products of the body by matrices that stay the same: their gradients are made at once from what all steps leave. */
function heldProducts({ nodes, captured }: Body): Node[] {
  const held = new Set(captured);
  const isHeld = ({ operator, inputs: [a, b], attributes }: Node): boolean =>
    operator === PRODUCT &&
    held.has(b!) &&
    !held.has(a!) &&
    b!.shape.length === 2 &&
    (attributes.transA as { int: number }).int === 0;
  const products = nodes.filter(isHeld);
  // A matrix that is also used in another way is summed step by step, and counted once.
  const otherwise = new Set(
    nodes.flatMap((node) => (products.includes(node) ? [node.inputs[0]!] : node.inputs)),
  );
  return products.filter(({ inputs: [, b] }) => !otherwise.has(b!));
}

function gradientOf(body: Body, node: Node, upstream: readonly (Value | undefined)[]): (Value | undefined)[] {
  const { states, elements, next, outputs, steps, captured, nodes } = body;
  const S = states.length;
  // What comes back to a state is carried from step to step; what comes back to an output arrives at its step.
  const carried = next.map(element);
  const arrivals = outputs.flatMap((value, k) => {
    const d = upstream[S + k];
    return d ? [{ value, d, at: element(value) }] : [];
  });
  const products = heldProducts(body);
  const held = new Set(products.map(({ inputs: [, b] }) => b!));
  const loose = captured.filter(
    (value) => !held.has(value) && value.kind === 'float' && value.node.operator !== CONSTANT,
  );
  const wanted = [...states, ...elements, ...loose, ...products.map(({ outputs: [out] }) => out!)];
  const gradients = backward(
    [
      ...next.map((value, k) => [value, carried[k]!] as const),
      ...arrivals.map(({ value, at }) => [value, at] as const),
    ],
    wanted,
  );
  const back = gradients.slice(0, S).map((d, k) => d ?? zeros(states[k]!.shape));
  const sent = gradients.slice(S);
  const made = sent.filter((d) => d !== undefined);

  // What the way back needs of the way there. Pieces are cut anew from what is kept whole.
  const whole = nodes.filter(({ operator }) => operator !== SPLIT);
  const there = new Set<Value>([...states, ...elements, ...whole.flatMap((own) => own.outputs)]);
  const needed = new Set<Value>();
  for (const { inputs } of orderedUpTo([...back, ...made], there)) {
    for (const value of inputs) if (there.has(value)) needed.add(value);
  }
  for (const value of [...back, ...made]) if (there.has(value)) needed.add(value);
  const remembered = [...needed];
  const sequences = [...arrivals.map(({ d }) => d), ...remembered.map((value) => kept(body, node, value))];
  const distinct = [...new Set(made)];
  const { scanned } = loop(
    next.map((value, k) => upstream[k] ?? zeros(value.shape)),
    sequences.length > 0 ? sequences : [zeros([steps])],
    {
      steps,
      reverse: !body.reverse,
      states: carried,
      elements: sequences.length > 0 ? [...arrivals.map(({ at }) => at), ...remembered] : [input('', [])],
      next: back,
      outputs: distinct,
    },
  );
  const atEachStep = (d: Value): Value => scanned.outputs[distinct.indexOf(d)]!;
  const flat = (x: Value): Value => {
    const width = x.shape.at(-1)!;
    return reshape(x, [sizeOf(x.shape) / width, width]);
  };
  const ofHeld = (matrix: Value): Value | undefined => {
    let total: Value | undefined;
    for (const [k, own] of products.entries()) {
      const d = sent[elements.length + loose.length + k];
      if (own.inputs[1] !== matrix || !d) continue;
      const [a, g] = [flat(kept(body, node, own.inputs[0]!)), flat(atEachStep(d))];
      const part =
        (own.attributes.transB as { int: number }).int === 1
          ? product(g, a, { first: true })
          : product(a, g, { first: true });
      total = total ? add(total, part) : part;
    }
    return total;
  };
  return [
    ...scanned.states,
    ...elements.map((_, k) => sent[k] && atEachStep(sent[k])),
    ...captured.map((value) => {
      if (held.has(value)) return ofHeld(value);
      const d = sent[elements.length + loose.indexOf(value)];
      return loose.includes(value) && d ? reshape(sum(atEachStep(d), [0]), value.shape) : undefined;
    }),
  ];
}

/** One operation with the body as its inner graph. */
function looped(body: Body, node: Node, lowering: Lowering): void {
  const { states, elements, next, outputs, nodes, reverse } = body;
  const S = states.length;
  const used = outputs.flatMap((value, k) => (lowering.isUsed(node.outputs[S + k]!) ? [{ value, k }] : []));
  const given = [...states, ...elements];
  const names = new Map(given.map((value) => [value, lowering.fresh()]));
  const written: OnnxNode[] = [];
  const inner = lowering.body(nodes, names, written);
  // What goes out must be made inside, and each only once; all else is copied.
  const made = new Set(nodes.flatMap((own) => own.outputs));
  const results = [...next, ...used.map(({ value }) => value)].map((value) => {
    const { shape, kind } = value;
    const own = inner.nameOf(value);
    if (made.delete(value)) return { name: own, shape, kind };
    const name = lowering.fresh();
    written.push({ op: 'Identity', inputs: [own], outputs: [name] });
    return { name, shape, kind };
  });
  const graph = {
    name: 'step',
    nodes: written,
    constants: [],
    inputs: given.map((value) => ({ name: names.get(value)!, shape: value.shape, kind: value.kind })),
    outputs: results,
  };
  const direction = reverse ? 1 : 0;
  lowering.raw({
    op: 'Scan',
    inputs: node.inputs.slice(0, given.length).map(lowering.nameOf),
    outputs: [...node.outputs.slice(0, S), ...used.map(({ k }) => node.outputs[S + k]!)].map(lowering.nameOf),
    attributes: {
      body: { graph },
      num_scan_inputs: { int: elements.length },
      scan_input_directions: { ints: elements.map(() => direction) },
      scan_output_directions: { ints: used.map(() => direction) },
    },
  });
}

/** The body once a step, one after another. */
function unrolled(body: Body, node: Node, lowering: Lowering): void {
  const { states, elements, next, outputs, nodes, reverse, steps } = body;
  const S = states.length;
  const axis = lowering.nameOf(FIRST);
  const sequences = elements.map((_, k) =>
    Array.from({ length: steps }, (_, t) => {
      const name = lowering.fresh();
      const places = [node.inputs[S + k]!, constant([t], [], 'int64')];
      lowering.raw({
        op: 'Gather',
        inputs: places.map(lowering.nameOf),
        outputs: [name],
        attributes: { axis: { int: 0 } },
      });
      return name;
    }),
  );
  let current = states.map((_, k) => lowering.nameOf(node.inputs[k]!));
  const made = outputs.map(() => new Array<string>(steps));
  for (let k = 0; k < steps; k++) {
    const t = reverse ? steps - 1 - k : k;
    const known = new Map<Value, string>([
      ...states.map((value, s) => [value, current[s]!] as const),
      ...elements.map((value, e) => [value, sequences[e]![t]!] as const),
    ]);
    const written: OnnxNode[] = [];
    const inner = lowering.body(nodes, known, written);
    for (const own of written) lowering.raw(own);
    current = next.map(inner.nameOf);
    for (const [o, value] of outputs.entries()) made[o]![t] = inner.nameOf(value);
  }
  for (const [s, name] of current.entries()) {
    lowering.raw({ op: 'Identity', inputs: [name], outputs: [lowering.nameOf(node.outputs[s]!)] });
  }
  for (const [o, pieces] of made.entries()) {
    const out = node.outputs[S + o]!;
    if (!lowering.isUsed(out)) continue;
    const parts = pieces.map((piece) => {
      const name = lowering.fresh();
      lowering.raw({ op: 'Unsqueeze', inputs: [piece, axis], outputs: [name] });
      return name;
    });
    lowering.raw({
      op: 'Concat',
      inputs: parts,
      outputs: [lowering.nameOf(out)],
      attributes: { axis: { int: 0 } },
    });
  }
}
