// Holt's linear method, ETS(A,A,N): a level and a slope that both move (Holt 1957).
import { refuseUnknownOptions } from '../core/errors.ts';
import type { FitOptions, SmoothingFit } from './exponential-smoothing/fit.ts';
import { smoothingModel } from './exponential-smoothing/model.ts';
import type { Model } from './model.ts';

/** Holt's linear trend by penalised maximum likelihood; see `FitOptions`. It refuses below 6 observed values. */
export function holt(options: FitOptions = {}): Model<SmoothingFit> {
  refuseUnknownOptions('holt', options, ['caution']);
  return smoothingModel('holt', { error: 'additive', trend: 'additive', season: 'none' }, options);
}
