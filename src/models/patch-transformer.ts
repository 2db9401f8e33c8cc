// A transformer over patches of the past (PatchTST, Nie et al. 2023), with columns and attributes told in each patch.
import { normal } from '../learn/network/initialisers.ts';
import { transformerBlock } from '../learn/network/layers/attention.ts';
import { flatten } from '../learn/network/layers/chain.ts';
import { dense } from '../learn/network/layers/dense.ts';
import { layerNorm } from '../learn/network/layers/normalisation.ts';
import { add } from '../learn/network/operators/arithmetic.ts';
import { concat, reshape, slice } from '../learn/network/operators/shape.ts';
import { directForecaster } from './deep/direct.ts';
import type { DeepState } from './deep/forecaster.ts';
import type { DeepOptions } from './deep/options.ts';
import { atEachStep, decoded } from './deep/steps.ts';
import type { GlobalModel } from './global-model.ts';

/** Periods of one patch. */
const PATCH = 8;

/** A transformer for a whole panel: attention among patches of eight periods. */
export function patchTransformer(options: DeepOptions = {}): GlobalModel<DeepState> {
  return directForecaster(
    'patch-transformer',
    ({ past, future, statics }, scope, { width, layers, drop }) => {
      const [batch, steps, features] = past.shape as [number, number, number];
      const patch = Math.min(PATCH, steps);
      const patches = Math.floor(steps / patch);
      const newest = slice(past, 1, steps - patches * patch);
      const flat = reshape(newest, [batch, patches, patch * features]);
      const tokens = dense(width, { name: 'patches' })(
        concat([flat, atEachStep(statics, patches)], -1),
        scope,
      );
      let x = add(tokens, scope.parameter('places', [patches, width], normal(0.02)));
      for (let k = 0; k < layers; k++) x = transformerBlock({ inner: 2 * width, drop })(x, scope);
      const summary = dense(width, { activation: 'relu', name: 'summary' })(
        flatten(layerNorm()(x, scope), scope),
        scope,
      );
      return decoded(summary, future, statics, scope, { width, drop });
    },
    options,
    { layers: 2 },
  );
}
