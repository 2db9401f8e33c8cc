// Operators that bring numbers to a common footing: softmax, and normalisation over the last axis.
import { applied, apply, type Operator, type Value } from '../graph.ts';
import { add, exp, multiply, subtract } from './arithmetic.ts';
import { mean, sum } from './reduction.ts';
import { shrunk } from './shape.ts';

const SOFTMAX: Operator = {
  name: 'Softmax',
  gradient({ outputs: [y] }, [d]) {
    if (!d) return [undefined];
    const weighted = multiply(d, y!);
    return [subtract(weighted, multiply(y!, sum(weighted, [-1])))];
  },
};

/** Shares along the last axis that sum to 1. */
export const softmax = (x: Value): Value => applied(SOFTMAX, [x], { shape: x.shape }, { axis: { int: -1 } });

const LOG_SOFTMAX: Operator = {
  name: 'LogSoftmax',
  gradient({ outputs: [y] }, [d]) {
    return [d && subtract(d, multiply(exp(y!), sum(d, [-1])))];
  },
};

/** Logarithms of the shares that softmax gives. */
export const logSoftmax = (x: Value): Value =>
  applied(LOG_SOFTMAX, [x], { shape: x.shape }, { axis: { int: -1 } });

const NORMALISE: Operator = {
  name: 'LayerNormalization',
  gradient({ inputs: [x, scale], outputs: [, centre, inverse] }, [d]) {
    if (!d) return [undefined, undefined, undefined];
    const unit = multiply(subtract(x!, centre!), inverse!);
    const dUnit = multiply(d, scale!);
    const share = add(mean(dUnit, [-1]), multiply(unit, mean(multiply(dUnit, unit), [-1])));
    const dx = multiply(subtract(dUnit, share), inverse!);
    return [dx, overRows(multiply(d, unit)), overRows(d)];
  },
};

/** Sums over all axes but the last. */
function overRows(d: Value): Value {
  const axes = d.shape.slice(0, -1).map((_, axis) => axis);
  return shrunk(d, axes.length > 0 ? [d.shape.at(-1)!] : d.shape);
}

/** (x − mean) / deviation over the last axis, times a scale, plus a shift (Ba et al. 2016). */
export function normalised(x: Value, scale: Value, shift: Value, epsilon = 1e-5): Value {
  const rest = [...x.shape.slice(0, -1), 1];
  const node = apply(NORMALISE, [x, scale, shift], [{ shape: x.shape }, { shape: rest }, { shape: rest }], {
    axis: { int: -1 },
    epsilon: { float: epsilon },
  });
  return node.outputs[0]!;
}
