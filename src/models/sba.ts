// The Syntetos–Boylan approximation (2005): Croston's method without its upward bias.
import { demandRate } from './croston.ts';
import {
  type IntermittentOptions,
  type IntermittentState,
  intermittentModel,
} from './intermittent-demand.ts';
import type { Model } from './model.ts';

/**
 * Croston's method times 1 − beta / 2, where beta is the smoothing weight of the gaps: the inverse of a smoothed gap
 * overstates the rate by about that much. Missing cells are passed over.
 * It refuses series with fewer than two demands or with negative values.
 */
export function sba(options: IntermittentOptions = {}): Model<IntermittentState> {
  return intermittentModel('sba', options, (demands, _y, beta) => demandRate(demands, beta, 1));
}
