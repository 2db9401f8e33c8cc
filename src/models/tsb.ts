// Teunter, Syntetos and Babai (2011) for intermittent demand: the probability of a demand is updated in every period.
import {
  averageByLikelihood,
  type Demands,
  type IntermittentOptions,
  type IntermittentState,
  intermittentModel,
} from './intermittent-demand.ts';
import type { Model } from './model.ts';

/** The smoothed probability of a demand after the series; a weight that is given starts it from the first gap. */
function smoothedProbability(y: Float64Array, { gaps }: Demands, beta: number): number {
  let chance = 1 / gaps[0]!;
  let started = false;
  for (const value of y) {
    if (Number.isNaN(value)) continue;
    if (started) chance += beta * ((value > 0 ? 1 : 0) - chance);
    else started = value > 0;
  }
  return chance;
}

/** The same averaged over weights by the likelihood of each period's yes or no; it starts from their overall share. */
function averagedProbability(y: Float64Array, { sizes, gaps, since }: Demands): number {
  const periods = gaps.reduce((sum, gap) => sum + gap, since);
  return averageByLikelihood((beta) => {
    let chance = sizes.length / periods;
    let log = 0;
    for (const value of y) {
      if (Number.isNaN(value)) continue;
      // No period is certain: a smoothed share may come close to 0 or 1, the truth need not.
      const held = Math.min(1 - 1e-4, Math.max(1e-4, chance));
      log += value > 0 ? Math.log(held) : Math.log1p(-held);
      chance += beta * ((value > 0 ? 1 : 0) - chance);
    }
    return { value: chance, log };
  });
}

/**
 * The TSB method: smoothed demand size times the smoothed probability of a demand. The probability falls in every period
 * without a demand, so that the forecast of a product that stops selling goes to zero. Missing cells are passed over.
 * It refuses series with fewer than two demands or with negative values.
 */
export function tsb(options: IntermittentOptions = {}): Model<IntermittentState> {
  return intermittentModel('tsb', options, (demands, y, beta) =>
    beta === undefined ? averagedProbability(y, demands) : smoothedProbability(y, demands, beta),
  );
}
