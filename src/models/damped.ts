// Holt's method with a trend that fades, ETS(A,Ad,N) (Gardner and McKenzie 1985).
import { refuseUnknownOptions } from '../core/errors.ts';
import type { FitOptions, SmoothingFit } from './exponential-smoothing/fit.ts';
import { smoothingModel } from './exponential-smoothing/model.ts';
import type { Model } from './model.ts';

/** Damped trend by penalised maximum likelihood; see `FitOptions`. It refuses below 7 observed values. */
export function damped(options: FitOptions = {}): Model<SmoothingFit> {
  refuseUnknownOptions('damped', options, ['caution']);
  return smoothingModel('damped', { error: 'additive', trend: 'damped', season: 'none' }, options);
}
