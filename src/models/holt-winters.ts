// Holt and Winters' seasonal method (Winters 1960): ETS(A,A,A) where the season adds, ETS(M,A,M) where it multiplies.
import { refuseUnknownOptions, UsageError } from '../core/errors.ts';
import type { FitOptions, SmoothingFit } from './exponential-smoothing/fit.ts';
import { smoothingModel } from './exponential-smoothing/model.ts';
import type { Model } from './model.ts';

export interface HoltWintersOptions extends FitOptions {
  /** Whether the season is added to the level or multiplies it; defaults to `additive`. */
  readonly seasonal?: 'additive' | 'multiplicative';
  /** Whether the trend fades with the horizon; defaults to false. */
  readonly damped?: boolean;
}

function model(
  name: string,
  { seasonal = 'additive', damped = false, ...fitOptions }: HoltWintersOptions,
): Model<SmoothingFit> {
  if (seasonal !== 'additive' && seasonal !== 'multiplicative') {
    throw new UsageError(`${name} option "seasonal" is "${seasonal}"; use "additive" or "multiplicative".`);
  }
  if (typeof damped !== 'boolean') {
    throw new UsageError(`${name} option "damped" is "${damped}"; use true or false.`);
  }
  return smoothingModel(
    name,
    { error: seasonal, trend: damped ? 'damped' : 'additive', season: seasonal },
    fitOptions,
  );
}

/**
 * Trend and season by penalised maximum likelihood; see `FitOptions`. It refuses series with less than two seasons, and with
 * `seasonal: 'multiplicative'` series with values of 0 or below.
 */
export function holtWinters(options: HoltWintersOptions = {}): Model<SmoothingFit> {
  refuseUnknownOptions('holt-winters', options, ['seasonal', 'damped', 'caution']);
  return model('holt-winters', options);
}

/** `holtWinters({ seasonal: 'multiplicative' })` under a name of its own. */
export function holtWintersMultiplicative(
  options: Omit<HoltWintersOptions, 'seasonal'> = {},
): Model<SmoothingFit> {
  refuseUnknownOptions('holt-winters-multiplicative', options, ['damped', 'caution']);
  return model('holt-winters-multiplicative', { ...options, seasonal: 'multiplicative' });
}
