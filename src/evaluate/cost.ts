// What it costs to try models: nominal CPU time, the same on every machine, so that a budget buys the same everywhere.
import { lengthOf, type Panel } from '../core/panel.ts';
import type { ModelSpec } from '../models/model.ts';
import { nominalCost } from '../models/registry.ts';
import { TALLY_WIDTH } from './tally.ts';
import { planWindows, type WindowPlan } from './windows.ts';

/** Nominal milliseconds from which work is worth keeping in a checkpoint, even where it is one piece. */
export const LONG = 60_000;

/** Nominal milliseconds of turning one forecast of h steps into quantiles, errors and weights. */
const scoringCost = (h: number): number => 0.02 + 0.002 * h;

/**
 * The nominal milliseconds of trying model j on series i, at i · models.length + j: a fit for each window that the
 * series has, and one for the forecast.
 */
export function tryingCosts(
  panel: Panel,
  models: readonly ModelSpec[],
  plan: Required<WindowPlan>,
): Float64Array {
  const M = models.length;
  const costs = new Float64Array(panel.ids.length * M);
  // Lengths recur, and a length costs the same each time.
  const known = new Map<number, Float64Array>();
  for (let i = 0; i < panel.ids.length; i++) {
    const n = lengthOf(panel, i);
    let row = known.get(n);
    if (!row) {
      const cuts = [n, ...planWindows(n, plan).map(({ hidden }) => n - hidden)];
      row = Float64Array.from(models, (spec) =>
        cuts.reduce((sum, cut) => sum + nominalCost(spec, cut, plan.season_length) + scoringCost(plan.h), 0),
      );
      known.set(n, row);
    }
    costs.set(row, i * M);
  }
  return costs;
}

/** Bytes that the backtest of one series takes while it is at work: mean and spread of each step, and tallies. */
export const bytesPerSeries = (models: number, { windows, h }: Required<WindowPlan>): number =>
  8 * windows * (models * (2 * h + TALLY_WIDTH) + 3 * h);
