// What the recurrent forecasters share: the past read step by step, the horizon decoded at once.

import { dropout } from '../../learn/network/layers/dropout.ts';
import type { RecurrentOptions } from '../../learn/network/layers/recurrent.ts';
import { concat } from '../../learn/network/operators/shape.ts';
import type { Layer } from '../../learn/network/parameters.ts';
import type { GlobalModel } from '../global-model.ts';
import { directForecaster } from './direct.ts';
import type { DeepState } from './forecaster.ts';
import type { DeepOptions } from './options.ts';
import { atEachStep, decoded } from './steps.ts';

/** A forecaster that reads the past with layers of one kind. */
export const recurrentForecaster = (
  name: string,
  layer: (units: number, options: RecurrentOptions) => Layer,
  options: DeepOptions,
): GlobalModel<DeepState> =>
  directForecaster(
    name,
    ({ past, future, statics }, scope, { width, layers, drop }) => {
      let x = concat([past, atEachStep(statics, past.shape[1]!)], -1);
      for (let k = 0; k < layers; k++) {
        if (k > 0) x = dropout(drop)(x, scope);
        x = layer(width, { sequences: k < layers - 1 })(x, scope);
      }
      return decoded(x, future, statics, scope, { width, drop });
    },
    options,
    { layers: 1 },
  );
