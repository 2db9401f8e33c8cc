// A temporal convolutional network (Bai et al. 2018): layers that see the past with gaps that double from one to the next.
import { convolution } from '../learn/network/layers/convolution.ts';
import { dense } from '../learn/network/layers/dense.ts';
import { dropout } from '../learn/network/layers/dropout.ts';
import { layerNorm } from '../learn/network/layers/normalisation.ts';
import { add } from '../learn/network/operators/arithmetic.ts';
import { mean } from '../learn/network/operators/reduction.ts';
import { concat, reshape, slice } from '../learn/network/operators/shape.ts';
import { directForecaster } from './deep/direct.ts';
import type { DeepState } from './deep/forecaster.ts';
import type { DeepOptions } from './deep/options.ts';
import { atEachStep, decoded } from './deep/steps.ts';
import type { GlobalModel } from './global-model.ts';

/** Causal convolutions for a whole panel, each added to what it got; the last step and the mean of all tell of the past. */
export function cnn(options: DeepOptions = {}): GlobalModel<DeepState> {
  return directForecaster(
    'cnn',
    ({ past, future, statics }, scope, { width, layers, drop }) => {
      const [batch, steps] = past.shape as [number, number];
      let x = dense(width, { name: 'entry' })(concat([past, atEachStep(statics, steps)], -1), scope);
      for (let k = 0; k < layers; k++) {
        const seen = convolution(width, { dilation: 2 ** k, activation: 'relu' })(
          layerNorm()(x, scope),
          scope,
        );
        x = add(x, dropout(drop)(seen, scope));
      }
      const last = reshape(slice(x, 1, -1), [batch, width]);
      const whole = reshape(mean(x, [1]), [batch, width]);
      return decoded(concat([last, whole], -1), future, statics, scope, { width, drop });
    },
    options,
    { layers: 4, width: 32 },
  );
}
