// Simple exponential smoothing, ETS(A,N,N): a level that moves, without trend or season (Brown 1956).
import { refuseUnknownOptions } from '../core/errors.ts';
import type { SmoothingFit } from './exponential-smoothing/fit.ts';
import { smoothingModel } from './exponential-smoothing/model.ts';
import type { Model } from './model.ts';

/** Simple exponential smoothing by maximum likelihood. It has no options; it refuses below 4 observed values. */
export function ses(options: Record<string, never> = {}): Model<SmoothingFit> {
  refuseUnknownOptions('ses', options, []);
  return smoothingModel('ses', { error: 'additive', trend: 'none', season: 'none' });
}
