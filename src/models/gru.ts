// Gated recurrent units over the past of each series, one network for all of them (Cho et al. 2014).
import { gru as layer } from '../learn/network/layers/recurrent.ts';
import type { DeepState } from './deep/forecaster.ts';
import type { DeepOptions } from './deep/options.ts';
import { recurrentForecaster } from './deep/recurrent.ts';
import type { GlobalModel } from './global-model.ts';

/** A network of gated recurrent units for a whole panel: the past is read step by step, and all steps of the horizon are decoded at once. */
export const gru = (options: DeepOptions = {}): GlobalModel<DeepState> =>
  recurrentForecaster('gru', layer, options);
