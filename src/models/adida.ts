// ADIDA, aggregate–disaggregate intermittent demand (Nikolopoulos et al. 2011): smoothed in buckets as wide as the gaps.
import type { IntermittentState } from './intermittent-demand.ts';
import type { Model } from './model.ts';
import { type AggregationOptions, aggregationModel, bucketRate, meanGap } from './temporal-aggregation.ts';

/**
 * Demand added up over buckets as wide as the mean gap between demands, smoothed there, and spread evenly over their
 * periods. Missing cells are passed over. It refuses series with fewer than two demands or with negative values.
 */
export function adida(options: AggregationOptions = {}): Model<IntermittentState> {
  return aggregationModel('adida', options, (observed, demands, alpha) =>
    bucketRate(observed, meanGap(demands, observed.length), alpha),
  );
}
