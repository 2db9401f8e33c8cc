// Quantiles of all steps of the horizon at once, the mean of several networks.
import type { GlobalModel } from '../global-model.ts';
import { type DirectTraits, distributions, isSparse } from './distributions.ts';
import { networkEffects } from './effects.ts';
import { type DeepState, deepForecaster } from './forecaster.ts';
import { examplesOn } from './ground.ts';
import { type Body, networkOf, objectiveOf, saidByAll } from './network.ts';
import type { DeepOptions } from './options.ts';
import type { Scheme } from './scheme.ts';
import { endsOf } from './windows.ts';

/** What a body sees of each step becomes its quantiles. */
export const direct = (body: Body): Scheme<DirectTraits> => ({
  traitsOf: (panel) => ({ sparse: isSparse(panel) }),
  examples: (ground, sizes, _, cutoffs) => examplesOn(ground, sizes, cutoffs),
  objective: (ground, sizes, _, settings) => objectiveOf(networkOf(body, ground, sizes, settings), settings),
  async forecast({ settings, sizes, traits, networks }, ground, h, runtime) {
    const examples = examplesOn(ground, sizes, endsOf(ground.panel));
    const network = networkOf(body, ground, sizes, settings);
    const deviationAt = await saidByAll(network, networks, examples, runtime);
    return distributions(
      { quantiles: settings.quantiles, sizes, sparse: traits.sparse },
      ground.panel,
      h,
      deviationAt,
    );
  },
  effects: (fit, panel, h, series) => networkEffects(body, fit, panel, h, series),
});

/** A forecaster whose networks have the given body. */
export const directForecaster = (
  name: string,
  body: Body,
  options: DeepOptions,
  usual: DeepOptions = {},
): GlobalModel<DeepState> => deepForecaster(name, direct(body), options, usual);
