// TSMixer (Chen et al. 2023): dense layers over time and over features in turn, with columns and attributes (TSMixer-Ext).
import { mixer } from '../learn/network/layers/chain.ts';
import { dense } from '../learn/network/layers/dense.ts';
import { concat, transpose } from '../learn/network/operators/shape.ts';
import { directForecaster } from './deep/direct.ts';
import type { DeepState } from './deep/forecaster.ts';
import type { DeepOptions } from './deep/options.ts';
import { atEachStep } from './deep/steps.ts';
import type { GlobalModel } from './global-model.ts';

/** TSMixer for a whole panel: the past is brought to the length of the horizon, joined to what is known of it, and mixed. */
export function tsmixer(options: DeepOptions = {}): GlobalModel<DeepState> {
  return directForecaster(
    'tsmixer',
    ({ past, future, statics }, scope, { width, layers, drop }) => {
      const h = future.shape[1]!;
      const overTime = transpose(dense(h, { name: 'horizon' })(transpose(past, [0, 2, 1]), scope), [0, 2, 1]);
      let x = dense(width, { name: 'entry', activation: 'relu' })(
        concat([overTime, future, atEachStep(statics, h)], -1),
        scope,
      );
      for (let k = 0; k < layers; k++) x = mixer({ drop })(x, scope);
      return x;
    },
    options,
    { layers: 2 },
  );
}
