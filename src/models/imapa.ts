// IMAPA, intermittent multiple aggregation (Petropoulos and Kourentzes 2015): ADIDA at every width up to the mean gap.
import type { IntermittentState } from './intermittent-demand.ts';
import type { Model } from './model.ts';
import { type AggregationOptions, aggregationModel, bucketRate, meanGap } from './temporal-aggregation.ts';

/**
 * The mean of the rates that simple exponential smoothing finds in buckets of 1, 2, … periods up to the mean gap
 * between demands, so that no single width must be right. Missing cells are passed over.
 * It refuses series with fewer than two demands or with negative values.
 */
export function imapa(options: AggregationOptions = {}): Model<IntermittentState> {
  return aggregationModel('imapa', options, (observed, demands, alpha) => {
    const widest = meanGap(demands, observed.length);
    let total = 0;
    for (let width = 1; width <= widest; width++) total += bucketRate(observed, width, alpha);
    return total / widest;
  });
}
