// The plain recurrent network over the past of each series, one for all of them (Elman 1990).
import { rnn as layer } from '../learn/network/layers/recurrent.ts';
import type { DeepState } from './deep/forecaster.ts';
import type { DeepOptions } from './deep/options.ts';
import { recurrentForecaster } from './deep/recurrent.ts';
import type { GlobalModel } from './global-model.ts';

/** The plain recurrent network for a whole panel: the past is read step by step, and all steps of the horizon are decoded at once. */
export const rnn = (options: DeepOptions = {}): GlobalModel<DeepState> =>
  recurrentForecaster('rnn', layer, options);
