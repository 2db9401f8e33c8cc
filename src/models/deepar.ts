// DeepAR (Salinas, Flunkert, Gasthaus and Januschowski 2020): each step is a distribution that depends on what the one before came to.
import { refuseUnknownOptions, UsageError } from '../core/errors.ts';
import { autoregressive } from './deep/autoregressive.ts';
import { type DeepState, deepForecaster } from './deep/forecaster.ts';
import { LIKELIHOODS, type LikelihoodName } from './deep/likelihood.ts';
import { type DeepOptions, USUAL } from './deep/options.ts';
import type { GlobalModel } from './global-model.ts';

export interface DeepArOptions extends Omit<DeepOptions, 'quantiles'> {
  /**
   * The distribution of a step: `gaussian`, `student-t`, or `negative-binomial` for counts. Defaults to the last where all that is
   * known are whole pieces, and to `student-t` otherwise.
   */
  readonly likelihood?: LikelihoodName;
  /** Paths that are drawn of each series; defaults to 100. */
  readonly paths?: number;
}

const { quantiles: _, ...SHARED } = USUAL;

/**
 * DeepAR for a whole panel: an LSTM reads the past, another that begins where it left off goes through the horizon, and is told at
 * each step what the one before came to: in training what happened, in forecasting what was drawn. As for the other networks,
 * all is told as what comes beyond a plain forecast; unlike in the paper, the loss is that of the horizon alone.
 */
export function deepar(options: DeepArOptions = {}): GlobalModel<DeepState> {
  refuseUnknownOptions('deepar', options, [...Object.keys(SHARED), 'likelihood', 'paths']);
  const { likelihood, paths = 100, ...shared } = options;
  if (likelihood !== undefined && !LIKELIHOODS.includes(likelihood)) {
    throw new UsageError(`deepar: likelihood is ${likelihood}; give one of ${LIKELIHOODS.join(', ')}.`);
  }
  if (!(Number.isInteger(paths) && paths >= 2)) {
    throw new UsageError(`deepar: paths is ${paths}; give a whole number of 2 or more.`);
  }
  return deepForecaster('deepar', autoregressive({ likelihood, paths }), shared, { layers: 1 });
}
