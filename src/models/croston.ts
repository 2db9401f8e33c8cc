// Croston (1972) for intermittent demand: the size of demands over the gap between them, each smoothed on its own.
import {
  averageByLikelihood,
  type Demands,
  type IntermittentOptions,
  type IntermittentState,
  intermittentModel,
} from './intermittent-demand.ts';
import type { Model } from './model.ts';

/** Smoothed gap between demands, in periods; a weight that is given starts it from the first gap, as R's croston. */
function smoothedGap(gaps: Float64Array, beta: number): number {
  let level = gaps[0]!;
  for (let j = 1; j < gaps.length; j++) level += beta * (gaps[j]! - level);
  return level;
}

/**
 * Demands a period by the gaps between them, times 1 − bias · beta / 2.
 * Without beta it is averaged over weights by the geometric likelihood of each gap given the smoothed gap before it,
 * the gap that is still open included; the smoothed gap then starts from the mean gap.
 */
export function demandRate({ gaps, since }: Demands, beta: number | undefined, bias: 0 | 1): number {
  const corrected = (weight: number): number => 1 - (bias * weight) / 2;
  if (beta !== undefined) return corrected(beta) / smoothedGap(gaps, beta);
  const start = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  return averageByLikelihood((weight) => {
    let level = start;
    let log = 0;
    const chance = (): number => Math.min(1 - 1e-4, 1 / level);
    for (const gap of gaps) {
      log += Math.log(chance()) + (gap - 1) * Math.log1p(-chance());
      level += weight * (gap - level);
    }
    return { value: corrected(weight) / level, log: log + since * Math.log1p(-chance()) };
  });
}

/**
 * Croston's method: smoothed demand size over smoothed gap, both updated only when there is a demand.
 * It is biased upwards (use `sba` to correct that) and does not notice a product that stopped selling (use `tsb`).
 * Missing cells are passed over. It refuses series with fewer than two demands or with negative values.
 */
export function croston(options: IntermittentOptions = {}): Model<IntermittentState> {
  return intermittentModel('croston', options, (demands, _y, beta) => demandRate(demands, beta, 0));
}
