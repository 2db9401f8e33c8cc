// N-HiTS (Challu et al. 2023): blocks that look at the past at one grain each, coarse to fine, and forecast what is left.
import { constant, type Value } from '../learn/network/graph.ts';
import { flatten } from '../learn/network/layers/chain.ts';
import { dense } from '../learn/network/layers/dense.ts';
import { dropout } from '../learn/network/layers/dropout.ts';
import { add, subtract } from '../learn/network/operators/arithmetic.ts';
import { product } from '../learn/network/operators/matrix.ts';
import { concat, reshape, slice } from '../learn/network/operators/shape.ts';
import { directForecaster } from './deep/direct.ts';
import type { DeepState } from './deep/forecaster.ts';
import type { DeepOptions } from './deep/options.ts';
import { decoded } from './deep/steps.ts';
import type { GlobalModel } from './global-model.ts';

/** Means over stretches of so many steps, the newest whole: [steps, pooled]. */
function pooling(steps: number, stretch: number): Value {
  const pooled = Math.ceil(steps / stretch);
  const values = new Float32Array(steps * pooled);
  for (let p = 0; p < pooled; p++) {
    const to = steps - p * stretch;
    const from = Math.max(0, to - stretch);
    for (let t = from; t < to; t++) values[t * pooled + (pooled - 1 - p)] = 1 / (to - from);
  }
  return constant(values, [steps, pooled]);
}

/** Straight lines between knots that lie evenly over so many steps: [knots, steps]. */
function interpolation(knots: number, steps: number): Value {
  const values = new Float32Array(knots * steps);
  for (let s = 0; s < steps; s++) {
    const at = knots === 1 || steps === 1 ? 0 : (s * (knots - 1)) / (steps - 1);
    const k = Math.min(Math.floor(at), Math.max(0, knots - 2));
    values[k * steps + s] = 1 - (at - k);
    if (knots > 1) values[(k + 1) * steps + s] = at - k;
  }
  return constant(values, [knots, steps]);
}

/** Steps that each block's grain takes together, coarse to fine. */
const GRAINS = [8, 4, 1];

/** N-HiTS for a whole panel. Each block takes what it explains away from the past; their forecasts are added and decoded. */
export function nhits(options: DeepOptions = {}): GlobalModel<DeepState> {
  return directForecaster(
    'nhits',
    ({ past, future, statics }, scope, { width, layers, drop }) => {
      const [batch, steps] = past.shape as [number, number];
      const h = future.shape[1]!;
      const about = concat([flatten(future, scope), statics], -1);
      let rest = reshape(slice(past, 2, 0, 1), [batch, steps]);
      const known = reshape(slice(past, 2, 1, 2), [batch, steps]);
      const sinceLastSeason = reshape(slice(past, 2, 2, 3), [batch, steps]);
      let sum: Value | undefined;
      let thought: Value | undefined;
      for (const grain of GRAINS) {
        scope.within('block', (own) => {
          const pooled = [rest, known, sinceLastSeason].map((row) => product(row, pooling(steps, grain)));
          let x = concat([...pooled, about], -1);
          for (let k = 0; k < layers; k++)
            x = dropout(drop)(dense(width, { activation: 'relu' })(x, own), own);
          const [back, ahead] = [Math.ceil(steps / grain), Math.ceil(h / grain)];
          rest = subtract(rest, product(dense(back, { name: 'past' })(x, own), interpolation(back, steps)));
          const part = product(dense(ahead, { name: 'horizon' })(x, own), interpolation(ahead, h));
          sum = sum ? add(sum, part) : part;
          thought = x;
        });
      }
      const path = reshape(sum!, [batch, h, 1]);
      return concat(
        [decoded(thought!, concat([future, path], -1), statics, scope, { width, drop }), path],
        -1,
      );
    },
    options,
  );
}
