// Dense layers over the whole window: the plainest network, and seldom far behind.
import { flatten } from '../learn/network/layers/chain.ts';
import { dense } from '../learn/network/layers/dense.ts';
import { dropout } from '../learn/network/layers/dropout.ts';
import { concat } from '../learn/network/operators/shape.ts';
import { directForecaster } from './deep/direct.ts';
import type { DeepState } from './deep/forecaster.ts';
import type { DeepOptions } from './deep/options.ts';
import { decoded } from './deep/steps.ts';
import type { GlobalModel } from './global-model.ts';

/** A multilayer perceptron for a whole panel. */
export function mlp(options: DeepOptions = {}): GlobalModel<DeepState> {
  return directForecaster(
    'mlp',
    ({ past, future, statics }, scope, { width, layers, drop }) => {
      let x = concat([flatten(past, scope), flatten(future, scope), statics], -1);
      for (let k = 0; k < layers; k++) {
        x = dropout(drop)(dense(width, { activation: 'relu' })(x, scope), scope);
      }
      return decoded(x, future, statics, scope, { width, drop });
    },
    options,
  );
}
