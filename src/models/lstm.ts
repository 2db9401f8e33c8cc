// Long short-term memory over the past of each series, one network for all of them (Hochreiter and Schmidhuber 1997).
import { lstm as layer } from '../learn/network/layers/recurrent.ts';
import type { DeepState } from './deep/forecaster.ts';
import type { DeepOptions } from './deep/options.ts';
import { recurrentForecaster } from './deep/recurrent.ts';
import type { GlobalModel } from './global-model.ts';

/** An LSTM for a whole panel: the past is read step by step, and all steps of the horizon are decoded at once. */
export const lstm = (options: DeepOptions = {}): GlobalModel<DeepState> =>
  recurrentForecaster('lstm', layer, options);
